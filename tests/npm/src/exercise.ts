// What every consumer does with the package: real operations against a running registry, typed under `tsc --strict`.
import init, {
  RegistryClient,
  RegistryError,
  type ChangeableAttributes,
  type ManifestAttributesBase,
  type Page,
  type TagAttributesBase,
} from "acr-client-wasm";

import { everyOtherOperation } from "./operations.js";

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("what should have been refused was accepted");
}

async function read(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

/** Loads the package and runs every group of operations against `endpoint`; throws at the first that is not as promised. */
export async function exercise(endpoint: string, repository: string): Promise<void> {
  let early: unknown;
  try {
    new RegistryClient({ endpoint });
  } catch (error) {
    early = error;
  }
  assert(early instanceof Error, "a client before init must throw an Error");
  await Promise.all([init(), init()]);
  const client = new RegistryClient({ endpoint, credential: { kind: "anonymous" } });
  assert(await client.checkSupport(), "the registry must answer as a Registry V2");
  const { digest, layer } = await push(client, repository);
  await lists(client, repository, digest);
  await attributes(client, repository, digest);
  await blobs(client, repository, layer);
  await failures(client, repository);
  await client.tags.delete(repository, "1.0");
  await client.manifests.delete(repository, digest);
  await everyOtherOperation(client, repository);
  client.free();
}

/** Pushes an image of one layer of 3 MiB, uploaded in chunks. */
async function push(client: RegistryClient, repository: string): Promise<{ digest: string; layer: Uint8Array }> {
  const layer = new Uint8Array(3 * 1024 * 1024).map((_, index) => index % 251);
  let loaded = 0;
  const uploaded = await client.blobs.upload(repository, layer, {
    chunkSize: 1024 * 1024,
    onProgress: (progress) => {
      loaded = progress.loadedBytes;
    },
  });
  assert(uploaded.size === layer.length, "the upload must say its size");
  assert(loaded === layer.length, "the last progress must be the whole size");
  const text = JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [uploaded.digest] } });
  const config = await client.blobs.upload(repository, new Blob([text]));
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: config.digest, size: config.size },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: uploaded.digest, size: uploaded.size }],
  };
  const { digest } = await client.manifests.create(repository, "1.0", JSON.stringify(manifest), { mediaType: manifest.mediaType });
  const got = await client.manifests.get(repository, "1.0");
  assert(got.digest === digest, "a manifest must come back under the digest it went in with");
  assert(new TextDecoder().decode(got.bytes) === JSON.stringify(manifest), "a manifest's bytes must not change");
  return { digest, layer };
}

async function lists(client: RegistryClient, repository: string, digest: string): Promise<void> {
  const names: string[] = [];
  for await (const name of client.repositories.list()) names.push(name);
  assert(names.includes(repository), "the repository must be listed");
  const pages: Page<string>[] = [];
  for await (const page of client.repositories.list().byPage({ maxPageSize: 1 })) pages.push(page);
  assert(pages.length === names.length, "a page of one each");
  const token = pages[0]?.continuationToken;
  if (token !== undefined) {
    const rest: string[] = [];
    for await (const page of client.repositories.list().byPage({ continuationToken: token })) rest.push(...page.items);
    assert(rest.length === names.length - 1, "a continuation token must resume");
  }
  const tags: TagAttributesBase[] = [];
  for await (const tag of client.tags.list(repository, { orderby: "timedesc" })) tags.push(tag);
  assert(tags[0]?.name === "1.0" && tags[0].digest === digest, "the tag must be listed with its digest");
  const manifests: ManifestAttributesBase[] = [];
  for await (const manifest of client.manifests.list(repository)) manifests.push(manifest);
  assert(manifests.some((manifest) => manifest.digest === digest), "the manifest must be listed");
}

async function attributes(client: RegistryClient, repository: string, digest: string): Promise<void> {
  const locked: ChangeableAttributes = { deleteEnabled: false };
  const tag = await client.tags.updateAttributes(repository, "1.0", locked);
  assert(tag.tag?.changeableAttributes?.deleteEnabled === false, "the tag must be locked");
  const refused = await rejection(client.tags.delete(repository, "1.0"));
  assert(refused instanceof RegistryError && refused.kind === "locked", "a locked tag must not be deleted");
  assert(refused.operation === "Tag_Delete" && refused.status === 405, "an error must name operation and status");
  await client.tags.updateAttributes(repository, "1.0", { deleteEnabled: true });
  const byTag = await client.manifests.getAttributes(repository, "1.0");
  assert(byTag.manifest?.digest === digest, "a tag must be resolved to its digest");
  const properties = await client.repositories.getAttributes(repository);
  assert(properties.imageName === repository, "the repository must be the one asked for");
}

async function blobs(client: RegistryClient, repository: string, layer: Uint8Array): Promise<void> {
  const manifest = await client.manifests.get(repository, "1.0");
  const parsed = JSON.parse(new TextDecoder().decode(manifest.bytes)) as { layers: { digest: string }[] };
  const digest = parsed.layers[0]?.digest ?? "";
  const known = await client.blobs.check(repository, digest);
  assert(known?.size === layer.length, "the blob's size must be known");
  const blob = await client.blobs.get(repository, digest);
  assert(same(await read(blob.stream), layer), "a downloaded blob must be what was uploaded");
  const chunk = await client.blobs.getChunk(repository, digest, { start: 1000, end: 1999 });
  assert(same(chunk, layer.subarray(1000, 2000)), "a range must be the bytes asked for");
  const unknown = await client.blobs.check(repository, `sha256:${"0".repeat(64)}`);
  assert(unknown === undefined, "an unknown blob must be undefined");
}

async function failures(client: RegistryClient, repository: string): Promise<void> {
  const missing = await rejection(client.tags.getAttributes(repository, "no-such-tag"));
  assert(missing instanceof RegistryError && missing instanceof Error, "every failure must be a RegistryError");
  assert(missing.kind === "not-found" && missing.status === 404, "an unknown tag must be not-found");
  const malformed = await rejection(client.repositories.getAttributes("UPPER CASE"));
  assert(malformed instanceof RegistryError && malformed.kind === "invalid-input", "a malformed name must not be sent");
  const byTag = await rejection(client.manifests.delete(repository, "1.0"));
  assert(byTag instanceof RegistryError && byTag.kind === "invalid-input", "a manifest must not be deleted by tag");
  const controller = new AbortController();
  const pending = client.repositories.getAttributes(repository, { signal: controller.signal });
  controller.abort();
  const aborted = await rejection(pending);
  assert(aborted instanceof DOMException && aborted.name === "AbortError", "an abort must be an AbortError");
}
