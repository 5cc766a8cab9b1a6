// Time-out. With <body data-idle-seconds="1800"> and a dialog#timeout, the dialog opens two
// minutes before the session ends; its form (POST /session/touch with form_token) keeps the
// person signed in. At the end the page goes to the sign-in page, which leads back here.
// Other tabs of the same person are told, so one that is in use keeps all of them open.
import { onTouch, post, signIn, touch } from "./net.js";

const warn = 120;

/** idle starts the time-out warning. */
export function idle() {
  const seconds = Number(document.body.dataset.idleSeconds);
  const dialog = document.querySelector("dialog#timeout");
  if (!seconds || !dialog) return;
  const tabs = new BroadcastChannel("waymark-session");
  const left = dialog.querySelector("[data-left]");
  let end = 0;
  let title = ""; // the page's own title while the dialog is open
  let timer = 0;

  const check = () => {
    clearTimeout(timer);
    const rest = Math.ceil((end - Date.now()) / 1000);
    if (rest <= 0) return signIn(true);
    if (rest > warn) return void (timer = setTimeout(check, Math.min((rest - warn) * 1000, 60000)));
    if (!dialog.open) {
      dialog.showModal();
      title = document.title;
      document.title = (dialog.dataset.title || "") + title;
    }
    if (left) left.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
    timer = setTimeout(check, 1000);
  };
  const restart = () => {
    end = Date.now() + seconds * 1000;
    if (dialog.open) {
      dialog.close();
      document.title = title;
    }
    check();
  };
  const stay = async (e) => {
    e.preventDefault();
    const form = dialog.querySelector("form[data-touch]");
    await post(form.getAttribute("action"), new URLSearchParams(new FormData(form)));
  };

  dialog.querySelector("form[data-touch]")?.addEventListener("submit", stay);
  dialog.addEventListener("cancel", stay); // Escape means "stay" too
  onTouch(() => {
    restart();
    tabs.postMessage("touch");
  });
  tabs.onmessage = restart;
  document.addEventListener("visibilitychange", check);
  document.addEventListener("htmx:after:request", (e) => e.detail.ctx.response.status !== 401 && touch());
  restart();
  tabs.postMessage("touch"); // opening this page was a request
}
