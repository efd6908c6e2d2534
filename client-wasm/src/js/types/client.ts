/** Who the client is to the registry. Kept in memory, never logged. */
export type Credential =
  | { kind: "anonymous" }
  | { kind: "password"; username: string; password: string }
  | { kind: "refreshToken"; refreshToken: string }
  | { kind: "entra"; tenant?: string; getToken(options: { signal?: AbortSignal }): Promise<string> };

/** How a client is made. */
export interface RegistryClientOptions {
  /** Where /v2, /acr/v1 and /oauth2 answer: an absolute URL, or a path on this page's own origin, with or without a prefix. */
  endpoint: string | URL;
  /** The registry's login server, e.g. "contoso.azurecr.io": the `service` of token requests. Default: the endpoint's host. */
  loginServer?: string;
  /** Default: anonymous. */
  credential?: Credential;
  /** Retries of what is safe to repeat, after 429, 502, 503, 504 or a dropped connection. Default 3, at most 30 s apart, Retry-After obeyed. */
  retry?: { maxRetries?: number; maxDelayInMs?: number };
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
  items: T[];
  /** Absent on the last page. Give it to `byPage` to go on from here, in this session or another. */
  continuationToken?: string;
}

/** A list: `for await` over its items, or over its pages with `byPage`. The paging convention of the Azure SDKs. */
export interface PagedAsyncIterableIterator<T> extends AsyncIterableIterator<T> {
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
  digest: string;
  /** Bytes, where the registry said. */
  size?: number;
  /** Fails at its end with kind "digest-mismatch" if the bytes are not the blob asked for. */
  stream: ReadableStream<Uint8Array>;
}

/** `client.repositories`: the repositories of a registry. */
export interface Repositories {
  /** Repository_GetList: the names, in lexical order. */
  list(options?: ListOptions): PagedAsyncIterableIterator<string>;
  /** Repository_GetAttributes. */
  getAttributes(name: string, options?: CallOptions): Promise<RepositoryAttributes>;
  /** Repository_UpdateAttributes: what the value leaves out stays. Resolves to the attributes as they are then. */
  updateAttributes(name: string, value: ChangeableAttributes, options?: CallOptions): Promise<RepositoryAttributes>;
  /** Repository_Delete: the repository with all its manifests and tags. Resolves to what went. */
  delete(name: string, options?: CallOptions): Promise<DeletedRepository>;
}

/** `client.manifests`: the manifests of a registry. */
export interface Manifests {
  /** Manifests_GetList. */
  list(name: string, options?: OrderedListOptions): PagedAsyncIterableIterator<ManifestAttributesBase>;
  /** Manifests_GetAttributes. A tag is resolved to its digest first. */
  getAttributes(name: string, reference: string, options?: CallOptions): Promise<ManifestAttributes>;
  /**
   * Manifests_UpdateAttributes: what the value leaves out stays. A tag is resolved to its digest first. Resolves to the attributes as
   * they are then.
   */
  updateAttributes(
    name: string,
    reference: string,
    value: ManifestChangeableAttributes,
    options?: CallOptions,
  ): Promise<ManifestAttributes>;
  /** Manifests_Get, of any kind; a list is given as the list. The digest is verified against the bytes. */
  get(name: string, reference: string, options?: CallOptions & { accept?: string }): Promise<ManifestResult>;
  /**
   * Manifests_Create. A string or bytes go out unchanged; an object is serialised. Without a media type the manifest's own is taken,
   * else the one of its form.
   */
  create(
    name: string,
    reference: string,
    payload: string | Uint8Array | ManifestWrapper,
    options?: CallOptions & { mediaType?: string },
  ): Promise<{ digest: string }>;
  /** Manifests_Delete: the manifest with every tag on it. By digest alone: a tag is refused before anything is sent. */
  delete(name: string, digest: string, options?: CallOptions): Promise<void>;
  /** The manifests that refer to a manifest, and the tag `sha256-…` where the registry has no referrers API. */
  referrers(name: string, digest: string, options?: CallOptions & { artifactType?: string }): PagedAsyncIterableIterator<Descriptor>;
}

