package browser

import "fmt"

// stretches lets every word grow by 30 %, and sets the spacing of WCAG 1.4.12, on the page that is open: nothing
// scrolls sideways, no text is cut off, nothing lies over anything. The page then says again what it said.
func (b *tab) stretches(what string, at []int64) {
	b.t.Helper()
	for _, width := range at {
		b.size(width)
		b.does(spaced)
		b.holds(fmt.Sprintf("%s at %d, spaced", what, width))
		b.does(`document.adoptedStyleSheets = []`)
	}
	b.does(longer)
	for _, width := range at {
		b.size(width)
		b.holds(fmt.Sprintf("%s at %d, 30 %% longer", what, width))
	}
	b.does(`for (const [n, was] of globalThis.saidBefore) n.data = was`)
}

func (b *tab) holds(what string) {
	b.t.Helper()
	if broken := b.promised(cut); broken != "" {
		b.t.Errorf("%s: %s", what, broken)
	}
}

const longer = `{
	globalThis.saidBefore = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walk.nextNode());) {
		if (n.parentElement.closest("script,style,textarea")) continue;
		globalThis.saidBefore.push([n, n.data]);
		n.data = n.data.replace(/\p{L}{2,}/gu, w => w + w.slice(0, Math.ceil(w.length * 0.3)));
	}
}`

const spaced = `{
	const s = new CSSStyleSheet();
	s.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
	document.adoptedStyleSheets = [s];
}`

// cut names the first thing that scrolls the page sideways, hides a part of its own text, or lies over another
// control.
const cut = `(async () => {
	const page = document.documentElement, name = e => e.tagName.toLowerCase() + "." + e.className + " " + JSON.stringify(e.textContent.trim().slice(0, 60));
	const shown = e => e.getClientRects().length && e.checkVisibility({visibilityProperty: true}) && !e.closest(".sr, .usa-sr-only, .usa-skipnav, svg, dialog:not([open])");
	const scrolls = e => { for (; e && e !== document.body; e = e.parentElement) if (["auto", "scroll"].includes(getComputedStyle(e).overflowX)) return true; return false };
	if (page.scrollWidth > page.clientWidth + 1) {
		const wide = [...document.body.querySelectorAll("*")].filter(e => shown(e) && !scrolls(e)).find(e => e.getBoundingClientRect().right > page.clientWidth + 1);
		return "scrolls sideways by " + (page.scrollWidth - page.clientWidth) + (wide ? ": " + name(wide) : "");
	}
	for (const e of document.body.querySelectorAll("*")) {
		const st = getComputedStyle(e);
		if (!shown(e) || !e.textContent.trim() || e.getBoundingClientRect().width < 2 || ["TEXTAREA", "SELECT", "OPTION"].includes(e.tagName)) continue;
		if (["hidden", "clip"].includes(st.overflowX) && e.scrollWidth > e.clientWidth + 1 || ["hidden", "clip"].includes(st.overflowY) && e.scrollHeight > e.clientHeight + 1) return "cuts off " + name(e);
		if (e.getBoundingClientRect().right > page.clientWidth + 1 && !scrolls(e)) return "goes beyond the edge: " + name(e);
	}
	const controls = [...document.querySelectorAll("main a[href], main button, main h1, main h2, main h3, main p, main label, main td, main th, main li")].filter(e => shown(e) && e.getClientRects().length === 1 && !scrolls(e));
	const boxes = controls.map(e => [e, e.getBoundingClientRect()]);
	const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
	for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < Math.min(boxes.length, i + 40); j++) {
		const [a, ra] = boxes[i], [b, rb] = boxes[j];
		if (over(ra, rb) && !a.contains(b) && !b.contains(a) && getComputedStyle(a).position !== "absolute" && getComputedStyle(b).position !== "absolute") return name(a) + " lies over " + name(b);
	}
	return "";
})()`
