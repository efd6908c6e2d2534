// The race between an operation and the caller's AbortSignal.

/** Every abort is reported the same way, whatever the signal's reason. */
export function abortError() {
  return new DOMException("The operation was aborted.", "AbortError");
}

/** Watches a signal until `stop()` is called: `aborted` rejects once it fires. */
export class AbortWatch {
  constructor(signal) {
    this.aborted = new Promise((resolve, reject) => {
      const fire = () => reject(abortError());
      signal.addEventListener("abort", fire);
      this.stop = () => {
        signal.removeEventListener("abort", fire);
        resolve();
      };
    });
  }
}
