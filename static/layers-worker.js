// The worker that reads image layers: starts its WebAssembly module, which listens for the page's messages from then on.
import init from "./acr-layers-worker.js";

await init({ module_or_path: new URL("./acr-layers-worker_bg.wasm", import.meta.url) });
