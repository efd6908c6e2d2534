// Streams of bytes across the border: out of wasm as a `ReadableStream`, into it from whatever a caller uploads. No stream is held whole
// on either side.
import { abortError, failure, until } from "./call.js";

/** Bytes of an array that are handed over at a time. */
const PIECE = 1024 * 1024;

/** Tells a caller's function how far a transfer is. What it throws is the caller's own; the transfer goes on. */
export function report(onProgress, loadedBytes, totalBytes) {
  try {
    onProgress?.(totalBytes === undefined ? { loadedBytes } : { loadedBytes, totalBytes });
  } catch {
    // See above.
  }
}

/** A download as a caller reads it. The signal ends it at once, and so does cancelling the stream. */
export function readable(download, signal, onProgress) {
  const { size } = download;
  const over = new AbortController();
  let received = 0;
  let abort;
  const end = () => {
    if (over.signal.aborted) return;
    over.abort();
    signal?.removeEventListener("abort", abort);
    download.free();
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
        const chunk = await until(over.signal, (stop) => download.chunk(stop));
        if (chunk === undefined) {
          end();
          controller.close();
          return;
        }
        received += chunk.length;
        report(onProgress, received, size);
        controller.enqueue(chunk);
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
    let at = 0;
    const next = async () => (at < array.length ? array.subarray(at, (at += PIECE)) : undefined);
    return { next, size: array.length, cancel() {} };
  }
  const isBlob = content instanceof Blob;
  if (!isBlob && !(content instanceof ReadableStream)) {
    throw failure(operation, "content must be a Uint8Array, an ArrayBuffer, a Blob, a File or a ReadableStream");
  }
  const stream = isBlob ? content.stream() : content;
  if (stream.locked) throw failure(operation, "the stream is being read by somebody else");
  const reader = stream.getReader();
  const next = async () => {
    const { value } = await reader.read();
    if (value === undefined || value instanceof Uint8Array) return value;
    throw new Error("the stream gave something that is no bytes");
  };
  // Whether a stream can be cancelled is none of ours.
  return { next, size: isBlob ? content.size : undefined, cancel: () => reader.cancel().catch(() => {}) };
}
