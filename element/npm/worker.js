// Starts the worker that reads the layers of images, once the files of an image are opened.

let policy;

/** An address as a page with `require-trusted-types-for 'script'` accepts it; throws where its `trusted-types` lists no such policy. */
function trusted(address) {
  policy ??= trustedTypes.createPolicy("acr-dashboard-element", { createScriptURL: (text) => text });
  return policy.createScriptURL(address);
}

/** The worker; throws what the browser throws where it allows none. */
export function startWorker() {
  const options = { type: "module" };
  // Written out, since bundlers look for exactly this.
  const start = () => new Worker(new URL("./layers-worker.js", import.meta.url), { type: "module" });
  const { origin } = new URL(import.meta.url);
  const isOwn = origin === location.origin || !origin.startsWith("http");
  let address = new URL("./layers-worker.js", import.meta.url).href;
  if (!isOwn) {
    // A worker's own file has to be of the page's origin. What that file imports does not.
    const module = new Blob([`import ${JSON.stringify(address)};`], { type: "text/javascript" });
    address = URL.createObjectURL(module);
  }
  try {
    return isOwn ? start() : new Worker(address, options);
  } catch (error) {
    // A page that requires trusted types refuses texts. No other page is asked for a policy, which it may forbid.
    if (!(error instanceof TypeError && globalThis.trustedTypes)) throw error;
    return new Worker(trusted(address), options);
  }
}
