// The worker that reads image layers: starts its WebAssembly module, which listens for the page's messages from then on. Without an await at
// the top level, which bundlers cannot put into a classic worker.
import init from "./acr-layers-worker.js";

// Thrown outside of the promise, a failure reaches the page as the worker's error.
init().catch((error) => setTimeout(() => { throw error; }));
