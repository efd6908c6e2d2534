// The page of every consumer in a browser: runs the exercise in the page, then, where a bundler made one, in a module Worker, and
// shows the result. (An import map, which a plain page needs, does not reach into workers.)
import { exercise } from "./exercise.js";

const parameters = new URLSearchParams(location.search);
const endpoint = parameters.get("endpoint") ?? "";
const name = parameters.get("name") ?? "consumer";

function inWorker(): Promise<void> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<string>) => (data === "passed" ? resolve() : reject(new Error(`in the worker: ${data}`)));
    worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    worker.postMessage({ endpoint, repository: `${name}/worker` });
  });
}

exercise(endpoint, `${name}/page`)
  .then(() => (parameters.has("worker") ? inWorker() : undefined))
  .then(
    () => "passed",
    (error: unknown) => String(error),
  )
  .then((result) => {
    document.querySelector("h1")!.textContent = result;
  });
