// What every page of the shell can do: menus, the dialog, toasts, copying, the theme. Its words come from the page.

const toasts = document.getElementById("toasts");
const dialog = document.getElementById("dialog");
let opener = null;

reveal(document);
openDialogs();
closeMenus();
runToasts();
chooseTheme();
copyOnRequest();
document.querySelector("[data-focus]")?.focus();

/** Shows what only works with a script. */
function reveal(part) {
  for (const control of part.querySelectorAll("[data-needs-script]")) control.hidden = false;
}

/** A link with data-dialog opens its page in the dialog; without a script it simply leads there. */
function openDialogs() {
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-dialog], [data-open], [data-close]");
    if (!control || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (control.matches("[data-dialog]")) {
      event.preventDefault();
      fetchDialog(control.href, control);
    } else if (control.matches("[data-open]")) {
      document.getElementById(control.dataset.open)?.showModal();
    } else {
      control.closest("dialog")?.close();
    }
  });
  document.addEventListener("refrain:dialog", (event) => fetchDialog(event.detail.href, event.target));
  document.body.addEventListener("close-dialog", () => dialog.close());
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target ?? event.target;
    reveal(target);
    if (target !== dialog) return;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[data-focus]")?.focus();
  });
  dialog?.addEventListener("close", () => {
    dialog.replaceChildren();
    const menu = opener?.closest("details.menu");
    (menu && !menu.open ? menu.querySelector("summary") : opener)?.focus();
  });
}

function fetchDialog(href, control) {
  opener = control;
  control.closest("details.menu")?.removeAttribute("open");
  htmx.ajax("GET", href, { target: dialog, swap: "innerHTML" });
}

/** A menu closes on Escape, on a click elsewhere and when another opens; Escape also empties a panel of results. */
function closeMenus() {
  const close = (kept) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(kept)) menu.open = false;
    for (const panel of document.querySelectorAll("[data-panel]")) if (!panel.parentElement.contains(kept)) panel.replaceChildren();
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("focusin", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.activeElement.closest?.("details.menu[open]")?.querySelector("summary").focus();
    close(null);
  });
}

/** Toasts leave by themselves, except errors; the clock stands still while one is pointed at or has the focus. */
function runToasts() {
  if (!toasts) return;
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.matches?.(".toast")) start(node);
  }).observe(toasts, { childList: true });
  toasts.querySelectorAll(".toast").forEach(start);
  toasts.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest(".toast").remove());
  document.body.addEventListener("htmx:sendError", () => say("offline"));
  document.body.addEventListener("htmx:responseError", () => say("error"));
}

function start(toast) {
  reveal(toast);
  if (toast.dataset.kind === "error") return;
  const left = toast.querySelector("[data-left]");
  let seconds = Number(toast.dataset.seconds || 8);
  const tick = () => {
    if (!toast.isConnected) return clearInterval(clock);
    if (toast.matches(":hover, :focus-within")) return;
    if (left) left.textContent = left.dataset.left.replace("{seconds}", seconds);
    if (seconds-- <= 0) toast.remove();
  };
  const clock = setInterval(tick, 1000);
  tick();
}

function say(what) {
  for (const shown of toasts.querySelectorAll(`[data-what="${what}"]`)) shown.remove();
  const toast = document.getElementById(`toast-${what}`).content.firstElementChild.cloneNode(true);
  toast.dataset.what = what;
  toasts.append(toast);
}

/** The theme changes at once; the cookie tells the server, so that no page flashes in the wrong one. */
function chooseTheme() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-form]")) return;
    event.preventDefault();
    const theme = event.submitter.value;
    document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax`;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-form] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  });
}

/** A button with data-copy="id" copies the text of that element. */
function copyOnRequest() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    say("copied");
  });
}
