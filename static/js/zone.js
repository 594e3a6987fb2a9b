// Chooses the browser's own time zone in a form that still says UTC.

const field = document.querySelector("select[name=zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (field && here && field.value === "UTC") {
  // An older name for it (Asia/Calcutta) is not in the list; the server knows it all the same.
  if (![...field.options].some((option) => option.value === here)) field.add(new Option(here, here));
  field.value = here;
}
