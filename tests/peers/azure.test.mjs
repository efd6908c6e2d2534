// Microsoft's own client for Node, unmodified, as its documentation uses it. Run by `cargo xtask test peers`, which starts the
// registry, over TLS with credentials required, and names it in the environment.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import {
  ContainerRegistryClient,
  ContainerRegistryContentClient,
  KnownContainerRegistryAudience,
} from "@azure/container-registry";

const endpoint = process.env.ACR_ENDPOINT;
assert.ok(endpoint, "ACR_ENDPOINT is not set: run `cargo xtask test peers`");

/** A Microsoft Entra token as far as the emulator looks: it reads the audience and the expiry, and checks no signature. */
const claims = { aud: "https://containerregistry.azure.net", exp: 4102444800 };
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const entraToken = [part({ alg: "none" }), part(claims), part("unsigned")].join(".");
const credential = { getToken: async () => ({ token: entraToken, expiresOnTimestamp: Date.now() + 3_600_000 }) };
const options = { audience: KnownContainerRegistryAudience.AzureResourceManagerPublicCloud };
const registry = new ContainerRegistryClient(endpoint, credential, options);
const content = (repository) => new ContainerRegistryContentClient(endpoint, repository, credential, options);

const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function all(iterator) {
  const items = [];
  for await (const item of iterator) items.push(item);
  return items;
}

/** Pushes an image of one random layer and returns what was pushed. */
async function push(repository, tag) {
  const client = content(repository);
  const layer = randomBytes(100_000);
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [sha256(layer)] } }));
  const uploaded = await client.uploadBlob(layer);
  assert.equal(uploaded.digest, sha256(layer));
  assert.equal(uploaded.sizeInBytes, layer.length);
  const described = await client.uploadBlob(config);
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: described.digest, size: config.length },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: uploaded.digest, size: layer.length }],
  };
  const { digest } = await client.setManifest(manifest, { tag });
  return { client, digest, layer, config, manifest };
}

const refusedWith = (status) => (error) => {
  assert.equal(error.statusCode, status);
  return true;
};

test("a pushed manifest and its blobs come back as they went", async () => {
  const { client, digest, layer, manifest } = await push("peers/content", "1.0");
  const byTag = await client.getManifest("1.0");
  assert.equal(byTag.digest, digest);
  assert.equal(byTag.mediaType, manifest.mediaType);
  assert.deepEqual(byTag.manifest, manifest);
  assert.equal(sha256(byTag.content), digest);
  const blob = await client.downloadBlob(sha256(layer));
  assert.deepEqual(await read(blob.content), layer);
});

test("repositories are listed item by item and page by page", async () => {
  for (const name of ["peers/list-a", "peers/list-b", "peers/list-c"]) await push(name, "1");
  const names = await all(registry.listRepositoryNames());
  assert.deepEqual(names.filter((name) => name.startsWith("peers/list-")), ["peers/list-a", "peers/list-b", "peers/list-c"]);
  const pages = await all(registry.listRepositoryNames().byPage({ maxPageSize: 1 }));
  assert.deepEqual(pages.flat(), names);
  assert.equal(pages.length, names.length);
});

test("a repository's properties are read and changed, and a lock keeps it from deletion", async () => {
  await push("peers/locked", "1");
  const repository = registry.getRepository("peers/locked");
  const properties = await repository.getProperties();
  assert.equal(properties.name, "peers/locked");
  assert.equal(properties.tagCount, 1);
  assert.equal(properties.manifestCount, 1);
  assert.equal(properties.canDelete, true);
  const locked = await repository.updateProperties({ canDelete: false });
  assert.equal(locked.canDelete, false);
  await assert.rejects(repository.delete(), refusedWith(405));
  await repository.updateProperties({ canDelete: true });
  await repository.delete();
  await assert.rejects(repository.getProperties(), refusedWith(404));
});

test("manifests are listed with size, platform and tags, newest first", async () => {
  const first = await push("peers/manifests", "old");
  const second = await push("peers/manifests", "new");
  const repository = registry.getRepository("peers/manifests");
  const listed = await all(repository.listManifestProperties({ order: "LastUpdatedOnDescending" }));
  assert.deepEqual(listed.map((manifest) => manifest.digest), [second.digest, first.digest]);
  assert.deepEqual(listed[0].tags, ["new"]);
  assert.equal(listed[0].architecture, "amd64");
  assert.equal(listed[0].operatingSystem, "linux");
  const size = (await second.client.getManifest("new")).content.length + second.config.length + second.layer.length;
  assert.equal(listed[0].sizeInBytes, size);
});

test("an artifact's properties are read by tag and by digest, and changed", async () => {
  const { digest } = await push("peers/artifact", "1");
  for (const reference of ["1", digest]) {
    const artifact = registry.getArtifact("peers/artifact", reference);
    assert.equal((await artifact.getManifestProperties()).digest, digest);
  }
  const artifact = registry.getArtifact("peers/artifact", "1");
  const changed = await artifact.updateManifestProperties({ canWrite: false, canDelete: false, canList: true, canRead: true });
  assert.equal(changed.canWrite, false);
  await assert.rejects(artifact.delete(), refusedWith(405));
  await artifact.updateManifestProperties({ canWrite: true, canDelete: true, canList: true, canRead: true });
});

test("tags are listed, read, changed and deleted, and the manifest stays", async () => {
  const { client, digest } = await push("peers/tags", "one");
  const artifact = registry.getArtifact("peers/tags", digest);
  const tags = await all(artifact.listTagProperties());
  assert.deepEqual(tags.map((tag) => tag.name), ["one"]);
  assert.equal((await artifact.getTagProperties("one")).digest, digest);
  assert.equal((await artifact.updateTagProperties("one", { canDelete: false })).canDelete, false);
  await assert.rejects(artifact.deleteTag("one"), refusedWith(405));
  await artifact.updateTagProperties("one", { canDelete: true });
  await artifact.deleteTag("one");
  await assert.rejects(artifact.getTagProperties("one"), refusedWith(404));
  assert.equal((await client.getManifest(digest)).digest, digest);
});

test("manifests and blobs are deleted, and deleting what is gone succeeds", async () => {
  const { client, digest, layer } = await push("peers/deleted", "1");
  await push("peers/deleted", "2");
  await client.deleteManifest(digest);
  await assert.rejects(client.getManifest(digest), refusedWith(404));
  await client.deleteManifest(digest);
  await client.deleteBlob(sha256(layer));
  await client.deleteBlob(sha256(layer));
});

test("a blob of several chunks is uploaded from a stream", async () => {
  const { Readable } = await import("node:stream");
  const bytes = randomBytes(9 * 1024 * 1024);
  const client = content("peers/chunks");
  const uploaded = await client.uploadBlob(Readable.from([bytes.subarray(0, 5_000_000), bytes.subarray(5_000_000)]));
  assert.equal(uploaded.digest, sha256(bytes));
  assert.equal(uploaded.sizeInBytes, bytes.length);
  assert.deepEqual(await read((await client.downloadBlob(uploaded.digest)).content), bytes);
});

test("an unknown repository, tag and digest are 404", async () => {
  await push("peers/known", "1");
  await assert.rejects(registry.getRepository("peers/unknown").getProperties(), refusedWith(404));
  await assert.rejects(content("peers/known").getManifest("no-such-tag"), refusedWith(404));
  await assert.rejects(content("peers/known").downloadBlob(sha256("nothing")), refusedWith(404));
});

test("without a credential nothing is listed", async () => {
  const anonymous = new ContainerRegistryClient(endpoint, options);
  await assert.rejects(all(anonymous.listRepositoryNames()), refusedWith(401));
});
