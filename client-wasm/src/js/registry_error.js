// The error class of the npm package. It is JavaScript because a class made by wasm-bindgen cannot extend Error.

/** Everything that rejects or throws is one of these, but for an abort: a DOMException named "AbortError". */
export class RegistryError extends Error {
  /** `errors` holds code, message and detail, as JSON where there is one, of each of the registry's own errors in turn. */
  constructor(message, kind, operation, errors, status, requestId, retryAfterInMs) {
    super(message);
    this.name = "RegistryError";
    this.kind = kind;
    this.operation = operation;
    this.errors = [];
    for (let at = 0; at < errors.length; at += 3) {
      const [code, message, detail] = errors.slice(at, at + 3);
      this.errors.push({ code, message, ...(detail && { detail: JSON.parse(detail) }) });
    }
    if (status !== undefined) this.status = status;
    if (requestId !== undefined) this.requestId = requestId;
    if (retryAfterInMs !== undefined) this.retryAfterInMs = retryAfterInMs;
  }
}
