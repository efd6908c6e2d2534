// The package's entry for Node, Deno and Bun, and `acr-client-wasm/inline` for everyone else. It carries the module itself: `fetch` reads no
// files in Node, and several bundlers do not copy files.
import start from "./acr_client_wasm.js";
import base64 from "./module.js";
import { once } from "./ready.js";

export { RegistryClient, RegistryError } from "./ready.js";

/** Loads the WebAssembly module of the package, or the one that the caller passes. */
const init = once((module) => start({ module_or_path: module ?? Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) }));
export default init;
