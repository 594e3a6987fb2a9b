// Chips can be dragged to another day; the server moves them and sends the calendar back as it is then.

let dragged = null;

start();
document.body.addEventListener("htmx:afterSettle", start);
document.body.addEventListener("refrain:moved", (event) => {
  start();
  const chips = document.querySelectorAll(`#calendar [data-pk="${event.detail.value}"]`);
  [...chips].find((chip) => chip.offsetParent)?.focus();
});
document.addEventListener("dragstart", take);
document.addEventListener("dragover", (event) => aim(event, true));
document.addEventListener("dragleave", (event) => aim(event, false));
document.addEventListener("drop", drop);
document.addEventListener("dragend", () => mark(null));

function start() {
  for (const chip of document.querySelectorAll(".month [data-move]")) chip.draggable = true;
}

function take(event) {
  dragged = event.target.closest?.(".month [data-move]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.title);
}

function aim(event, over) {
  const day = dragged && event.target.closest?.("td[data-day]");
  if (!day || day.classList.contains("past")) return;
  event.preventDefault();
  mark(over ? day : null);
}

function drop(event) {
  const day = dragged && event.target.closest?.("td[data-day]");
  if (!day) return;
  event.preventDefault();
  mark(null);
  const values = { day: day.dataset.day };
  if (day !== dragged.closest("td")) htmx.ajax("POST", dragged.dataset.move, { values, target: "#toasts", swap: "beforeend" });
  dragged = null;
}

function mark(day) {
  for (const marked of document.querySelectorAll("td[data-drop]")) delete marked.dataset.drop;
  if (day) day.dataset.drop = "";
}
