// The composer's three safeguards: the live check, the autosave, and text that survives a lost network.

for (const form of document.querySelectorAll("form[data-live]")) checkLive(form);
for (const form of document.querySelectorAll("form[data-autosave]")) keepSaved(form);
for (const form of document.querySelectorAll("form[data-keep]")) keepOffline(form);

/** Posts the form to data-live half a second after the last change, and swaps the answer into data-live-target. */
function checkLive(form) {
  let pause = 0;
  let running = null;
  const ask = async () => {
    running?.abort();
    running = new AbortController();
    const mine = running;
    const target = document.querySelector(form.dataset.liveTarget);
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await send(form, form.dataset.live, mine.signal);
      if (answer.ok) htmx.swap(target, await answer.text(), { swapStyle: "innerHTML" }, { eventInfo: { target } });
    } catch (error) {
      if (error.name === "AbortError") return;
    }
    if (mine === running) target.removeAttribute("aria-busy");
  };
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, 500);
  });
  if (form.dataset.liveAtOnce !== undefined) ask();
}

/** Saves every five seconds when something changed, and on leaving a field. The answer, if any, goes into [data-saved]. */
function keepSaved(form) {
  const saved = document.querySelector("[data-saved]");
  let changed = false;
  let running = false;
  const save = async () => {
    if (!changed || running) return;
    changed = false;
    running = true;
    try {
      const answer = await send(form, form.dataset.autosave);
      if (!answer.ok) throw new Error(answer.status);
      const words = await answer.text();
      if (words) htmx.swap(saved, words, { swapStyle: "innerHTML" }, { eventInfo: { target: saved } });
      else saved.textContent = saved.dataset.saved.replace("{time}", clock());
      form.dispatchEvent(new CustomEvent("refrain:saved"));
    } catch {
      changed = true;
      saved.textContent = saved.dataset.unsaved;
    }
    running = false;
  };
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("htmx:afterSwap", (event) => (changed ||= Boolean(event.detail.requestConfig)));
  form.addEventListener("focusout", save);
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("online", save);
  window.addEventListener("pagehide", () => changed && send(form, form.dataset.autosave, undefined, true));
  setInterval(save, 5000);
}

/** Keeps the text fields in the browser under data-keep until the server has them; brings them back if it never did. */
function keepOffline(form) {
  const place = `refrain.text.${form.dataset.keep}`;
  const notice = form.querySelector("[data-offline]");
  const texts = () => [...form.querySelectorAll("textarea[name]")];
  const kept = JSON.parse(localStorage.getItem(place) || "{}");
  for (const area of texts()) {
    if (!kept[area.name] || area.value.trim()) continue;
    area.value = kept[area.name];
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const forget = () => localStorage.removeItem(place);
  const show = () => notice && (notice.hidden = navigator.onLine);
  form.addEventListener("input", () => {
    localStorage.setItem(place, JSON.stringify(Object.fromEntries(texts().map((area) => [area.name, area.value]))));
  });
  form.addEventListener("refrain:saved", forget);
  form.addEventListener("submit", () => navigator.onLine && forget());
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

function send(form, url, signal, keepalive = false) {
  return fetch(url, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, signal, keepalive });
}

function clock() {
  return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}
