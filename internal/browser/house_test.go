package browser

import (
	"log/slog"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/chromedp/cdproto/network"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/server"
	"waymark/internal/world"
)

// clearCookies forgets who was signed in.
var clearCookies = network.ClearBrowserCookies()

// house is an agency without people, with the catalogue and the labour market of the worked cases
// (domain.md 6.1), on a day that the test sets.
type house struct {
	*stage
	*world.World
}

func dirigo(t *testing.T) house {
	t.Helper()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	w := world.New(t)
	f, err := os.Open("../../seeds/testdata/dirigo.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	file, err := pathway.Parse("dirigo.json", f)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Owner.Write(t.Context(), w.Admin, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update agencies set region = 'DIRIGO' where id = :agency`, pg.Args{"agency": w.Agency.ID})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := pathway.New(w.DB, w.Policy).ImportFiles(t.Context(), w.Admin, []pathway.File{file}); err != nil {
		t.Fatal(err)
	}
	site, err := server.New(server.Config{DB: w.DB, Policy: w.Policy, BaseURL: "http://localhost", Key: w.Key})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(site)
	t.Cleanup(h.Close)
	s := &stage{base: h.URL, cases: map[string]string{}}
	s.launch(t)
	return house{s, w}
}
