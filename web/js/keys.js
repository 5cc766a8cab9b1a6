// Single-key shortcuts, off with <body data-shortcuts="off"> and never inside a field:
// "/" search, "c" the page's link marked data-shortcut="c", "?" the list, "g t" Today,
// "g c" Caseload. Ctrl+Enter (or Cmd) sends the form of a note and is not a single key.

const go = { t: "/today", c: "/caseload" };
let waiting = 0;

const inField = (el) => el.closest?.("input, textarea, select, [contenteditable], dialog[open]");

function search(e) {
  const box = document.querySelector("[data-search], .find input");
  if (!box) return;
  e.preventDefault();
  box.focus();
  box.select();
}

function single(e) {
  if (document.body.dataset.shortcuts === "off" || e.ctrlKey || e.metaKey || e.altKey) return;
  if (inField(e.target) || document.querySelector("dialog[open]")) return;
  const second = waiting > Date.now();
  waiting = 0;
  if (second && go[e.key]) {
    e.preventDefault();
    const link = document.querySelector(`a[data-shortcut="g ${e.key}"]`);
    return link ? link.click() : location.assign(go[e.key]);
  }
  if (e.key === "/") return search(e);
  if (e.key === "?") return location.assign("/help/shortcuts");
  if (e.key === "g") return void (waiting = Date.now() + 1500);
  if (e.key === "c") document.querySelector('[data-shortcut="c"]')?.click();
}

/** keys starts the shortcuts. */
export function keys() {
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.repeat || e.isComposing) return;
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.matches?.("textarea")) {
      e.preventDefault();
      return e.target.form?.requestSubmit();
    }
    if (e.key === "Escape" && e.target.closest?.(".find")) {
      document.querySelector(".find .hits")?.replaceChildren();
      return document.querySelector("[data-search], .find input")?.focus();
    }
    single(e);
  });
}
