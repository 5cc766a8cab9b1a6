// Package pdf prints a page of ours to a tagged PDF with a Chromium without a window. The page comes
// whole, with its style and fonts in it, so the browser asks for nothing: it has no network, runs no
// program of the page, knows none of our secrets, and lives for one page.
package pdf

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"waymark/internal/errs"
)

// Limits of one printing, and how many go on at a time.
const (
	atATime    = 2
	patience   = 10 * time.Second // in the queue
	timeLimit  = 20 * time.Second
	sizeLimit  = 4 << 20 // of the page
	printLimit = 8 << 20 // of the PDF
	roomLimit  = 700 << 20
)

// Chromium prints with the browser at a path.
type Chromium struct {
	path  string
	slots chan struct{}
}

// NewChromium uses the browser at path.
func NewChromium(path string) (*Chromium, error) {
	if _, err := exec.LookPath(path); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return &Chromium{path: path, slots: make(chan struct{}, atATime)}, nil
}

// Page is a page on its way to paper.
type Page struct {
	Lang, Title, Class string
	// Body is the page's own HTML, as a browser is sent it.
	Body string
}

// Print gives the page as a tagged PDF on the paper that its style names.
func (c *Chromium) Print(ctx context.Context, p Page, style string) ([]byte, error) {
	text := Whole(p, style)
	if len(text) > sizeLimit {
		return nil, errors.New("pdf: the page is too long to print")
	}
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-wait.Done():
		return nil, errs.New(errs.Unavailable, "unavailable")
	}
	ctx, stop := context.WithTimeout(ctx, timeLimit)
	defer stop()
	return c.print(ctx, text)
}

func (c *Chromium) print(ctx context.Context, text string) (paper []byte, err error) {
	home, err := os.MkdirTemp("", "waymark-print-")
	if err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	defer func() { _ = os.RemoveAll(home) }()
	var group *exec.Cmd
	options := append(flags(home), chromedp.ExecPath(c.path), chromedp.Env(bare(home)...), chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) { group = cmd; apart(cmd) }))
	allocator, end := chromedp.NewExecAllocator(ctx, options...)
	defer end()
	tab, leave := chromedp.NewContext(allocator)
	defer leave()
	defer func() { finish(group) }() // and whatever it has started
	watched, tooMuch := context.WithCancelCause(tab)
	defer tooMuch(nil)
	go watch(watched, func() *exec.Cmd { return group }, tooMuch)
	err = chromedp.Run(tab, load(text), chromedp.ActionFunc(func(ctx context.Context) error {
		paper, err = printed(ctx)
		return err
	}))
	if cause := context.Cause(watched); cause != nil && err != nil {
		err = cause
	}
	if err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return paper, nil
}

// flags are of a browser that has no window, no network and no memory of anything.
func flags(home string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.UserDataDir(home), chromedp.DisableGPU,
		chromedp.Flag("proxy-server", "http://127.0.0.1:9"), chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disk-cache-size", "1"), chromedp.Flag("disable-breakpad", true),
		chromedp.Flag("renderer-process-limit", "1"), chromedp.Flag("js-flags", "--max-old-space-size=128"))
}

// kept are the only variables of ours that the browser gets; the others are blank to it.
var kept = map[string]bool{"PATH": true, "LANG": true, "LC_ALL": true, "LD_LIBRARY_PATH": true, "FONTCONFIG_PATH": true, "FONTCONFIG_FILE": true}

func bare(home string) []string {
	list := []string{}
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); !kept[name] {
			list = append(list, name+"=")
		}
	}
	return append(list, "HOME="+home, "TMPDIR="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
}

// load puts the page into the empty tab and waits for its fonts.
func load(text string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		tree, err := page.GetFrameTree().Do(ctx)
		if err != nil {
			return err
		}
		if err := page.SetDocumentContent(cdp.FrameID(tree.Frame.ID), text).Do(ctx); err != nil {
			return err
		}
		_, problem, err := runtime.Evaluate(`document.fonts.ready.then(() => true)`).WithAwaitPromise(true).Do(ctx)
		if err == nil && problem != nil {
			err = problem
		}
		return err
	})
}

func printed(ctx context.Context) ([]byte, error) {
	b, _, err := page.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).WithGenerateTaggedPDF(true).
		WithGenerateDocumentOutline(true).WithPaperWidth(8.5).WithPaperHeight(11).Do(ctx)
	if err == nil && len(b) > printLimit {
		err = errors.New("the PDF is too long")
	}
	return b, err
}

// content allows the page its own style and fonts and nothing else.
const content = `default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:`

// Whole is the page as one text that needs nothing else.
func Whole(p Page, style string) string {
	return `<!DOCTYPE html><html lang="` + html.EscapeString(p.Lang) + `"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="` + content + `"><title>` +
		html.EscapeString(p.Title) + `</title><style>` + strings.ReplaceAll(style, "</", `<\/`) + `</style></head><body class="` + html.EscapeString(p.Class) + `">` + p.Body + `</body></html>`
}

var linked = regexp.MustCompile(`url\("?([A-Za-z0-9._-]+\.woff2)"?\)`)

// Style reads a style sheet and puts the fonts it names into it.
func Style(files fs.FS, name string) (string, error) {
	css, err := fs.ReadFile(files, name)
	if err != nil {
		return "", fmt.Errorf("pdf: %w", err)
	}
	var missing error
	text := linked.ReplaceAllStringFunc(string(css), func(found string) string {
		font, err := fs.ReadFile(files, path.Join(path.Dir(name), linked.FindStringSubmatch(found)[1]))
		missing = errors.Join(missing, err)
		return `url("data:font/woff2;base64,` + base64.StdEncoding.EncodeToString(font) + `")`
	})
	return text, missing
}

var errRoom = errors.New("the browser took too much memory")

// watch ends a printing that takes more memory than a page may.
func watch(ctx context.Context, group func() *exec.Cmd, tooMuch context.CancelCauseFunc) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(200 * time.Millisecond):
			if taken(group()) > roomLimit {
				tooMuch(errRoom)
				finish(group())
				return
			}
		}
	}
}
