// The composer's small comforts: a time that is being typed is the one chosen, a rule that is being changed is meant.

const form = document.getElementById("composer");

form.addEventListener("input", (event) => {
  if (event.target.closest("[data-chooses]") && event.target.value) choose(event.target.closest("[data-chooses]").dataset.chooses);
  if (event.target.closest(".sentence")) document.getElementById("id_repeat").checked = true;
  if (event.target.matches("[data-count]")) count(event.target.value);
});

function choose(value) {
  form.querySelector(`[name="when"][value="${value}"]`).checked = true;
}

/** Code points, until the server tells each network's own number. */
function count(text) {
  const length = [...text.trim().normalize()].length;
  for (const counter of form.querySelectorAll(".counter")) {
    counter.textContent = `${length}/${counter.dataset.most}`;
    counter.toggleAttribute("data-over", length > Number(counter.dataset.most));
  }
}
