package server_test

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/pg"
	"waymark/internal/server"
	"waymark/internal/world"
	"waymark/policies"
)

// askReady asks a fresh server whether it is ready and gives what it logged. It has the log to itself,
// so tests that probe are not parallel.
func askReady(t *testing.T, w *world.World, policy *access.Policy) (status int, said, logged string) {
	t.Helper()
	s, err := server.New(server.Config{DB: w.DB, Policy: policy, BaseURL: "http://localhost", Key: w.Key})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	a := httptest.NewRecorder()
	s.ServeHTTP(a, httptest.NewRequest("GET", "/readyz", nil))
	return a.Code, a.Body.String(), log.String()
}

func TestReadyIsSaidOnlyOfAServerThatCanWork(t *testing.T) {
	for name, tt := range map[string]struct{ harm, want string }{
		"all is well":               {``, ""},
		"nothing can be written":    {`create function refuse() returns trigger language plpgsql as 'begin raise exception ''no space'' using errcode = ''53100''; end'; create trigger refuse before update on heartbeat execute function refuse()`, "write path"},
		"the schema is older":       {`delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)`, "the schema is at version"},
		"the schema is newer":       {`insert into goose_db_version (version_id, is_applied) values (99999, true)`, ""},
		"the probe is missing":      {`drop function app.heartbeat()`, "heartbeat"},
		"reading alone is possible": {`alter table heartbeat rename to heart`, "write path"},
	} {
		t.Run(name, func(t *testing.T) {
			w := world.New(t)
			if tt.harm != "" {
				if err := w.Owner.Write(t.Context(), access.Actor{}, func(tx *pg.Tx) error { return pg.Insert(tx, tt.harm, nil) }); err != nil {
					t.Fatal(err)
				}
			}
			status, said, logged := askReady(t, w, w.Policy)
			if tt.want == "" {
				if status != 200 || !strings.HasPrefix(said, "ready\nschema ") || !strings.Contains(said, "policy "+w.Policy.Version()) {
					t.Errorf("%d %q %s", status, said, logged)
				}
				return
			}
			if status != 503 || said != "not ready\n" || !strings.Contains(logged, tt.want) {
				t.Errorf("%d %q, and the log has no %q: %s", status, said, tt.want, logged)
			}
		})
	}
}

func TestAPolicyThatIsNotThisProgramsIsNotReady(t *testing.T) {
	w := world.New(t)
	lines := strings.SplitAfter(policies.Policy, "\n")
	other, err := access.Load(policies.Model, strings.Join(lines[1:], ""))
	if err != nil {
		t.Fatal(err)
	}
	if status, said, logged := askReady(t, w, other); status != 503 || said != "not ready\n" || !strings.Contains(logged, "the policy in use is "+other.Version()) {
		t.Errorf("%d %q %s", status, said, logged)
	}
}
