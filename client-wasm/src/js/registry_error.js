// The error class of the package. It is JavaScript because a class made by wasm-bindgen cannot extend Error.

/** Everything that rejects or throws is one of these, except an abort: a DOMException named "AbortError". */
export class RegistryError extends Error {
  constructor(message, fields) {
    super(message);
    this.name = "RegistryError";
    Object.assign(this, fields);
  }
}
