// What the package promises at its edges: aborts, streams that end early, lists that misbehave, uploads that break, errors and their
// fields, and invalid inputs. Against answers by script, in Node.
import init, { RegistryClient, RegistryError } from "acr-client-wasm";

import { runInNewContext } from "node:vm";

import { DIGEST, HELLO, assert, rejection, refused, aborted, turn, client } from "./expect.js";
import { never, requests, script, sent } from "./scripted.js";
import { uploadsGoOnAndAreCancelled, uploadsTakeContentAsItComes } from "./uploads.js";

async function abortsEndTheFetch(): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  script({ "GET /acr/v1/_catalog": (request, body, earlier) => (earlier ? Response.json({ repositories: ["a"] }) : never(request, body, 0)) });
  const list = client().repositories.list({ signal });
  const [first, second] = [list.next(), list.next()];
  await turn();
  controller.abort("why");
  await aborted(first, "a list that waits for its page");
  await aborted(second, "a second call that waits for its turn");
  assert(requests.at(-1)?.signal.aborted === true, "the page's fetch must be aborted");
  await aborted(list.next(), "a list whose signal has fired");
  script({ "GET /acr/v1/_catalog": never });
  await aborted(client().repositories.getAttributes("a", { signal }), "a call whose signal has fired");
  assert(sent.length === 0, "a call whose signal has fired must send nothing");
}

async function streamsEndEarly(): Promise<void> {
  const open = () => new Response(new ReadableStream({ pull: (to) => to.enqueue(new TextEncoder().encode("hello ")) }, { highWaterMark: 0 }));
  script({ [`GET /v2/a/blobs/${HELLO}`]: open });
  const controller = new AbortController();
  const download = await client().blobs.get("a", HELLO, { signal: controller.signal });
  controller.abort();
  await turn();
  assert(requests.at(-1)?.signal.aborted === true, "a download must end at once when its signal fires, read or not");
  await aborted(download.stream.getReader().read(), "a stream whose signal has fired");
  const cancelled = await client().blobs.get("a", HELLO);
  const reader = cancelled.stream.getReader();
  await reader.read();
  await reader.cancel();
  await turn();
  assert(requests.at(-1)?.signal.aborted === true, "cancelling a stream must end its fetch");
}

async function downloadsAreVerifiedAndGoOn(): Promise<void> {
  const broken = () =>
    new ReadableStream<Uint8Array>({
      start: (to) => to.enqueue(new TextEncoder().encode("hello ")),
      pull: (to) => to.error(new TypeError("connection lost")),
    });
  script({
    [`GET /v2/a/blobs/${HELLO}`]: (request, _, earlier) => {
      if (earlier === 0) return new Response(broken(), { headers: { "content-length": "11" } });
      assert(request.headers.get("range") === "bytes=6-", "a download must continue after what it has");
      return new Response("world", { status: 206, headers: { "content-range": "bytes 6-10/11" } });
    },
    [`GET /v2/a/blobs/${DIGEST}`]: () => new Response("hello world"),
  });
  const reported: number[] = [];
  const onProgress = ({ loadedBytes }: { loadedBytes: number }): void => {
    reported.push(loadedBytes);
    throw new Error("what a caller's function throws is the caller's own");
  };
  const { stream, size } = await client().blobs.get("a", HELLO, { onProgress });
  assert((await new Response(stream).text()) === "hello world" && size === 11, "a broken download must go on");
  assert(reported.join() === "6,11", `progress: ${reported.join()}`);
  const other = await client().blobs.get("a", DIGEST);
  await refused(new Response(other.stream).text(), "digest-mismatch", "other bytes than asked for");
}

async function listsEndWhereTheyEnd(): Promise<void> {
  const page = (items: unknown, link: string) => Response.json(items, { headers: { link: `<${link}>; rel="next"` } });
  script({
    "GET /acr/v1/_catalog": (request) => {
      const last = new URL(request.url).searchParams.get("last");
      if (last === null) return page({ repositories: null }, "https://evil.test/acr/v1/_catalog?last=a&n=1");
      return last === "a" ? page({ repositories: ["b"] }, "/acr/v1/_catalog?last=a&n=1") : Response.json({ repositories: [] });
    },
    "GET /acr/v1/a/_manifests": () => Response.json({ manifests: [{ digest: DIGEST, tags: null, extra: 1 }] }),
    "GET /acr/v1/a/_tags": () => Response.json({ tags: "none" }),
  });
  const pages = client().repositories.list().byPage();
  const first = await pages.next();
  assert(first.value?.items.length === 0 && first.done === false, "a null list is empty, and the list goes on after an empty page");
  await refused(pages.next(), "protocol", "a cursor that comes back");
  assert((await pages.next()).done === true, "a list that ran in a circle is over");
  assert(requests.every(({ url }) => url.startsWith("http://registry.test/")), "no other host is ever called");
  for await (const manifest of client().manifests.list("a")) {
    assert(manifest.tags?.length === 0 && "extra" in manifest, "null lists are empty, and what the registry adds is kept");
  }
  await refused(client().tags.list("a").next(), "decode", "an invalid list");
}

