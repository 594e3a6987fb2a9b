// Draws the API's description with Swagger UI, in the page's own theme.

const place = document.getElementById("operations");
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const page = document.documentElement;

paint();
dark.addEventListener("change", paint);
window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
});

/** Swagger UI has a dark dress of its own, which a class on the document puts on. */
function paint() {
  const chosen = page.dataset.theme;
  page.classList.toggle("dark-mode", chosen ? chosen === "dark" : dark.matches);
}
