// The end of the WebAssembly module. After a panic, or an exception that passed through it, its state is undefined; all elements of a page
// share it, so each of them stops.
import { Refusal } from "./refusal.js";

const watchers = new Set();
let reason;

/** Why the module has ended; undefined while it runs. */
export function ended() {
  return reason;
}

/** Ends the module for every element. Called while it is on the stack, so elements hear of it afterwards. */
export function end() {
  if (reason) return;
  reason = new Refusal(
    "The dashboard has stopped.",
    "Reload the page. What was sent to the registry before has been carried out or refused as usual.",
    "An error in its program ended it; the browser's console has the details.",
  );
  queueMicrotask(() => {
    for (const stop of [...watchers]) stop(reason);
  });
}

/** Calls `stop` with the reason when the module ends. */
export function watch(stop) {
  watchers.add(stop);
}

/** Forgets a function that was to be called. */
export function unwatch(stop) {
  watchers.delete(stop);
}
