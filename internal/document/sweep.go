package document

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"waymark/internal/access"
	"waymark/internal/pg"
)

// How long a file may lie without a row: one that is coming in, and one that was put in its place.
const (
	spoolLife  = time.Hour
	orphanLife = 24 * time.Hour
)

// Sweep takes away what uploads that were broken off have left on the disk, and says how many files.
// now is the disk's time, not the program's.
func (f *Files) Sweep(ctx context.Context, db *pg.DB, by access.Actor, now time.Time) (int, error) {
	gone, err := f.older(incoming, now.Add(-spoolLife))
	if err != nil {
		return 0, err
	}
	for _, name := range gone {
		_ = f.root.Remove(name)
	}
	old, err := f.older(by.Agency.String(), now.Add(-orphanLife))
	if err != nil || len(old) == 0 {
		return len(gone), err
	}
	n, err := f.orphans(ctx, db, by, old)
	return len(gone) + n, err
}

// older lists the files below dir that were last written before a time, up to a thousand.
func (f *Files) older(dir string, before time.Time) (names []string, err error) {
	err = fs.WalkDir(f.root.FS(), filepath.ToSlash(dir), func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		if i, err := d.Info(); err == nil && i.ModTime().Before(before) {
			names = append(names, filepath.FromSlash(name))
		}
		if len(names) == 1000 {
			return fs.SkipAll
		}
		return nil
	})
	return names, err
}

// orphans takes away those files that no row names, while nobody adds one.
func (f *Files) orphans(ctx context.Context, db *pg.DB, by access.Actor, names []string) (n int, err error) {
	var sums []string
	for _, name := range names {
		sums = append(sums, path.Base(filepath.ToSlash(name)))
	}
	err = db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := holdFiles(tx, by, true); err != nil {
			return err
		}
		held, err := pg.List[string](tx, `select distinct encode(sha256, 'hex') from documents where encode(sha256, 'hex') = any (:sums) limit 1000`, pg.Args{"sums": pg.Array(sums)})
		if err != nil {
			return err
		}
		known := strings.Join(held, " ")
		for i, name := range names {
			if _, err := hex.DecodeString(sums[i]); err == nil && !strings.Contains(known, sums[i]) && f.root.Remove(name) == nil {
				n++
			}
		}
		return nil
	})
	return n, err
}
