// A download as a ReadableStream. It is JavaScript because its bytes need not pass through wasm memory to reach the caller: they are
// hashed there, and the chunk that the browser read is handed on. And because a signal must end the stream while nothing reads it.
import { abortError } from "./abort.js";

/** Bytes that are hashed at a time: small enough to stay in the processor's cache on the way into wasm memory. */
const PIECE = 64 * 1024;

/** Calls a caller's function. What it throws does not end the transfer. */
function report(onProgress, loadedBytes, totalBytes) {
  try {
    onProgress?.(totalBytes === undefined ? { loadedBytes } : { loadedBytes, totalBytes });
  } catch {
    // See above.
  }
}

async function nextOf(reader) {
  const value = (await reader?.read())?.value;
  if (value === undefined || typeof value.subarray === "function") return value;
  throw new TypeError("the stream contains something that is not bytes");
}

/** The stream of a `Download`. The signal ends it at once, and so does cancelling it. */
export function readable(download, signal, onProgress) {
  const { size } = download;
  let reader = download.body()?.getReader();
  let received = 0;
  let over = false;
  let abort;
  const end = () => {
    if (over) return;
    over = true;
    signal?.removeEventListener("abort", abort);
    // Ends the fetch, and whatever `resume` is waiting for.
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
            broken = error ?? "the stream broke off";
          }
          if (over) return;
          if (chunk) {
            for (let at = 0; at < chunk.length; at += PIECE) download.pass(chunk.subarray(at, at + PIECE));
            received += chunk.length;
            report(onProgress, received, size);
            controller.enqueue(chunk);
            return;
          }
          const complete = await download.ended(broken);
          if (over) return;
          if (complete) {
            end();
            controller.close();
            return;
          }
          reader = download.body()?.getReader();
        }
      } catch (error) {
        if (over) return;
        end();
        throw error;
      }
    },
    cancel: end,
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
