// Small things a page needs again after each swap: tab stops on tables that really scroll,
// buttons that only make sense with a script, focus on what the server marked autofocus.

const sizes = new ResizeObserver((entries) => entries.forEach((e) => stop(e.target.closest(".scroll"))));

function stop(region) {
  if (!region) return;
  if (region.scrollWidth > region.clientWidth || region.scrollHeight > region.clientHeight) region.tabIndex = 0;
  else if (region !== document.activeElement) region.removeAttribute("tabindex");
}

function scan() {
  for (const region of document.querySelectorAll(".scroll:not([data-seen])")) {
    region.dataset.seen = "";
    sizes.observe(region);
    if (region.firstElementChild) sizes.observe(region.firstElementChild);
  }
  for (const button of document.querySelectorAll("[data-print][hidden]")) button.hidden = false;
}

/** page starts the small things, now and after every swap. */
export function page() {
  scan();
  document.querySelector("main [autofocus]")?.focus();
  document.addEventListener("htmx:after:swap", scan);
  document.addEventListener("click", (e) => e.target.closest?.("[data-print]") && print());
}
