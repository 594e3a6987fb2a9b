// The month as one tab stop: arrows walk days and posts, PageUp/PageDown change the month, m moves, Delete removes.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

start(document);
document.body.addEventListener("htmx:afterSwap", (event) => start((event.detail.target ?? event.target).parentElement ?? document));

function start(part) {
  for (const grid of part.querySelectorAll("table[data-grid]")) {
    if (grid.dataset.started) continue;
    grid.dataset.started = "yes";
    for (const link of grid.querySelectorAll("a")) link.tabIndex = -1;
    (grid.querySelector(".today a") ?? grid.querySelector("td a"))?.setAttribute("tabindex", "0");
    grid.addEventListener("keydown", (event) => press(event, grid));
    grid.addEventListener("focusin", (event) => rove(grid, event.target.closest("a")));
  }
}

function press(event, grid) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const link = event.target.closest("a");
  const next = STEPS[event.key] ? step(grid, link, ...STEPS[event.key]) : end(event.key, link);
  if (next) next.focus();
  else if (event.key === "PageUp" || event.key === "PageDown") turn(event.key);
  else if (event.key === "m" && link.dataset.move) dialog(link, link.dataset.move);
  else if (event.key === "Delete" && link.dataset.remove) dialog(link, link.dataset.remove);
  else if (!STEPS[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Left and right change the day; up and down walk the day's posts and then the weeks. */
function step(grid, link, down, right) {
  const cell = link.closest("td");
  const inside = items(cell);
  const place = inside.indexOf(link);
  if (down && inside[place + down]) return inside[place + down];
  const days = [...grid.querySelectorAll("td")].filter((day) => items(day).length);
  if (right) {
    const day = days[days.indexOf(cell) + right];
    return day && (items(day)[place] ?? items(day).at(-1));
  }
  const row = down > 0 ? cell.parentElement.nextElementSibling : cell.parentElement.previousElementSibling;
  const column = row ? items(row.cells[cell.cellIndex]) : [];
  return down > 0 ? column[0] : column.at(-1);
}

function end(key, link) {
  if (key !== "Home" && key !== "End") return null;
  const week = [...link.closest("tr").cells].filter((cell) => items(cell).length);
  return items(week.at(key === "Home" ? 0 : -1))[0];
}

function items(cell) {
  return cell ? [...cell.querySelectorAll("a")].filter((link) => link.offsetParent) : [];
}

function rove(grid, link) {
  if (!link) return;
  grid.querySelector('a[tabindex="0"]')?.setAttribute("tabindex", "-1");
  link.tabIndex = 0;
}

function turn(key) {
  document.querySelector(key === "PageUp" ? "[data-grid-earlier]" : "[data-grid-later]")?.click();
}

function dialog(link, href) {
  link.dispatchEvent(new CustomEvent("refrain:dialog", { bubbles: true, detail: { href } }));
}
