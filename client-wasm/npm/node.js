// The package's entry for Node, whose fetch cannot read the file that lies beside this one.
import { readFile } from "node:fs/promises";
import start from "./acr_client_wasm.js";
import { once } from "./ready.js";

export { RegistryClient, RegistryError } from "./ready.js";

/** Loads the WebAssembly module from beside this file, or from what it is given. */
const init = once(async (module) => {
  module ??= await readFile(new URL("./acr_client_wasm_bg.wasm", import.meta.url));
  await start({ module_or_path: module });
});
export default init;