async function errorsSayWhatHappened(): Promise<void> {
  const errors = [{ code: "UNAUTHORIZED", message: "no", detail: [{ Type: "repository", Name: "a", Action: "delete" }] }, { code: "B" }];
  const headers = { "x-ms-correlation-request-id": "id-1" };
  script({
    "DELETE /acr/v1/a/_tags/1": () => Response.json({ errors }, { status: 401, headers }),
    "GET /acr/v1/a": () => Response.json({}, { status: 429, headers: { "retry-after": "7" } }),
    "GET /acr/v1/b": () => new Response("<html>", { headers: { "content-type": "text/html" } }),
    "GET /acr/v1/c": () => {
      throw "a string";
    },
  });
  const error = await refused(client().tags.delete("a", "1"), "unauthorized", "a missing permission");
  assert(error.status === 401 && error.operation === "Tag_Delete" && error.requestId === "id-1", "status, operation, request id");
  assert(error.errors[0]?.code === "UNAUTHORIZED" && JSON.stringify(error.errors[0].detail) === JSON.stringify(errors[0]?.detail), "detail");
  assert(error.errors.length === 2 && error.errors[1]?.code === "B", "every error of the registry");
  assert(error.message.includes("repository:a:delete"), `the missing action must be named: ${error.message}`);
  const throttled = await refused(client().repositories.getAttributes("a"), "rate-limited", "429");
  assert(throttled.retryAfterInMs === 7000, `retryAfterInMs: ${String(throttled.retryAfterInMs)}`);
  const page = await refused(client().repositories.getAttributes("b"), "decode", "a page in the place of JSON");
  assert(page.status === undefined && page.errors.length === 0, "what is not known is not there");
  await refused(client().repositories.getAttributes("c"), "network", "a fetch that rejects with a string");
}

async function signsInWithEntra(): Promise<void> {
  const calls: (AbortSignal | undefined)[] = [];
  const credential = {
    kind: "entra" as const,
    getToken: (options: { signal?: AbortSignal }): Promise<string> => {
      calls.push(options.signal);
      return calls.length === 1 ? Promise.reject(new Error("secret words")) : Promise.resolve("entra");
    },
  };
  script({ "GET /acr/v1/a": () => Response.json({ imageName: "a" }) });
  const entra = new RegistryClient({ endpoint: new URL("http://registry.test"), credential });
  const error = await refused(entra.repositories.getAttributes("a"), "unauthorized", "a getToken that rejects");
  assert(!error.message.includes("secret"), "what getToken rejects with is not reported");
  assert((await entra.repositories.getAttributes("a")).imageName === "a" && calls[1] instanceof AbortSignal, "a token and its signal");
  assert(sent[0] === "POST /oauth2/exchange", `the exchange comes first: ${sent.join()}`);
}

