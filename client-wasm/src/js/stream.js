// Streams of bytes across the border: out of wasm as a `ReadableStream`, into it from whatever a caller uploads. No stream is held whole
// on either side.
import { abortError, failure, until } from "./call.js";

/** Tells a caller's function how far a transfer is. What it throws is the caller's own; the transfer goes on. */
export function report(onProgress, loadedBytes, totalBytes) {
  try {
    onProgress?.(totalBytes === undefined ? { loadedBytes } : { loadedBytes, totalBytes });
  } catch {
    // See above.
  }
}

/** A failure of somebody else's, in words: without control characters, and without the queries of the URLs in it. */
function reason(error) {
  return String(error?.message ?? error).replace(/\?\S*|\p{Cc}/gu, "").slice(0, 200);
}

/** Bytes that are hashed at a time: what is copied into wasm memory is read there while the processor still has it at hand. */
const PIECE = 64 * 1024;

/** Has the wasm side of a transfer take note of bytes that pass. */
export function hash(transfer, bytes) {
  for (let at = 0; at < bytes.length; at += PIECE) transfer.pass(bytes.subarray(at, at + PIECE));
}

/** The next bytes of a stream, nothing at its end. */
async function nextOf(reader) {
  const value = (await reader?.read())?.value;
  if (value === undefined || value instanceof Uint8Array) return value;
  throw new Error("the stream gave something that is no bytes");
}

/** A download as a caller reads it. The signal ends it at once, and so does cancelling the stream. */
export function readable(download, signal, onProgress) {
  const { size } = download;
  const over = new AbortController();
  let reader = download.body()?.getReader();
  let received = 0;
  let abort;
  const end = () => {
    if (over.signal.aborted) return;
    over.abort();
    signal?.removeEventListener("abort", abort);
    download.free();
    reader?.cancel().catch(() => {});
  };
  const source = {
    start(controller) {
      abort = () => {
        controller.error(abortError());
        end();
      };
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) abort();
    },
    async pull(controller) {
      try {
        for (;;) {
          let chunk, broken;
          try {
            chunk = await nextOf(reader);
          } catch (error) {
            broken = reason(error);
          }
          if (over.signal.aborted) return;
          if (chunk) {
            hash(download, chunk);
            received += chunk.length;
            report(onProgress, received, size);
            controller.enqueue(chunk);
            return;
          }
          if (await until(over.signal, (stop) => download.ended(broken, stop))) {
            end();
            controller.close();
            return;
          }
          reader = download.body()?.getReader();
        }
      } catch (error) {
        end();
        throw error;
      }
    },
    cancel: end,
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/** What a caller uploads, piece by piece: `next` resolves to bytes, and to nothing at the end. */
export function pieces(operation, content) {
  const array = content instanceof ArrayBuffer ? new Uint8Array(content) : content;
  if (array instanceof Uint8Array) {
    let whole = array;
    const next = async () => {
      const piece = whole;
      whole = undefined;
      return piece;
    };
    return { next, size: array.length, cancel() {} };
  }
  const isBlob = content instanceof Blob;
  if (!isBlob && !(content instanceof ReadableStream)) {
    throw failure(operation, "content must be a Uint8Array, an ArrayBuffer, a Blob, a File or a ReadableStream");
  }
  const stream = isBlob ? content.stream() : content;
  if (stream.locked) throw failure(operation, "the stream is being read by somebody else");
  const reader = stream.getReader();
  const next = () =>
    nextOf(reader).catch((error) => {
      throw failure(operation, `the content cannot be read: ${reason(error)}`);
    });
  // Whether a stream can be cancelled is none of ours.
  return { next, size: isBlob ? content.size : undefined, cancel: () => reader.cancel().catch(() => {}) };
}

/** What `next` gives as chunks of `size` bytes, the last of which may have fewer. */
export async function* chunks(next, size) {
  let held = [];
  let length = 0;
  const take = () => {
    const chunk = held.length === 1 ? held[0] : new Uint8Array(length);
    if (held.length > 1) held.reduce((at, part) => (chunk.set(part, at), at + part.length), 0);
    held = [];
    length = 0;
    return chunk;
  };
  for (let piece; (piece = await next()) !== undefined; ) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + size - length);
      at += part.length;
      length += part.length;
      // What waits for more is copied: whoever gives the content may use its memory again.
      held.push(length < size ? part.slice() : part);
      if (length === size) yield take();
    }
  }
  if (length > 0) yield take();
}
