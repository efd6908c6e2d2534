// What all entries share: the module is loaded once, nothing is used before that, and a failure says what to do.
import { RegistryClient as Client } from "./acr_client_wasm.js";

export { RegistryError } from "./acr_client_wasm.js";

let ready = false;
let loading;

/** Runs `load` at the first call; every other call awaits that one. A failed load may be tried again. */
export function once(load, base) {
  return (module) => {
    loading ??= Promise.resolve(module)
      .then(load)
      .then(
        () => {
          ready = true;
        },
        (cause) => {
          loading = undefined;
          throw new Error(failure(module, base, String(cause?.message ?? cause)), { cause });
        },
      );
    return loading;
  };
}

/** Why the module could not be loaded, from where, and where to read on. */
function failure(module, base, reason) {
  const address = typeof module === "string" ? module : (module?.href ?? module?.url);
  const from = address ?? (module === undefined ? `acr_client_wasm_bg.wasm next to ${base || "the bundle"}` : "what init() was given");
  let remedy = "Serve the file there, pass its address to init(), or import \"acr-client-wasm/inline\".";
  if (/unsafe-eval|content security policy/i.test(reason)) remedy = "The page's Content-Security-Policy needs 'wasm-unsafe-eval' in script-src.";
  if (/found 3c/i.test(reason)) remedy = `The server answered with a page (HTML) instead of the module. ${remedy}`;
  return `acr-client-wasm could not load its WebAssembly module from ${from}: ${reason}. ${remedy} See "Toolchains" in the package's README.`;
}

export class RegistryClient extends Client {
  constructor(options) {
    if (!ready) {
      throw new Error("acr-client-wasm is not loaded yet: call its default export and await it first");
    }
    super(options);
  }
}
