// The package's entry for Cloudflare Workers, which compile a module when it is imported, and only then.
import start from "./acr_client_wasm.js";
import compiled from "./acr_client_wasm_bg.wasm";
import { once } from "./ready.js";

export { RegistryClient, RegistryError } from "./ready.js";

/** Loads the WebAssembly module of the package, or the one that the caller passes. */
const init = once((module) => start({ module_or_path: module ?? compiled }));
export default init;
