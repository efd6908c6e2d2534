// The package's entry for browsers, workers and bundlers.
import start from "./acr_client_wasm.js";
import { once } from "./ready.js";

export { RegistryClient, RegistryError } from "./ready.js";

/** Loads the WebAssembly module that lies next to this file, or the one that the caller passes. */
const init = once(
  async (module) => {
    const source = module ?? (await unmoved());
    return start(source === undefined ? undefined : { module_or_path: source });
  },
  import.meta.url,
);
export default init;

/**
 * The module where the development server of Vite up to version 7 runs this: it moves scripts of packages into a hidden folder in
 * node_modules, and leaves other files where they are.
 */
async function unmoved() {
  const moved = /^(https?:.*\/node_modules\/)\.(?!.*\/node_modules\/)/.exec(import.meta.url ?? "");
  if (!moved) return undefined;
  const found = await fetch(`${moved[1]}acr-client-wasm/acr_client_wasm_bg.wasm`).catch(() => undefined);
  return found?.headers.get("Content-Type")?.startsWith("application/wasm") ? found : undefined;
}
