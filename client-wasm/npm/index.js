// The package's entry for browsers, workers and bundlers.
import start from "./acr_client_wasm.js";
import { once } from "./ready.js";

export { RegistryClient, RegistryError } from "./ready.js";

/** Loads the WebAssembly module that lies next to this file, or the one that the caller passes. */
const init = once((module) => start(module === undefined ? undefined : { module_or_path: module }), import.meta.url);
export default init;
