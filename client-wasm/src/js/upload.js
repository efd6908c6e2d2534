// `Upload`: for those who send the chunks of a blob themselves.
import { failure, inTurn, run, text } from "./call.js";

/** An upload that the registry has opened. Its calls wait for one another. */
export class Upload {
  #upload;
  #inTurn = inTurn();

  constructor(upload) {
    this.#upload = upload;
  }

  get location() {
    return this.#upload.location;
  }

  get offset() {
    return this.#upload.offset;
  }

  async getStatus(options) {
    await this.#step("Blob_GetStatus", "", new Uint8Array(), options);
    return { offset: this.offset };
  }

  async append(chunk, options) {
    await this.#step("Blob_Upload", "", chunk, options);
    return { offset: this.offset };
  }

  async end(digest, lastChunk, options) {
    await this.#step("Blob_EndUpload", digest, lastChunk ?? new Uint8Array(), options);
    return { digest };
  }

  cancel(options) {
    return this.#step("Blob_CancelUpload", "", new Uint8Array(), options);
  }

  #step(operation, digest, chunk, options) {
    const step = async (stop) =>
      this.#upload.step(operation, [text(operation, "digest", digest), await bytesOf(operation, chunk)], stop);
    return run(options, step, this.#inTurn);
  }
}

async function bytesOf(operation, chunk) {
  if (chunk instanceof Uint8Array) return chunk;
  if (!(chunk instanceof Blob)) throw failure(operation, "a chunk must be a Uint8Array or a Blob");
  try {
    return new Uint8Array(await chunk.arrayBuffer());
  } catch {
    throw failure(operation, "the chunk cannot be read");
  }
}
