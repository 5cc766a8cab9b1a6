// Autosave. A form with data-draft="/drafts/KEY" sends its fields there 600 ms after the last
// change, when a field loses focus and when the page is put away. The line marked
// data-draft-status says what happened, in the words of its data-saved-text ("{time}" is
// replaced) and data-failed-text. A failed save is tried again; leaving then asks first.
import { isLeaving, post } from "./net.js";

const wait = 600;
const retries = [5000, 10000, 30000, 60000];
const states = new Map();

function state(form) {
  let s = states.get(form);
  if (!s) states.set(form, (s = { dirty: false, failed: false, busy: false, sent: false, tries: 0, timer: 0 }));
  return s;
}

function fields(form) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
  return data;
}

function say(form, ok) {
  const line = form.querySelector("[data-draft-status]") || document.querySelector("[data-draft-status]");
  if (!line) return;
  const words = ok ? line.dataset.savedText || form.dataset.savedText : line.dataset.failedText || form.dataset.failedText;
  const time = new Date().toLocaleTimeString(document.documentElement.lang || undefined, { hour: "numeric", minute: "2-digit" });
  const text = (words || "").replace("{time}", time);
  line.dataset.state = ok ? "saved" : "failed";
  if (line.textContent !== text) line.textContent = text;
}

function later(form, ms) {
  const s = state(form);
  clearTimeout(s.timer);
  s.timer = setTimeout(save, ms, form);
}

async function save(form, keepalive = false) {
  const s = state(form);
  clearTimeout(s.timer);
  if (!form.isConnected) return void states.delete(form);
  if (!s.dirty || s.sent || (s.busy && !keepalive)) return;
  s.busy = true;
  s.dirty = false;
  const ok = await post(form.dataset.draft, fields(form), keepalive);
  s.busy = false;
  if (s.sent || isLeaving()) return;
  s.failed = !ok;
  if (ok) {
    s.tries = 0;
    if (s.dirty) later(form, wait);
  } else {
    s.dirty = true;
    later(form, retries[Math.min(s.tries++, retries.length - 1)]);
  }
  say(form, ok);
}

const draftOf = (e) => e.target.form?.dataset.draft !== undefined && e.target.form;

/** drafts starts autosave for every present and future form of the page. */
export function drafts() {
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (e) => {
      const form = draftOf(e);
      if (!form || e.target.type === "file") return;
      const s = state(form);
      s.dirty = true;
      s.sent = false;
      later(form, wait);
    });
  }
  document.addEventListener("focusout", (e) => {
    const form = draftOf(e);
    if (form && states.has(form)) save(form);
  });
  // From the moment the form itself is sent, its draft is the server's business.
  document.addEventListener("submit", (e) => {
    const s = states.get(e.target);
    if (!s || e.defaultPrevented && !e.target.matches("[hx-post],[hx-put],[hx-patch]")) return;
    clearTimeout(s.timer);
    s.sent = true;
    s.failed = false;
  });
  const all = (keepalive) => states.forEach((_, form) => save(form, keepalive));
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && all(true));
  addEventListener("online", () => all(false));
  addEventListener("beforeunload", (e) => {
    if (!isLeaving() && [...states].some(([form, s]) => form.isConnected && s.failed)) e.preventDefault();
  });
}
