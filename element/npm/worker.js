// Starts the worker that reads the layers of images, once the files of an image are opened.

/** The worker; throws what the browser throws where it allows none. */
export function startWorker() {
  // Written out, since bundlers look for exactly this.
  const start = () => new Worker(new URL("./layers-worker.js", import.meta.url), { type: "module" });
  const { origin } = new URL(import.meta.url);
  if (origin === location.origin || !origin.startsWith("http")) return start();
  // A worker's own file has to be of the page's origin. What that file imports does not.
  const address = new URL("./layers-worker.js", import.meta.url).href;
  const module = URL.createObjectURL(new Blob([`import ${JSON.stringify(address)};`], { type: "text/javascript" }));
  return new Worker(module, { type: "module" });
}
