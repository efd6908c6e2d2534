// A page whose bundler or development server moves the package's script, and not the .wasm files. Its query says where those are, if
// anything.
import init from "acr-dashboard-element";

const query = new URLSearchParams(location.search);
globalThis.events = [];
document.addEventListener("acr-error", (event) => events.push({ name: event.type, detail: event.detail }));
if (query.has("files")) init(query.get("files")).catch((error) => { globalThis.failure = error; });

const dashboard = document.querySelector("acr-dashboard");
dashboard.loginServer = "contoso.azurecr.io";
dashboard.repository = "nginx";
dashboard.endpoint = query.get("endpoint");
