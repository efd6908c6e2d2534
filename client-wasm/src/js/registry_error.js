// The error class of the npm package. It is JavaScript because a class made by wasm-bindgen cannot extend Error.

/** Everything that rejects or throws is one of these, but for an abort: a DOMException named "AbortError". */
export class RegistryError extends Error {
  constructor(message, fields) {
    super(message);
    this.name = "RegistryError";
    this.kind = fields.kind;
    this.operation = fields.operation;
    this.errors = fields.errors;
    if (fields.status !== undefined) this.status = fields.status;
    if (fields.requestId !== undefined) this.requestId = fields.requestId;
    if (fields.retryAfterInMs !== undefined) this.retryAfterInMs = fields.retryAfterInMs;
  }
}