/** `client.tags`: the tags of a registry. */
export interface Tags {
  /** Tag_GetList; with `digest`, only the tags on that manifest. */
  list(name: string, options?: OrderedListOptions & { digest?: string }): PagedAsyncIterableIterator<TagAttributesBase>;
  /** Tag_GetAttributes. */
  getAttributes(name: string, reference: string, options?: CallOptions): Promise<TagAttributes>;
  /** Tag_UpdateAttributes: what the value leaves out stays. Resolves to the attributes as they are then. */
  updateAttributes(name: string, reference: string, value: ChangeableAttributes, options?: CallOptions): Promise<TagAttributes>;
  /** Tag_Delete: untags; the manifest stays. */
  delete(name: string, reference: string, options?: CallOptions): Promise<void>;
}

/** `client.blobs`: the blobs of a registry. */
export interface Blobs {
  /** Blob_Get: the body as a stream that fails with a digest-mismatch error if the bytes are not the blob asked for. */
  get(name: string, digest: string, options?: ProgressOptions): Promise<BlobResult>;
  /** Blob_GetChunk: bytes start..end (both included). */
  getChunk(name: string, digest: string, range: { start: number; end: number }, options?: CallOptions): Promise<Uint8Array>;
  /** Blob_Check: undefined where the blob is unknown. */
  check(name: string, digest: string, options?: CallOptions): Promise<{ size: number; digest: string } | undefined>;
  /** Blob_CheckChunk: undefined where the blob is unknown. The service ignores the range and tells the size of the whole. */
  checkChunk(
    name: string,
    digest: string,
    range: { start: number; end: number },
    options?: CallOptions,
  ): Promise<{ size: number } | undefined>;
  /** Blob_Delete. */
  delete(name: string, digest: string, options?: CallOptions): Promise<void>;
  /** Blob_Mount: `mounted` is false where the registry opened an upload instead (as ACR does). */
  mount(
    name: string,
    from: string,
    mount: string,
    options?: CallOptions,
  ): Promise<{ mounted: true } | { mounted: false; upload: Upload }>;
  /** Blob_StartUpload. */
  startUpload(name: string, options?: CallOptions): Promise<Upload>;
  /**
   * Blob_StartUpload, Blob_Upload in chunks, Blob_EndUpload: hashed as it streams, resumed from the registry's own offset after a
   * dropped connection, cancelled at the registry when aborted. A chunk is 4 MiB unless `chunkSize` says otherwise; where `totalBytes`
   * is given, the upload fails if the content has more or fewer.
   */
  upload(
    name: string,
    content: BlobContent,
    options?: ProgressOptions & { chunkSize?: number; totalBytes?: number },
  ): Promise<{ digest: string; size: number }>;
}

/** An upload that the registry has opened: for those who send the chunks of a blob themselves. Its calls wait for one another. */
export interface Upload {
  /** nextBlobUuidLink, as the registry last gave it. */
  readonly location: string;
  /** Bytes the registry holds. */
  readonly offset: number;
  /** Blob_GetStatus. */
  getStatus(options?: CallOptions): Promise<{ offset: number }>;
  /** Blob_Upload. */
  append(chunk: Uint8Array | Blob, options?: CallOptions): Promise<{ offset: number }>;
  /** Blob_EndUpload: makes the upload a blob. The registry checks the digest. */
  end(digest: string, lastChunk?: Uint8Array | Blob, options?: CallOptions): Promise<{ digest: string }>;
  /** Blob_CancelUpload. */
  cancel(options?: CallOptions): Promise<void>;
}

/** `client.tokens`: the token service of a registry. No other operation needs it called. */
export interface Tokens {
  /** RefreshTokens_GetFromExchange. */
  exchange(
    request: {
      grant_type: "access_token" | "refresh_token" | "access_token_refresh_token";
      service?: string;
      tenant?: string;
      access_token?: string;
      refresh_token?: string;
    },
    options?: CallOptions,
  ): Promise<RefreshToken>;
  /** AccessTokens_Get: an access token for a refresh token. */
  get(request: { service?: string; scope: string; refresh_token: string }, options?: CallOptions): Promise<AccessToken>;
  /** AccessTokens_GetFromLogin: an access token for user name and password. */
  getFromLogin(
    request: { service?: string; scope: string | string[]; username: string; password: string },
    options?: CallOptions,
  ): Promise<AccessToken>;
}
