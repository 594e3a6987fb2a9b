// Keyboard shortcuts: every element with data-key="x" or data-key="g x" is clicked (a field: focused) by that key.

const SWITCH = "refrain.shortcuts";
const list = document.getElementById("shortcuts");
let first = null;
let forget = 0;

if (list) {
  const box = list.querySelector("[data-shortcuts-on]");
  box.checked = localStorage.getItem(SWITCH) !== "off";
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  document.addEventListener("keydown", press);
}

function press(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return submit(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]") || localStorage.getItem(SWITCH) === "off") return;
  if (event.key === "?") return showList();
  if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1);
  const target = find(name(event));
  if (!target) return;
  event.preventDefault();
  typing(target) ? target.focus() : target.click();
}

function submit(event) {
  const button = event.target.form?.querySelector("[data-submit]");
  if (!button) return;
  event.preventDefault();
  button.click();
}

function typing(element) {
  return element.matches?.("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]");
}

/** The key's name as written in data-key, with the g of a moment ago in front. */
function name(event) {
  const key = event.shiftKey && /^\p{L}$/u.test(event.key) ? `Shift+${event.key.toUpperCase()}` : event.key;
  const whole = first ? `${first} ${key}` : key;
  clearTimeout(forget);
  first = whole === "g" ? "g" : null;
  if (first) forget = setTimeout(() => (first = null), 1500);
  return whole;
}

/** A key inside a row belongs to the row that has the focus. */
function find(key) {
  const row = document.activeElement.closest("[data-row]");
  const those = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  return those.find((element) => row?.contains(element)) ?? those.find((element) => !element.closest("[data-row]"));
}

function walk(step) {
  const rows = [...document.querySelectorAll("main [data-row]")];
  const here = rows.indexOf(document.activeElement.closest("[data-row]"));
  const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step];
  if (!next) return;
  next.tabIndex = -1;
  next.focus();
}

function showList() {
  const fixed = list.querySelector("[data-fixed-keys]");
  fixed.querySelectorAll("[data-found]").forEach((entry) => entry.remove());
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = element.dataset.key;
    if (seen.has(key)) continue;
    seen.add(key);
    fixed.append(entry(key, label(element)));
  }
  list.showModal();
}

function label(element) {
  if (element.dataset.keyLabel || element.ariaLabel) return element.dataset.keyLabel || element.ariaLabel;
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, .count, .sr + .sr").forEach((part) => part.remove());
  return (copy.querySelector(".word, .sr, span") ?? copy).textContent.trim();
}

function entry(key, words) {
  const line = document.createElement("div");
  line.dataset.found = "";
  const term = line.appendChild(document.createElement("dt"));
  term.textContent = words;
  const keys = line.appendChild(document.createElement("dd"));
  key.split(" ").forEach((part, index) => {
    if (index) keys.append(` ${list.dataset.then} `);
    keys.appendChild(document.createElement("kbd")).textContent = part;
  });
  return line;
}
