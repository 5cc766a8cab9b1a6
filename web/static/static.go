// Package static holds the files the browser loads: style sheet, script, icons and fonts.
// They are built into dist by web/build.mjs under names that carry a hash of the content,
// so they may be cached for a year; manifest.json maps the plain names to the hashed ones.
package static

import (
	"embed"
	"encoding/json"
	"io/fs"
	"sync"
)

//go:embed all:dist
var dist embed.FS

// prefix is the path under which the server answers for the files of [FS].
const prefix = "/static/"

// FS returns the built files, rooted at dist.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // dist is embedded above; the name is a constant
	}
	return sub
}

// Asset returns the address of a built file by its plain name, for example "app.css",
// "app.js", "sprite.svg", "favicon.svg" or "PublicSans-Regular.woff2". When the files have
// not been built, or the name is not in the manifest, it returns "/static/" + name.
func Asset(name string) string {
	if hashed, ok := manifest()[name]; ok {
		return prefix + hashed
	}
	return prefix + name
}

// manifest reads manifest.json once. A missing file means that the assets have not been
// built; a broken one cannot happen with files that web/build.mjs wrote, and is treated alike.
var manifest = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	data, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		return names
	}
	if err := json.Unmarshal(data, &names); err != nil {
		return map[string]string{}
	}
	return names
})
