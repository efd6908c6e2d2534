// What the benchmark measures in a browser: each against its peer, in turns, in one run. Called by tests/bench/main.rs.
import init, { RegistryClient } from "acr-client-wasm";
import exports_ from "/target/npm/acr-client-wasm/acr_client_wasm.js";
import { createSHA256 } from "hash-wasm";

const MIB = 1024 * 1024;
const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Medians of several runs of each, taken in turns so that a busy machine is busy for all. */
async function inTurns(rounds, runs) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(runs)) times[name].push(await timed(run));
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

async function bearer(endpoint, scope) {
  const answer = await fetch(`${endpoint}/oauth2/token?scope=${encodeURIComponent(scope)}`);
  return { Authorization: `Bearer ${(await answer.json()).access_token}` };
}

/** A list of tags into JavaScript objects: this package's pager, and fetch().json() of the same address. */
async function list(endpoint, repository, count) {
  const client = new RegistryClient({ endpoint });
  const headers = await bearer(endpoint, `repository:${repository}:metadata_read`);
  const times = await inTurns(15, {
    json: async () => {
      const answer = await fetch(`${endpoint}/acr/v1/${repository}/_tags?n=${count}`, { headers });
      const { tags } = await answer.json();
      if (tags.length !== count) throw new Error(`${tags.length} tags`);
    },
    client: async () => {
      const pages = client.tags.list(repository, { n: count }).byPage();
      const { value } = await pages.next();
      if (value.items.length !== count) throw new Error(`${value.items.length} tags`);
    },
  });
  return { ...times, ratio: times.client / times.json };
}

/** The same list into typed Rust: the Rust client, without the npm package's exports. */
async function typedList(endpoint, repository, count) {
  const { default: start, TypedClient } = await import("/target/bench/typed_list.js");
  await start();
  const client = new TypedClient(endpoint);
  const headers = await bearer(endpoint, `repository:${repository}:metadata_read`);
  const times = await inTurns(15, {
    json: async () => {
      const answer = await fetch(`${endpoint}/acr/v1/${repository}/_tags?n=${count}`, { headers });
      const { tags } = await answer.json();
      if (tags.length !== count) throw new Error(`${tags.length} tags`);
    },
    typed: async () => {
      const read = await client.countTags(repository, count);
      if (read !== count) throw new Error(`${read} tags`);
    },
  });
  return { ...times, ratio: times.typed / times.json };
}

/** SHA-256 of a download as it streams: this package, hash-wasm, and neither; the hash's own share is the difference. */
async function hash(endpoint, repository, size) {
  const client = new RegistryClient({ endpoint });
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  const { digest } = await client.blobs.upload(repository, bytes);
  const headers = await bearer(endpoint, `repository:${repository}:pull`);
  const peer = await createSHA256();
  const fetched = async (each) => {
    const answer = await fetch(`${endpoint}/v2/${repository}/blobs/${digest}`, { headers });
    for await (const chunk of answer.body) each(chunk);
  };
  const times = await inTurns(7, {
    plain: () => fetched(() => {}),
    hashWasm: async () => {
      peer.init();
      await fetched((chunk) => peer.update(chunk));
      if (`sha256:${peer.digest()}` !== digest) throw new Error("another digest");
    },
    client: async () => {
      const { stream } = await client.blobs.get(repository, digest);
      for await (const chunk of stream) void chunk;
    },
  });
  return { ...times, speed: (times.hashWasm - times.plain) / (times.client - times.plain) };
}

/** By how many MiB the wasm memory grows while a blob of this size goes up and comes down. */
async function memory(endpoint, repository, size) {
  const wasm = await exports_();
  const client = new RegistryClient({ endpoint });
  const before = wasm.memory.buffer.byteLength;
  const chunk = new Uint8Array(4 * MIB);
  let left = size;
  const content = new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      const part = chunk.subarray(0, Math.min(left, chunk.length)).slice();
      left -= part.length;
      controller.enqueue(part);
    },
  });
  const { digest } = await client.blobs.upload(repository, content, { totalBytes: size });
  const { stream } = await client.blobs.get(repository, digest);
  let read = 0;
  for await (const part of stream) read += part.length;
  if (read !== size) throw new Error(`${read} bytes came back`);
  return { growthMiB: (wasm.memory.buffer.byteLength - before) / MIB };
}

await init();
globalThis.measure = { list, typedList, hash, memory };
document.querySelector("h1").textContent = "loaded";
