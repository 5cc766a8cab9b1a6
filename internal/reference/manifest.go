package reference

import (
	"io"
	"path"
)

// manifestName is a list of files with their SHA-256 that a bundle may carry.
const manifestName = "manifest.csv"

type manifest map[string]string // path within the directory -> SHA-256

func readManifest(files []file) (manifest, error) {
	m := manifest{}
	for _, f := range files {
		if f.base != manifestName {
			continue
		}
		dir := path.Dir(f.name)
		err := rowsOf(f, []column{col("file"), col("sha256")}, func(r *Row) error {
			m[path.Join(dir, r.need("file"))] = r.need("sha256")
			return nil
		})
		if err != nil && err != io.EOF {
			return nil, err
		}
	}
	return m, nil
}

// check refuses a file that is not the one that the manifest names: cut, or changed since.
func (m manifest) check(files []file) error {
	for _, f := range files {
		want, ok := m[f.name]
		if !ok {
			continue
		}
		got, err := f.print()
		if err != nil {
			return err
		}
		if got != want {
			return &Fault{File: f.name, What: "the file is not the one that MANIFEST.csv names: it is cut or was changed"}
		}
	}
	return nil
}
