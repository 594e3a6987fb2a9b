// The files of a post: chosen, dropped, pasted, fetched or picked; large ones go up in pieces and go on where they stopped.

const form = document.getElementById("composer");
const LARGE = 8 * 1024 * 1024;
const TRIES = 5;
let dragged = null;

for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
form.addEventListener("htmx:afterSwap", () => form.querySelectorAll("[data-without-script]").forEach((one) => (one.hidden = true)));

form.addEventListener("change", (event) => {
  if (!event.target.matches("[data-upload]")) return;
  const files = [...event.target.files];
  const field = event.target.dataset.upload;
  event.target.value = "";
  takeAll(files, field);
});
form.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (!files.length) return;
  event.preventDefault();
  takeAll(files, "media");
});
form.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  const fetched = event.target.closest("[data-fetch]");
  if (step) {
    event.preventDefault();
    move(step.closest("[data-file]"), step.dataset.step, step);
  } else if (fetched) {
    event.preventDefault();
    takeAddress(fetched.dataset.fetch);
  }
});
document.getElementById("dialog").addEventListener("click", async (event) => {
  const picked = event.target.closest("[data-pick]");
  if (!picked) return;
  const field = picked.closest("[data-picks]").dataset.picks;
  const answer = await fetch(picked.dataset.pick);
  document.getElementById("dialog").close();
  if (answer.ok) put(await answer.text(), field);
});

form.addEventListener("dragstart", (event) => (dragged = event.target.closest?.("[data-file]") ?? null));
form.addEventListener("dragend", () => (dragged = null));
form.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-file]");
  if (dragged && over && over !== dragged && over.parentElement === dragged.parentElement) {
    const after = dragged.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
    over[after ? "after" : "before"](dragged);
  }
  if (dragged || event.dataTransfer.types.includes("Files")) event.preventDefault();
});
form.addEventListener("drop", (event) => {
  if (dragged) {
    event.preventDefault();
    changed();
  } else if (event.dataTransfer.files.length) {
    event.preventDefault();
    takeAll([...event.dataTransfer.files], event.target.closest("[data-files]")?.dataset.files ?? "media");
  }
});

async function takeAll(files, field) {
  for (const file of files) {
    say(file.name);
    try {
      put(await (file.size > LARGE ? inPieces(file, field) : atOnce({ file, field })), field);
      say("");
    } catch (error) {
      say(`${file.name}: ${error.message}`);
    }
  }
}

async function takeAddress(field) {
  const input = document.getElementById("id_url");
  say(input.value);
  try {
    put(await atOnce({ url: input.value, field }), field);
    input.value = "";
    say("");
  } catch (error) {
    say(error.message);
  }
}

async function atOnce(fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return (await ask(places().add, { method: "POST", body })).text();
}

/** Begins, or goes on with what an earlier visit to this page began; every piece says where it begins. */
async function inPieces(file, field) {
  const memory = `refrain.upload.${file.name}.${file.size}.${file.lastModified}`;
  let upload = await known(localStorage.getItem(memory));
  if (!upload) {
    const body = new FormData();
    body.append("name", file.name);
    body.append("size", file.size);
    upload = await (await ask(places().uploads, { method: "POST", body })).json();
    localStorage.setItem(memory, upload.id);
  }
  let failed = 0;
  while (upload.received < file.size) {
    say(`${file.name} ${Math.floor((100 * upload.received) / file.size)} %`);
    const body = file.slice(upload.received, upload.received + upload.piece);
    try {
      const answer = await fetch(`${places().uploads}${upload.id}/?start=${upload.received}`, { method: "PUT", body, headers: token() });
      if (!answer.ok && answer.status !== 409) throw new Error(await answer.text());
      upload = { ...upload, ...(await answer.json()) };
      failed = 0;
    } catch (error) {
      if (++failed > TRIES) throw error;
      await new Promise((done) => setTimeout(done, 1000 * 2 ** failed));
    }
  }
  localStorage.removeItem(memory);
  const body = new FormData();
  body.append("field", field);
  return (await ask(`${places().uploads}${upload.id}/finish/`, { method: "POST", body })).text();
}

async function known(id) {
  if (!id) return null;
  const answer = await fetch(`${places().uploads}${id}/`);
  return answer.ok ? answer.json() : null;
}

async function ask(url, options) {
  const answer = await fetch(url, { ...options, headers: token() });
  if (!answer.ok) throw new Error(answer.status === 422 ? await answer.text() : String(answer.status));
  return answer;
}

/** A tile into its list, unless the file is there already; a network's own list is then meant. */
function put(html, field) {
  const list = form.querySelector(`[data-files="${field}"]`);
  const box = document.createElement("template");
  box.innerHTML = html.trim();
  const id = box.content.querySelector("input[type=hidden]").value;
  if (list.querySelector(`input[type=hidden][value="${id}"]`)) return;
  const own = document.getElementById(`id_own_${field}`);
  if (own) own.checked = true;
  list.append(box.content);
  list.lastElementChild.querySelector("textarea")?.focus();
  changed();
}

function move(item, step, button) {
  const other = step === "up" ? item.previousElementSibling : item.nextElementSibling;
  const list = item.parentElement;
  if (step === "out") {
    item.remove();
    (list.querySelector("[data-step=out]") ?? document.getElementById("files")).focus();
  } else if (other) {
    other[step === "up" ? "before" : "after"](item);
    button.focus();
  }
  changed();
}

function changed() {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function places() {
  return document.getElementById("files").dataset;
}

function token() {
  return { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
}

function say(words) {
  form.querySelector("[data-progress]").textContent = words;
}
