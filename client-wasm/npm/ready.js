// What both entries share: the module is loaded once, and nothing is used before that.
import { RegistryClient as Client } from "./acr_client_wasm.js";

export { RegistryError } from "./acr_client_wasm.js";

let ready = false;
let loading;

/** Runs `load` at the first call; every other call awaits that one. A failed load may be tried again. */
export function once(load) {
  return (module) => {
    loading ??= load(module).then(
      () => {
        ready = true;
      },
      (error) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
}

export class RegistryClient extends Client {
  constructor(options) {
    if (!ready) {
      throw new Error("acr-client-wasm is not loaded yet: call its default export and await it first");
    }
    super(options);
  }
}
