// Row selection in table[data-select]: Shift+click takes the range since the last click.
// A checkbox marked data-all (written hidden by the server) selects every row of its table;
// an element marked data-count in the same form shows how many, in its data-text ("{n}").

const boxes = (table) => [...table.querySelectorAll('tbody input[type="checkbox"]:not(:disabled)')];
const last = new WeakMap();

function show(table) {
  const all = boxes(table);
  const n = all.filter((b) => b.checked).length;
  const head = table.querySelector("[data-all]");
  if (head) {
    head.checked = n > 0 && n === all.length;
    head.indeterminate = n > 0 && n < all.length;
  }
  const count = (table.closest("form") || document).querySelector("[data-count]");
  if (count) count.textContent = (count.dataset.text || "{n}").replace("{n}", n);
}

/** select starts row selection. */
export function select() {
  document.addEventListener("click", (e) => {
    const box = e.target;
    const table = box.matches?.('input[type="checkbox"]') && box.closest("table[data-select]");
    if (!table) return;
    const all = boxes(table);
    if (box.matches("[data-all]")) {
      for (const b of all) b.checked = box.checked;
    } else {
      const from = all.indexOf(last.get(table));
      const to = all.indexOf(box);
      if (e.shiftKey && from >= 0) for (const b of all.slice(Math.min(from, to), Math.max(from, to) + 1)) b.checked = box.checked;
      last.set(table, box);
    }
    show(table);
  });
  for (const table of document.querySelectorAll("table[data-select]")) {
    table.querySelector("[data-all]")?.removeAttribute("hidden");
    show(table);
  }
}
