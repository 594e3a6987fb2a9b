// The inbox by keyboard: Enter opens the focused row, and the focus stays with a row that a fix has replaced.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-row]")) return;
  event.target.querySelector("[data-open-row]")?.click();
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target;
  if (row.matches?.("[data-row]") && row.contains(document.activeElement)) row.dataset.focused = row.id;
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  const id = event.detail.target.dataset?.focused;
  if (id) document.getElementById(id)?.focus();
});
