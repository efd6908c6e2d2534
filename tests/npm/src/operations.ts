// The operations that everyday use does not reach: together with `exercise.ts`, every call of the package is made.
import { type Descriptor, RegistryClient, RegistryError } from "acr-client-wasm";

/** A Microsoft Entra token as far as the emulator looks: it reads the audience and the expiry, and checks no signature. */
function entraToken(): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
  return [part({ alg: "none" }), part({ aud: "https://containerregistry.azure.net", exp: 4102444800 }), part("unsigned")].join(".");
}

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function refused(promise: Promise<unknown>): Promise<RegistryError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
  throw new Error("what should have been refused was accepted");
}

/** Runs the operations against `client` in a repository of their own, and removes all of it. */
export async function everyOtherOperation(client: RegistryClient, repository: string): Promise<void> {
  const name = `${repository}/rest`;
  await uploads(client, name);
  await referrers(client, name);
  await tokens(client, name);
  const locked = await client.repositories.updateAttributes(name, { deleteEnabled: false });
  assert(locked.changeableAttributes?.deleteEnabled === false, "the repository must be locked");
  await client.repositories.updateAttributes(name, { deleteEnabled: true });
  const deleted = await client.repositories.delete(name);
  assert((deleted.manifestsDeleted ?? []).length > 0, "a deleted repository must say what went");
}

async function uploads(client: RegistryClient, name: string): Promise<void> {
  const content = new TextEncoder().encode("a blob, chunk by chunk");
  const digest = `sha256:${hex(await crypto.subtle.digest("SHA-256", content))}`;
  const upload = await client.blobs.startUpload(name);
  assert((await upload.append(content.subarray(0, 8))).offset === 8, "the registry must hold the chunk");
  assert((await upload.getStatus()).offset === 8 && upload.offset === 8, "the registry must say what it holds");
  const ended = await upload.end(digest, new Blob([content.subarray(8)]));
  assert(ended.digest === digest, "the upload must end as the blob");
  const part = await client.blobs.checkChunk(name, digest, { start: 0, end: 3 });
  assert(part?.size === content.length, "the service reports the size of the whole blob");
  const mount = await client.blobs.mount(`${name}/elsewhere`, name, digest);
  if (mount.mounted) {
    await client.blobs.delete(`${name}/elsewhere`, digest);
  } else {
    await mount.upload.cancel();
  }
  await client.blobs.delete(name, digest);
  assert((await client.blobs.check(name, digest)) === undefined, "a deleted blob must be gone");
}

async function referrers(client: RegistryClient, name: string): Promise<void> {
  const config = await client.blobs.upload(name, new TextEncoder().encode("{}"));
  const descriptor = { mediaType: "application/vnd.oci.empty.v1+json", digest: config.digest, size: config.size };
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const subject = JSON.stringify({ schemaVersion: 2, mediaType, config: descriptor, layers: [] });
  const { digest } = await client.manifests.create(name, "subject", subject, { mediaType });
  const artifactType = "application/vnd.example.signature";
  const refers = { mediaType, digest, size: subject.length };
  const signature = JSON.stringify({ schemaVersion: 2, mediaType, artifactType, config: descriptor, layers: [], subject: refers });
  await client.manifests.create(name, "signature", signature, { mediaType });
  const found: Descriptor[] = [];
  for await (const referrer of client.manifests.referrers(name, digest, { artifactType })) found.push(referrer);
  assert(found.length === 1, "the signature must be found by what it signs");
  const locked = await client.manifests.updateAttributes(name, digest, { writeEnabled: false });
  assert(locked.manifest?.changeableAttributes?.writeEnabled === false, "the manifest must be locked");
  await client.manifests.updateAttributes(name, digest, { writeEnabled: true });
}

async function tokens(client: RegistryClient, name: string): Promise<void> {
  const scope = `repository:${name}:pull`;
  const { refresh_token } = await client.tokens.exchange({ grant_type: "access_token", access_token: entraToken() });
  const bought = await client.tokens.get({ scope, refresh_token: refresh_token ?? "" });
  assert((bought.access_token ?? "") !== "", "a refresh token must buy an access token");
  const wrong = await refused(client.tokens.get({ scope, refresh_token: "no refresh token" }));
  assert(wrong.kind === "unauthorized" && wrong.operation === "AccessTokens_Get", "a wrong refresh token must be refused");
  try {
    await client.tokens.getFromLogin({ scope, username: "admin", password: "admin" });
  } catch (error) {
    assert(error instanceof RegistryError && error.kind === "unauthorized", "a login is taken or refused, nothing else");
  }
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
