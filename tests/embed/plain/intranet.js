// A plain page: no bundler, no framework. What a server would write into the attributes comes from the query here.
import "../node_modules/acr-dashboard-element/index.js";

const query = new URLSearchParams(location.search);
const dashboard = document.querySelector("acr-dashboard");
for (const name of dashboard.constructor.observedAttributes) {
  if (query.has(name)) dashboard.setAttribute(name, query.get(name));
}
if (query.has("user")) {
  // In a real page a function that asks the page's own server: never a constant, never an attribute.
  dashboard.getCredential = async () => ({ kind: "password", username: query.get("user"), password: query.get("password") });
}
if (query.get("look") === "hostile") {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { all: unset !important } *::before, *::after { content: 'x' !important }");
  document.adoptedStyleSheets = [sheet];
}
if (query.get("look") === "small-root") {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("html { font-size: 62.5% } acr-dashboard { --acr-rem: 16px }");
  document.adoptedStyleSheets = [sheet];
}

// The events that were received, and what failed, for the tests to read.
globalThis.events = [];
globalThis.failures = [];
addEventListener("error", ({ message }) => failures.push(message));
addEventListener("securitypolicyviolation", ({ effectiveDirective }) => failures.push(effectiveDirective));
for (const name of ["acr-navigate", "acr-select", "acr-action", "acr-error"]) {
  dashboard.addEventListener(name, (event) => {
    events.push({ name, detail: event.detail });
    if (query.get("stop") === event.detail.action && event.detail.phase === "before") event.preventDefault();
  });
}
