// Uploads that break, are resumed or canceled, and the kinds of content they take. Against answers by script, in Node.
import { HELLO, assert, refused, aborted, turn, client } from "./expect.js";
import { never, script, sent } from "./scripted.js";

export async function uploadsGoOnAndAreCancelled(): Promise<void> {
  const location = "/v2/a/blobs/uploads/1";
  const moved = (status: number, range: string) => new Response(null, { status, headers: { location, range } });
  script({
    "POST /v2/a/blobs/uploads/": () => moved(202, "0-0"),
    [`PATCH ${location}`]: (request, body, earlier) => {
      if (earlier === 1) throw new TypeError("connection lost");
      const sent = `${request.headers.get("content-range")} ${new TextDecoder().decode(body)}`;
      assert(sent === (earlier === 0 ? "0-5 hello " : "8-10 rld"), sent);
      return moved(202, earlier === 0 ? "0-5" : "0-10");
    },
    [`GET ${location}`]: () => moved(204, "0-7"),
    [`PUT ${location}`]: () => new Response(null, { status: 201 }),
  });
  const reported: number[] = [];
  const onProgress = ({ loadedBytes }: { loadedBytes: number }): number => reported.push(loadedBytes);
  const content = new Blob(["hello world"]).stream();
  const uploaded = await client().blobs.upload("a", content, { chunkSize: 6, onProgress });
  assert(uploaded.digest === HELLO && uploaded.size === 11, "a broken upload must go on from the registry's own offset");
  assert(reported.join() === "6,11", `progress: ${reported.join()}`);

  script({
    "POST /v2/a/blobs/uploads/": () => moved(202, "0-0"),
    [`PATCH ${location}`]: never,
    [`DELETE ${location}`]: () => new Response(null, { status: 204 }),
  });
  let given = "";
  const endless = new ReadableStream<Uint8Array>({
    pull: (to) => to.enqueue(new Uint8Array(10)),
    cancel: () => {
      given = "up";
    },
  });
  const controller = new AbortController();
  const upload = client().blobs.upload("a", endless, { chunkSize: 10, signal: controller.signal });
  while (!sent.some((line) => line.startsWith("PATCH"))) await turn();
  controller.abort();
  await aborted(upload, "an upload whose signal fires");
  while (!sent.some((line) => line.startsWith("DELETE"))) await turn();
  await turn();
  assert(given === "up", "the content of an upload that is given up must be cancelled");
}

export async function uploadsTakeContentAsItComes(): Promise<void> {
  const location = "/v2/a/blobs/uploads/1";
  const bodies: string[] = [];
  let held = 0;
  const moved = (status: number) => new Response(null, { status, headers: { location, range: `0-${Math.max(held - 1, 0)}` } });
  const answers = {
    "POST /v2/a/blobs/uploads/": () => {
      held = 0;
      bodies.length = 0;
      return moved(202);
    },
    [`PATCH ${location}`]: (_: Request, body: Uint8Array) => {
      held += body.length;
      bodies.push(new TextDecoder().decode(body));
      return moved(202);
    },
    [`PUT ${location}`]: () => new Response(null, { status: 201 }),
    [`DELETE ${location}`]: () => new Response(null, { status: 204 }),
  };
  const cancelled = async (): Promise<void> => {
    while (!sent.includes(`DELETE ${location}`)) await turn();
    assert(!sent.some((line) => line.startsWith("PUT")), "what is cancelled must not become a blob");
  };

  script(answers);
  // The same memory again and again, as readers of files use it.
  const memory = new Uint8Array(3);
  const words = ["he", "", "llo", " wo", "rld"];
  const pieces = new ReadableStream<Uint8Array>(
    {
      pull: (to) => {
        const word = words.shift();
        if (word === undefined) return to.close();
        const { written } = new TextEncoder().encodeInto(word, memory);
        to.enqueue(memory.subarray(0, written));
      },
    },
    { highWaterMark: 0 },
  );
  const { digest, size } = await client().blobs.upload("a", pieces, { chunkSize: 4 });
  assert(digest === HELLO && size === 11 && bodies.join("|") === "hell|o wo|rld", `chunks of pieces: ${bodies.join("|")}`);

  for (const [totalBytes, more] of [[10, "more"], [12, "fewer"]] as const) {
    script(answers);
    const upload = client().blobs.upload("a", new TextEncoder().encode("hello world"), { chunkSize: 8, totalBytes });
    const error = await refused(upload, "invalid-input", `${more} bytes than announced`);
    assert(error.message.includes(`${more} bytes than the ${totalBytes} announced`) && error.operation === "Blob_Upload", error.message);
    await cancelled();
  }

  script(answers);
  const broken = new ReadableStream<Uint8Array>({ pull: (to) => to.error(new Error("no more of http://files.test/a?key=secret today")) });
  const error = await refused(client().blobs.upload("a", broken), "invalid-input", "content that breaks off");
  assert(error.message.endsWith("the content cannot be read: no more of http://files.test/a today"), error.message);
  await cancelled();
  script(answers);
  const texts = new ReadableStream<Uint8Array>({ pull: (to) => to.enqueue("text" as never) });
  await refused(client().blobs.upload("a", texts), "invalid-input", "content that is no bytes");
  await cancelled();

  script(answers);
  const controller = new AbortController();
  let given = "";
  const silent = new ReadableStream<Uint8Array>(
    {
      pull: () => {
        controller.abort();
        return new Promise(() => {});
      },
      cancel: () => {
        given = "up";
      },
    },
    { highWaterMark: 0 },
  );
  await aborted(client().blobs.upload("a", silent, { signal: controller.signal }), "an upload whose content never comes");
  await cancelled();
  assert(given === "up", "content that never comes must be cancelled with its upload");
}
