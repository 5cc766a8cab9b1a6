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

// In a list with data-select "j" and "k" go to the next and last row's link, where Enter opens
// it, and "x" selects the row.
function row(e) {
  const rows = [...document.querySelectorAll("table[data-select] tbody tr")];
  if (!rows.length) return;
  const at = rows.indexOf(e.target.closest("tr"));
  e.preventDefault();
  if (e.key === "x") return rows[at]?.querySelector('input[type="checkbox"]')?.click();
  rows[e.key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)].querySelector("a.who")?.focus();
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
  if (e.key === "j" || e.key === "k" || e.key === "x") return row(e);
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