async function refusesWhatIsNoInput(): Promise<void> {
  script({});
  const wrong = (value: unknown): never => value as never;
  const { repositories, tags, manifests, blobs, tokens } = client();
  const calls: Record<string, () => Promise<unknown>> = {
    "a name that is a number": () => repositories.getAttributes(wrong(1)),
    "no name": () => repositories.delete(wrong(undefined)),
    "an invalid name": () => tags.list("UPPER").next(),
    "no items a page": () => repositories.list({ n: 0 }).next(),
    "half an item a page": () => repositories.list().byPage({ maxPageSize: 0.5 }).next(),
    "too many items a page": () => repositories.list({ n: 2 ** 33 }).next(),
    "an invalid continuation token": () => repositories.list().byPage({ continuationToken: "a b" }).next(),
    "an invalid order": () => tags.list("a", { orderby: wrong("newest") }).next(),
    "options that are a text": () => tags.list("a", wrong("n=1")).next(),
    "an invalid digest": () => tags.list("a", { digest: "" }).next(),
    "changes that are a list": () => tags.updateAttributes("a", "1", wrong([])),
    "changes that refer to themselves": () => {
      const value: { deleteEnabled?: boolean; self?: unknown } = {};
      value.self = value;
      return tags.updateAttributes("a", "1", value);
    },
    "a manifest by tag": () => manifests.delete("a", "latest"),
    "an invalid manifest": () => manifests.create("a", "1", "[]"),
    "a payload that is a number": () => manifests.create("a", "1", wrong(1)),
    "an invalid header": () => manifests.get("a", "1", { accept: "a\r\nb: c" }),
    "a range that ends before it starts": () => blobs.getChunk("a", DIGEST, { start: 2, end: 1 }),
    "an invalid range": () => blobs.checkChunk("a", DIGEST, wrong(undefined)),
    "content that is a text": () => blobs.upload("a", wrong("text")),
    "chunks of nothing": () => blobs.upload("a", new Uint8Array(1), { chunkSize: 0 }),
    "progress that is no function": () => blobs.upload("a", new Uint8Array(1), { onProgress: wrong(1) }),
    "an invalid grant": () => tokens.exchange(wrong({ grant_type: "password" })),
    "a grant without its token": () => tokens.exchange({ grant_type: "access_token" }),
    "an invalid request": () => tokens.get(wrong(undefined)),
    "a user name with a colon": () => tokens.getFromLogin({ scope: "a", username: "a:b", password: "c" }),
  };
  for (const [what, call] of Object.entries(calls)) await refused(call(), "invalid-input", what);
  const locked = new Blob(["x"]).stream();
  locked.getReader();
  await refused(blobs.upload("a", locked), "invalid-input", "a stream that another reader has locked");
  assert(sent.length === 0, `nothing of it must be sent: ${sent.join()}`);
  for (const options of [undefined, {}, { endpoint: 1 }, { endpoint: "ftp://x" }, { endpoint: "/x", credential: { kind: "other" } }, { endpoint: "/" }]) {
    let error: unknown;
    try {
      new RegistryClient(wrong(options));
    } catch (thrown) {
      error = thrown;
    }
    assert(error instanceof RegistryError && error.kind === "invalid-input", `${JSON.stringify(options)}: ${String(error)}`);
  }
}

async function partsOfBlobsAreResumed(): Promise<void> {
  const broken = () =>
    new ReadableStream<Uint8Array>({
      start: (to) => to.enqueue(new TextEncoder().encode("ell")),
      pull: (to) => to.error(undefined),
    });
  script({
    [`GET /v2/a/blobs/${HELLO}`]: (request, _, earlier) => {
      const range = request.headers.get("range");
      assert(range === (earlier === 0 ? "bytes=1-7" : "bytes=4-7"), `range: ${String(range)}`);
      const headers = { "content-range": earlier === 0 ? "bytes 1-7/11" : "bytes 4-7/11" };
      return new Response(earlier === 0 ? broken() : "o wo", { status: 206, headers });
    },
  });
  const { stream, size } = await client().blobs.get("a", HELLO, { range: { start: 1, end: 7 } });
  assert((await new Response(stream).text()) === "ello wo" && size === 7, "a part of a blob must go on where it broke off");
  await refused(client().blobs.get("a", HELLO, { range: { start: 2, end: 1 } }), "invalid-input", "a range that ends before it starts");
}

