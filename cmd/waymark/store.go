package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/document"
	"waymark/internal/pg"
	"waymark/internal/pgembed"
	"waymark/policies"
)

// store is the database that a command works on: an outside server, or the program's own.
type store struct {
	ownerDSN string
	appDSN   string
	embedded *pgembed.Server
	owner    *pg.DB // the schema's owner: migrations, new agencies
	db       *pg.DB // the restricted role: everything else
	policy   *access.Policy
	accounts *account.Service
	key      []byte
	files    *document.Files
	baseURL  string
}

// openStore starts or reaches the database, migrates it and connects.
func openStore(ctx context.Context, c config, say func(string)) (_ *store, err error) {
	s := &store{baseURL: c.baseURL}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.policy, err = access.Load(policies.Model, policies.Policy); err != nil {
		return nil, err
	}
	if err := s.reach(ctx, c, say); err != nil {
		return nil, err
	}
	if err := pg.Migrate(ctx, s.ownerDSN); err != nil {
		return nil, err
	}
	if s.owner, err = pg.OpenOwner(s.ownerDSN, c.ticking()); err != nil {
		return nil, err
	}
	open := pg.OpenBatch
	if c.serving {
		open = pg.Open
	}
	if s.db, err = open(s.appDSN, c.ticking()); err != nil {
		return nil, err
	}
	if err := s.db.Ready(ctx); err != nil {
		return nil, err
	}
	if s.key, err = s.fieldKey(ctx, c); err != nil {
		return nil, err
	}
	s.accounts = account.New(s.db, s.policy, c.baseURL)
	s.files, err = document.NewFiles(filepath.Join(c.dataDir, "documents"), s.key, c.scanner)
	return s, err
}

func (s *store) reach(ctx context.Context, c config, say func(string)) error {
	if c.databaseURL != "" {
		s.ownerDSN, s.appDSN = c.databaseURL, pg.AsRole(c.databaseURL, "waymark_app")
		return nil
	}
	if err := os.MkdirAll(c.dataDir, 0o755); err != nil {
		return fmt.Errorf("the data directory cannot be made: %w; choose another with WAYMARK_DATA_DIR", err)
	}
	say("Starting the database in " + c.dataDir)
	log, err := os.OpenFile(filepath.Join(c.dataDir, "postgres.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	s.embedded, err = pgembed.Start(ctx, pgembed.Config{
		Dir: filepath.Join(c.dataDir, "postgres"), Fetch: true, Log: log,
		Params: []string{"shared_buffers=256MB", "max_connections=60", "log_parameter_max_length=0", "log_min_error_statement=panic"},
	})
	if err != nil {
		return err
	}
	if err := pg.CreateDatabase(ctx, s.embedded.DSN(pgembed.Superuser, "postgres"), "waymark"); err != nil {
		return err
	}
	s.ownerDSN, s.appDSN = s.embedded.DSN(pgembed.Superuser, "waymark"), s.embedded.DSN("waymark_app", "waymark")
	return nil
}

// fieldKey is WAYMARK_KEY, else a key file made on first start. Without the key that encrypted
// what is stored, the program does not start: it could neither read nor compare it.
func (s *store) fieldKey(ctx context.Context, c config) ([]byte, error) {
	if c.key != "" {
		return decodeKey(c.key)
	}
	path := filepath.Join(c.dataDir, "key")
	b, err := os.ReadFile(path)
	if err == nil {
		return decodeKey(string(b))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the key file: %w", err)
	}
	var used bool
	if err := s.owner.Read(ctx, access.Actor{Role: access.System}, func(tx *pg.Tx) (err error) {
		used, err = pg.Get[bool](tx, `select exists (select from participants where ssn_cipher is not null) or exists (select from documents)`, pg.Args{})
		return err
	}); err != nil {
		return nil, err
	}
	if used {
		return nil, fmt.Errorf("the database holds encrypted fields and their key is gone: put it back at %s or set WAYMARK_KEY", path)
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	if err := os.MkdirAll(c.dataDir, 0o755); err != nil {
		return nil, err
	}
	return key, os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(key)+"\n"), 0o600)
}

func (s *store) close() {
	if s.db != nil {
		_ = s.db.Close()
	}
	if s.owner != nil {
		_ = s.owner.Close()
	}
	if s.embedded != nil {
		_ = s.embedded.Stop(20 * time.Second)
	}
}
