// `client.blobs`.
import { abortError, failure, member, run, signalOf, text, whole } from "./call.js";
import { chunks, hash, pieces, readable, report } from "./stream.js";
import { Upload } from "./upload.js";

/** Bytes of a chunk unless a caller says. */
const CHUNK = 4 * 1024 * 1024;

export class Blobs {
  #calls;

  constructor(calls) {
    this.#calls = calls;
  }

  get(name, digest, options) {
    return run(options, async (stop) => {
      const onProgress = progressOf("Blob_Get", options);
      const download = await this.#blob("Blob_Get", name, digest, undefined, stop);
      const { size } = download;
      const stream = readable(download, signalOf(options), onProgress);
      return size === undefined ? { digest, stream } : { digest, size, stream };
    });
  }

  getChunk(name, digest, range, options) {
    return run(options, (stop) => this.#blob("Blob_GetChunk", name, digest, range ?? {}, stop));
  }

  check(name, digest, options) {
    return run(options, async (stop) => {
      const found = await this.#blob("Blob_Check", name, digest, undefined, stop);
      return found && { size: found[0], digest: found[1] };
    });
  }

  checkChunk(name, digest, range, options) {
    return run(options, async (stop) => {
      const found = await this.#blob("Blob_CheckChunk", name, digest, range ?? {}, stop);
      return found && { size: found[0] };
    });
  }

  delete(name, digest, options) {
    const operation = "Blob_Delete";
    return run(options, async (stop) => {
      await this.#calls.call(operation, [text(operation, "name", name), text(operation, "digest", digest)], stop);
    });
  }

  mount(name, from, mount, options) {
    const operation = "Blob_Mount";
    return run(options, async (stop) => {
      const names = [text(operation, "name", name), text(operation, "from", from), text(operation, "mount", mount)];
      const upload = await this.#calls.call(operation, names, stop);
      return upload ? { mounted: false, upload: new Upload(upload) } : { mounted: true };
    });
  }

  startUpload(name, options) {
    const operation = "Blob_StartUpload";
    return run(options, async (stop) => new Upload(await this.#calls.call(operation, [text(operation, "name", name)], stop)));
  }

  upload(name, content, options) {
    const operation = "Blob_Upload";
    return run(options, async (stop) => {
      const repository = text(operation, "name", name);
      const chunkSize = member(operation, options, "chunkSize", whole, 2 ** 32 - 1) ?? CHUNK;
      if (chunkSize === 0) throw failure(operation, "a chunk must hold at least one byte");
      const announced = member(operation, options, "totalBytes", whole);
      const onProgress = progressOf(operation, options);
      const signal = signalOf(options);
      const from = pieces(operation, content);
      // What waits for content ends with the upload.
      stop?.catch(from.cancel);
      const next = async () => {
        const piece = await from.next();
        if (signal?.aborted) throw abortError();
        return piece;
      };
      try {
        const upload = await this.#calls.call("Blob_StartUpload", [repository], stop);
        return await send(upload, chunks(next, chunkSize), announced ?? from.size, onProgress, stop);
      } finally {
        from.cancel();
      }
    });
  }

  #blob(operation, name, digest, range, stop) {
    const given = [text(operation, "name", name), text(operation, "digest", digest)];
    if (range) given.push(...["start", "end"].map((end) => whole(operation, `range.${end}`, range[end])));
    return this.#calls.call(operation, given, stop);
  }
}

function progressOf(operation, options) {
  return member(operation, options, "onProgress", (operation, what, value) => {
    if (typeof value !== "function") throw failure(operation, `${what} must be a function`);
    return value;
  });
}

/** Sends content through an upload, and cancels it at the registry where it does not come to its end. */
async function send(upload, content, total, onProgress, stop) {
  const step = (operation, digest = "", chunk, until) => upload.step(operation, [digest, chunk], until);
  const check = (wrong, relation) => {
    if (wrong) throw failure("Blob_Upload", `the content has ${relation} bytes than the ${total} announced`);
  };
  try {
    for await (const chunk of content) {
      check(upload.offset + chunk.length > total, "more");
      hash(upload, chunk);
      await step("Blob_Upload", "", chunk, stop);
      report(onProgress, upload.offset, total);
    }
    check(upload.offset < total, "fewer");
    const digest = upload.digest();
    await step("Blob_EndUpload", digest, undefined, stop);
    return { digest, size: upload.offset };
  } catch (error) {
    // Nobody is left to tell; the registry forgets the upload by itself in the end.
    step("Blob_CancelUpload").catch(() => {});
    throw error;
  } finally {
    upload.free();
  }
}
