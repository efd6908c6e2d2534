// The package's entry for browsers, workers and bundlers.
import start from "./acr_client_wasm.js";
import { once } from "./ready.js";

export { RegistryClient, RegistryError } from "./ready.js";

/** Loads the WebAssembly module from beside this file, or from what it is given. */
const init = once((module) => start(module === undefined ? undefined : { module_or_path: module }));
export default init;
