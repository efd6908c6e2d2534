// What every call goes through: what a caller gives is checked, its signal is watched, and calls that must not overtake wait in turn.
import { RegistryError } from "./registry_error.js";

/** A failure that needs no registry to tell. What a caller gave is never quoted: it may be a secret. */
export function failure(operation, message, kind = "invalid-input") {
  return new RegistryError(`${operation} failed: ${message}`, kind, operation, []);
}

/** A text that an argument must be. */
export function text(operation, what, value) {
  if (typeof value !== "string") throw failure(operation, `${what} must be a string`);
  return value;
}

/** A whole number that an argument must be. */
export function whole(operation, what, value, most = Number.MAX_SAFE_INTEGER) {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw failure(operation, `${what} must be a whole number from 0 to ${most}`);
  }
  return value;
}

/** A member of the options or of the request that a caller gave, `read` where it is there. */
export function member(operation, given, what, read = text, ...more) {
  if (given !== undefined && given !== null && typeof given !== "object") {
    throw failure(operation, "options must be an object");
  }
  const value = given?.[what] ?? undefined;
  return value === undefined ? undefined : read(operation, what, value, ...more);
}

/** An object as JSON: it goes out as it is given, so that a member this client does not know reaches the registry. */
export function json(operation, what, value) {
  let text;
  try {
    text = typeof value === "object" && value !== null ? JSON.stringify(value) : undefined;
  } catch {
    // It refers to itself, or holds what JSON cannot.
  }
  if (!text?.startsWith("{")) throw failure(operation, `${what} must be an object`);
  return text;
}

/** JSON from the registry, as the browser parses it. */
export function parse(operation, text) {
  try {
    return JSON.parse(text);
  } catch {
    throw failure(operation, "the content is not JSON", "decode");
  }
}

/** Makes the lists named empty where the registry said `null`. */
export function fill(object, lists) {
  for (const name of lists) {
    if (object?.[name] === null) object[name] = [];
  }
  return object;
}

/** The `AbortSignal` of a call's options, where they have one. */
export function signalOf(options) {
  const signal = options?.signal;
  return typeof signal?.addEventListener === "function" ? signal : undefined;
}

/** Every abort is told the same way, whatever the signal's reason. */
export function abortError() {
  return new DOMException("The operation was aborted.", "AbortError");
}

/** Takes steps one after the other, whatever came of the one before. */
export function inTurn() {
  let last = Promise.resolve();
  return (step) => (last = last.then(step, step));
}

/**
 * What `begin` comes to, unless the signal fires first. `begin` gets a promise that rejects then: given that, the wasm side drops its
 * work, which aborts its fetch.
 */
export async function until(signal, begin, turn = (step) => step()) {
  if (!signal) return turn(() => begin());
  let fire, settle;
  const stop = new Promise((resolve, reject) => {
    settle = resolve;
    fire = () => reject(abortError());
  });
  const step = () => {
    if (signal.aborted) throw abortError();
    return begin(stop);
  };
  signal.addEventListener("abort", fire);
  try {
    return await Promise.race([turn(step), stop]);
  } finally {
    signal.removeEventListener("abort", fire);
    // What waits for it on the wasm side goes once it settles.
    settle();
  }
}

/** The same with the signal of a call's options. */
export function run(options, begin, turn) {
  return until(signalOf(options), begin, turn);
}
