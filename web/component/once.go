package component

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"
)

// once has the newest bytes of each name.
var once sync.Map // name -> made

type made struct {
	version string
	bytes   []byte
}

// Once writes what a component makes, made once for each version of a name and from then on only copied. It is for
// what stands on everybody's page alike: nothing about a person, no token, nothing that was typed.
func Once(name, version string, of templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		found, _ := once.Load(name)
		k, ok := found.(made)
		if !ok || k.version != version {
			var b bytes.Buffer
			if err := of.Render(ctx, &b); err != nil {
				return err
			}
			k = made{version, b.Bytes()}
			once.Store(name, k)
		}
		_, err := w.Write(k.bytes)
		return err
	})
}

// Copied writes what a component makes, made once: for what stands in many rows of one page. It is that page's, and not
// for use by several goroutines.
func Copied(of templ.Component) templ.Component {
	var b bytes.Buffer
	done := false
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if !done {
			if err := of.Render(ctx, &b); err != nil {
				return err
			}
			done = true
		}
		_, err := w.Write(b.Bytes())
		return err
	})
}
