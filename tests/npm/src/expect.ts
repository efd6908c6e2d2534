// What the tests of the package's edges expect of calls that fail, and the client that they call.
import { RegistryClient, RegistryError } from "acr-client-wasm";

export const DIGEST = `sha256:${"a".repeat(64)}`;
/** Of "hello world". */
export const HELLO = "sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert(false, "what should have been refused was accepted"),
    (error: unknown) => error,
  );
}

export async function refused(promise: Promise<unknown>, kind: RegistryError["kind"], what: string): Promise<RegistryError> {
  const error = await rejection(promise);
  assert(error instanceof RegistryError, `${what}: ${String(error)}`);
  assert(error.kind === kind, `${what}: ${error.kind}: ${error.message}`);
  return error;
}

export async function aborted(promise: Promise<unknown>, what: string): Promise<void> {
  const error = await rejection(promise);
  assert(error instanceof DOMException && error.name === "AbortError", `${what}: ${String(error)}`);
}

export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
export const client = (): RegistryClient => new RegistryClient({ endpoint: "http://registry.test", retry: { maxDelayInMs: 1 } });
