/** Everything that rejects or throws is one of these (`instanceof Error`), except an abort: a DOMException named "AbortError". */
export interface RegistryError extends Error {
  /** What kind of failure it is: what to decide by. */
  readonly kind:
    | "invalid-input"
    | "network"
    | "unauthorized"
    | "forbidden"
    | "not-found"
    | "locked"
    | "conflict"
    | "rate-limited"
    | "digest-mismatch"
    | "decode"
    | "protocol"
    | "server";
  /** The operation that failed, as the API spells it, e.g. "Tag_Delete". */
  readonly operation: string;
  /** HTTP status, if a response arrived. */
  readonly status?: number;
  /** The registry's own errors. Hostile text. */
  readonly errors: AcrErrorInfo[];
  /** The id by which the registry's operators find the request. */
  readonly requestId?: string;
  /** How long the registry asks to wait, milliseconds. */
  readonly retryAfterInMs?: number;
}
