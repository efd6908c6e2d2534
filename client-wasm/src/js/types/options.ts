/** Who the client is to the registry. Kept in memory, never logged. */
export type Credential =
  | { kind: "anonymous" }
  | {
      kind: "password";
      /** A token's, a service principal's or the admin user's name. */
      username: string;
      /** Its password. */
      password: string;
    }
  | {
      kind: "refreshToken";
      /** An ACR refresh token, as `az acr login --expose-token` prints it. */
      refreshToken: string;
    }
  | {
      kind: "entra";
      /** The Microsoft Entra tenant of the tokens. */
      tenant?: string;
      /** Called when a token is needed; resolves with a Microsoft Entra access token. */
      getToken(options: { signal?: AbortSignal }): Promise<string>;
    };

/** How a client is made. */
export interface RegistryClientOptions {
  /** Where /v2, /acr/v1 and /oauth2 answer: an absolute URL, or a path on this page's own origin, with or without a prefix. */
  endpoint: string | URL;
  /** The registry's login server, e.g. "contoso.azurecr.io": the `service` of token requests. Default: the endpoint's host. */
  loginServer?: string;
  /** Default: anonymous. */
  credential?: Credential;
  /** Carries the requests instead of the global `fetch`. Its responses may come from another realm. */
  fetch?: typeof globalThis.fetch;
  /** Retries of what is safe to repeat, after 429, 502, 503, 504 or a dropped connection. Default 3, at most 30 s apart, Retry-After obeyed. */
  retry?: {
    /** How often a call is repeated at most. Default: 3. */
    maxRetries?: number;
    /** How long to wait between two attempts at most, milliseconds. Default: 30 000. */
    maxDelayInMs?: number;
  };
}

/** What every call takes. */
export interface CallOptions {
  /** Aborts the fetch and rejects with an `AbortError`. */
  signal?: AbortSignal;
}

/** What every list takes. */
export interface ListOptions extends CallOptions {
  /** `last`: start after this item. */
  last?: string;
  /** `n`: items a page, 1 or more. */
  n?: number;
}

/** What lists of tags and manifests take. */
export interface OrderedListOptions extends ListOptions {
  /** By last update; default: by name or digest. */
  orderby?: "timeasc" | "timedesc" | "none";
}

/** One page of a list. */
export interface Page<T> {
  /** The items, in the order of the registry. */
  items: T[];
  /** Absent on the last page. Give it to `byPage` to go on from here, in this session or another. */
  continuationToken?: string;
}

/** A list: `for await` over its items, or over its pages with `byPage`. The paging convention of the Azure SDKs. */
export interface PagedAsyncIterableIterator<T> extends AsyncIterableIterator<T> {
  /** Iterates over pages of at most `maxPageSize` items, from where `continuationToken` says. */
  byPage(settings?: { maxPageSize?: number; continuationToken?: string }): AsyncIterableIterator<Page<T>>;
}

/** What may be uploaded. A `File` is a `Blob`. */
export type BlobContent = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array>;

/** What calls that move a blob take. */
export interface ProgressOptions extends CallOptions {
  /** Called as bytes move; `totalBytes` is absent while it is unknown. */
  onProgress?(progress: { loadedBytes: number; totalBytes?: number }): void;
}

/** What `blobs.get` resolves to. */
export interface BlobResult {
  /** The blob's digest. */
  digest: string;
  /** Bytes, where the registry said. */
  size?: number;
  /** Fails at its end with kind "digest-mismatch" if the bytes are not the blob asked for. */
  stream: ReadableStream<Uint8Array>;
}

/** The request of `tokens.exchange`: the token that the grant type names must be there. */
export interface ExchangeRequest {
  /** Which of the tokens is exchanged. */
  grant_type: "access_token" | "refresh_token" | "access_token_refresh_token";
  /** Default: the client's login server. */
  service?: string;
  /** The Microsoft Entra tenant of the tokens. */
  tenant?: string;
  /** A Microsoft Entra access token. */
  access_token?: string;
  /** A Microsoft Entra refresh token. */
  refresh_token?: string;
}
