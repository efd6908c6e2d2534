// The contract of the package, compiled against its declarations: what its users write against. The package may offer more, never less.
import init, * as acr from "acr-client-wasm";

type Paged<T> = AsyncIterableIterator<T> & {
  byPage(settings?: { maxPageSize?: number; continuationToken?: string }): AsyncIterableIterator<{ items: T[]; continuationToken?: string }>;
};
type Call = { signal?: AbortSignal };
type List = Call & { last?: string; n?: number };
type Ordered = List & { orderby?: "timeasc" | "timedesc" | "none" };
type Progress = Call & { onProgress?(progress: { loadedBytes: number; totalBytes?: number }): void };
type Range = { start: number; end: number };
type Content = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array>;

interface Client {
  readonly endpoint: string;
  readonly loginServer: string;
  readonly repositories: Repositories;
  readonly manifests: Manifests;
  readonly tags: Tags;
  readonly blobs: Blobs;
  readonly tokens: Tokens;
  checkSupport(options?: Call): Promise<boolean>;
  free(): void;
  [Symbol.dispose](): void;
}

interface Repositories {
  list(options?: List): Paged<string>;
  getAttributes(name: string, options?: Call): Promise<acr.RepositoryAttributes>;
  updateAttributes(name: string, value: acr.ChangeableAttributes, options?: Call): Promise<acr.RepositoryAttributes>;
  delete(name: string, options?: Call): Promise<acr.DeletedRepository>;
}

interface Manifests {
  list(name: string, options?: Ordered): Paged<acr.ManifestAttributesBase>;
  getAttributes(name: string, reference: string, options?: Call): Promise<acr.ManifestAttributes>;
  updateAttributes(name: string, reference: string, value: acr.ManifestChangeableAttributes, options?: Call): Promise<acr.ManifestAttributes>;
  get(name: string, reference: string, options?: Call & { accept?: string }): Promise<{ digest: string; mediaType: string; bytes: Uint8Array; manifest: acr.ManifestWrapper }>;
  create(name: string, reference: string, payload: string | Uint8Array | acr.ManifestWrapper, options?: Call & { mediaType?: string }): Promise<{ digest: string }>;
  delete(name: string, digest: string, options?: Call): Promise<void>;
  referrers(name: string, digest: string, options?: Call & { artifactType?: string }): Paged<acr.Descriptor>;
}

interface Tags {
  list(name: string, options?: Ordered & { digest?: string }): Paged<acr.TagAttributesBase>;
  getAttributes(name: string, reference: string, options?: Call): Promise<acr.TagAttributes>;
  updateAttributes(name: string, reference: string, value: acr.ChangeableAttributes, options?: Call): Promise<acr.TagAttributes>;
  delete(name: string, reference: string, options?: Call): Promise<void>;
}

interface Blobs {
  get(name: string, digest: string, options?: Progress): Promise<{ digest: string; size?: number; stream: ReadableStream<Uint8Array> }>;
  getChunk(name: string, digest: string, range: Range, options?: Call): Promise<Uint8Array>;
  check(name: string, digest: string, options?: Call): Promise<{ size: number; digest: string } | undefined>;
  checkChunk(name: string, digest: string, range: Range, options?: Call): Promise<{ size: number } | undefined>;
  delete(name: string, digest: string, options?: Call): Promise<void>;
  mount(name: string, from: string, mount: string, options?: Call): Promise<{ mounted: true } | { mounted: false; upload: Upload }>;
  startUpload(name: string, options?: Call): Promise<Upload>;
  upload(name: string, content: Content, options?: Progress & { chunkSize?: number; totalBytes?: number }): Promise<{ digest: string; size: number }>;
}

interface Upload {
  readonly location: string;
  readonly offset: number;
  getStatus(options?: Call): Promise<{ offset: number }>;
  append(chunk: Uint8Array | Blob, options?: Call): Promise<{ offset: number }>;
  end(digest: string, lastChunk?: Uint8Array | Blob, options?: Call): Promise<{ digest: string }>;
  cancel(options?: Call): Promise<void>;
}

interface Tokens {
  exchange(
    request: { grant_type: "access_token" | "refresh_token" | "access_token_refresh_token"; service?: string; tenant?: string; access_token?: string; refresh_token?: string },
    options?: Call,
  ): Promise<acr.RefreshToken>;
  get(request: { service?: string; scope: string; refresh_token: string }, options?: Call): Promise<acr.AccessToken>;
  getFromLogin(request: { service?: string; scope: string | string[]; username: string; password: string }, options?: Call): Promise<acr.AccessToken>;
}

type Credential =
  | { kind: "anonymous" }
  | { kind: "password"; username: string; password: string }
  | { kind: "refreshToken"; refreshToken: string }
  | { kind: "entra"; tenant?: string; getToken(options: { signal?: AbortSignal }): Promise<string> };

interface Failure extends Error {
  readonly kind:
    | "invalid-input" | "network" | "unauthorized" | "forbidden" | "not-found" | "locked"
    | "conflict" | "rate-limited" | "digest-mismatch" | "decode" | "protocol" | "server";
  readonly operation: string;
  readonly status?: number;
  readonly errors: acr.AcrErrorInfo[];
  readonly requestId?: string;
  readonly retryAfterInMs?: number;
}

/** What is accepted: every value of the left type where the right one is expected. */
type Accepts<Given extends Expected, Expected> = [Given, Expected];

/** Never called: that it compiles is the test. */
export async function contract(error: unknown, credential: Credential): Promise<Failure | undefined> {
  await init();
  await init(new URL("https://example.test/acr_client_wasm_bg.wasm"));
  await init(new Uint8Array());
  const options = { endpoint: new URL("https://example.test"), loginServer: "r", credential, fetch, retry: { maxRetries: 1, maxDelayInMs: 2 } };
  const client: Client = new acr.RegistryClient(options);
  client.free();
  return error instanceof acr.RegistryError ? error : undefined;
}

export type Contract = [
  Accepts<Credential, acr.Credential>,
  Accepts<acr.Credential, Credential>,
  Accepts<Content, acr.BlobContent>,
  Accepts<acr.Page<string>, { items: string[]; continuationToken?: string }>,
  Accepts<acr.PagedAsyncIterableIterator<string>, Paged<string>>,
  Accepts<acr.BlobResult, { digest: string; size?: number; stream: ReadableStream<Uint8Array> }>,
  // Every definition of the API is exported under its own name.
  acr.AcrErrors, acr.AcrManifests, acr.Annotations, acr.FsLayer, acr.History, acr.ImageSignature, acr.JWK, acr.JWKHeader, acr.Manifest,
  acr.ManifestAttributes_manifest, acr.ManifestAttributes_manifest_references, acr.ManifestList, acr.ManifestListAttributes,
  acr.OCIIndex, acr.OCIManifest, acr.Platform, acr.RepositoryList, acr.RepositoryTags, acr.TagAttributes_tag, acr.TagList,
  acr.V1Manifest, acr.V2Manifest,
  // And what options are made of.
  acr.CallOptions, acr.ListOptions, acr.OrderedListOptions, acr.ProgressOptions, acr.RegistryClientOptions, acr.ManifestResult,
  acr.Repositories, acr.Manifests, acr.Tags, acr.Blobs, acr.Upload, acr.Tokens,
];