async function takesValuesOfAnotherRealm(): Promise<void> {
  const elsewhere = runInNewContext(`({
    url: { href: "http://registry.test" },
    bytes: new Uint8Array([104, 101, 108, 108, 111, 32, 119, 111, 114, 108, 100]),
    buffer: new Uint8Array([104, 105]).buffer,
    options: { last: "a", n: 2 },
  })`) as { url: URL; bytes: Uint8Array; buffer: ArrayBuffer; options: { last: string; n: number } };
  assert(!(elsewhere.bytes instanceof Uint8Array), "the values must be of another realm");
  const seen: string[] = [];
  // What is no instance of this realm's Response, and has its members.
  const alien = (body: unknown, status = 200, headers: Record<string, string> = {}): Response => {
    const own = new Response(status === 200 ? JSON.stringify(body) : null, { status, headers });
    const members = { status: own.status, headers: own.headers, body: own.body, arrayBuffer: () => own.arrayBuffer() };
    return members as unknown as Response;
  };
  const location = "/v2/a/blobs/uploads/1";
  const portal: typeof globalThis.fetch = async (input, init) => {
    const line = `${init?.method ?? ""} ${new URL(String(input)).pathname}`;
    seen.push(line);
    if (line.includes("/oauth2/")) return alien({ access_token: "t" });
    if (line.startsWith("POST")) return alien(null, 202, { location });
    if (line.startsWith("PATCH")) return alien(null, 202, { location, range: "0-10" });
    if (line.startsWith("PUT")) return alien(null, 201);
    return alien({ repositories: ["b"] });
  };
  const own = new RegistryClient({ endpoint: elsewhere.url, fetch: portal });
  const names: string[] = [];
  for await (const name of own.repositories.list(elsewhere.options)) names.push(name);
  assert(names.join() === "b", "responses of another realm must be read");
  const uploaded = await own.blobs.upload("a", elsewhere.bytes);
  assert(uploaded.digest === HELLO && uploaded.size === 11, "bytes of another realm must be uploaded");
  assert(seen.every((line) => !line.startsWith(" ")), "a replaced fetch gets an address and options");
}

async function failuresNameTheirOperation(): Promise<void> {
  const { repositories, tags, manifests, blobs, tokens } = client();
  const name = "UPPER";
  const calls: Record<string, () => Promise<unknown>> = {
    Repository_GetAttributes: () => repositories.getAttributes(name),
    Repository_UpdateAttributes: () => repositories.updateAttributes(name, {}),
    Repository_Delete: () => repositories.delete(name),
    Tag_GetList: () => tags.list(name).next(),
    Tag_GetAttributes: () => tags.getAttributes(name, "1"),
    Tag_UpdateAttributes: () => tags.updateAttributes(name, "1", {}),
    Tag_Delete: () => tags.delete(name, "1"),
    Manifests_GetList: () => manifests.list(name).next(),
    Manifests_GetAttributes: () => manifests.getAttributes(name, "1"),
    Manifests_UpdateAttributes: () => manifests.updateAttributes(name, "1", {}),
    Manifests_Get: () => manifests.get(name, "1"),
    Manifests_Create: () => manifests.create(name, "1", "{}"),
    Manifests_Delete: () => manifests.delete(name, DIGEST),
    Referrers_GetList: () => manifests.referrers(name, DIGEST).next(),
    Blob_Get: () => blobs.get(name, DIGEST),
    Blob_GetChunk: () => blobs.getChunk(name, DIGEST, { start: 0, end: 1 }),
    Blob_Check: () => blobs.check(name, DIGEST),
    Blob_CheckChunk: () => blobs.checkChunk(name, DIGEST, { start: 0, end: 1 }),
    Blob_Delete: () => blobs.delete(name, DIGEST),
    Blob_Mount: () => blobs.mount(name, "a", DIGEST),
    Blob_StartUpload: () => blobs.startUpload(name),
    Blob_Upload: () => blobs.upload(name, new Uint8Array(1)),
    RefreshTokens_GetFromExchange: () => tokens.exchange({ grant_type: "access_token" }),
    AccessTokens_GetFromLogin: () => tokens.getFromLogin({ scope: "a", username: "a:b", password: "c" }),
  };
  for (const [operation, call] of Object.entries(calls)) {
    const error = await refused(call(), "invalid-input", operation);
    assert(error.operation === operation, `${operation} is reported as ${error.operation}`);
  }
}

async function aModuleThatIsNoneIsReported(): Promise<void> {
  const page = new TextEncoder().encode("<!doctype html>");
  const error = await rejection(init(page));
  const { message } = error as Error;
  assert(message.includes("HTML") && message.includes("Toolchains") && (error as Error).cause instanceof Error, message);
}

await aModuleThatIsNoneIsReported();
await init();
await abortsEndTheFetch();
await streamsEndEarly();
await downloadsAreVerifiedAndGoOn();
await listsEndWhereTheyEnd();
await uploadsGoOnAndAreCancelled();
await uploadsTakeContentAsItComes();
await errorsSayWhatHappened();
await signsInWithEntra();
await refusesWhatIsNoInput();
await partsOfBlobsAreResumed();
await takesValuesOfAnotherRealm();
await failuresNameTheirOperation();
console.log("passed");
