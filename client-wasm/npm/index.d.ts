/// <reference lib="esnext.disposable" />
/**
 * A client of the Azure Container Registry API. The data and the operations are declared where they are implemented. Needs the library DOM
 * or @types/node.
 *
 * @module acr-client-wasm
 */

import type { RegistryError as RegistryErrorShape } from "./acr_client_wasm.js";

/** The WebAssembly module: its address, the response with it, its bytes, or a compiled `WebAssembly.Module`. */
export type InitInput = string | URL | Request | Response | ArrayBuffer | ArrayBufferView | object;

/**
 * Loads the WebAssembly module. Idempotent: calling it again, or concurrently, is harmless.
 * Any other export used before it has resolved throws an Error that says so. It rejects with an Error that names the address it tried.
 */
export default function init(module?: InitInput): Promise<void>;

export { RegistryClient } from "./acr_client_wasm.js";

/** Everything that rejects or throws is one of these, except an abort: a DOMException named "AbortError". */
export interface RegistryError extends RegistryErrorShape {}
/** For `instanceof`; only the client creates one. */
export declare const RegistryError: abstract new (...values: never[]) => RegistryError;

export type {
  AccessToken,
  AcrErrorInfo,
  AcrErrors,
  AcrManifests,
  Annotations,
  BlobContent,
  BlobResult,
  Blobs,
  CallOptions,
  ChangeableAttributes,
  Credential,
  DeletedRepository,
  Descriptor,
  ExchangeRequest,
  FsLayer,
  History,
  ImageSignature,
  JWK,
  JWKHeader,
  ListOptions,
  Manifest,
  ManifestAttributes,
  ManifestAttributesBase,
  ManifestAttributes_manifest,
  ManifestAttributes_manifest_references,
  ManifestChangeableAttributes,
  ManifestList,
  ManifestListAttributes,
  ManifestResult,
  ManifestWrapper,
  Manifests,
  OCIIndex,
  OCIManifest,
  OrderedListOptions,
  Page,
  PagedAsyncIterableIterator,
  Platform,
  ProgressOptions,
  RefreshToken,
  RegistryClientOptions,
  Repositories,
  RepositoryAttributes,
  RepositoryList,
  RepositoryTags,
  TagAttributes,
  TagAttributesBase,
  TagAttributes_tag,
  TagList,
  Tags,
  Tokens,
  Upload,
  V1Manifest,
  V2Manifest,
} from "./acr_client_wasm.js";
