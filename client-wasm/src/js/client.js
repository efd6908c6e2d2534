// What `RegistryClient` itself does: its options, checked, and its one operation.
import { failure, member, run, text, whole } from "./call.js";

const OPERATION = "RegistryClient";

export function checkSupport(calls, options) {
  return run(options, (stop) => calls.call("V2Support_Check", [], stop));
}

/** What a client is made of, in the order the wasm side takes it. */
export function settings(options) {
  if (typeof options !== "object" || options === null) throw failure(OPERATION, "the options of RegistryClient must be an object");
  const { endpoint } = options;
  const retry = member(OPERATION, options, "retry", (operation, what, value) => value);
  return [
    text(OPERATION, "endpoint", endpoint instanceof URL ? endpoint.href : endpoint),
    member(OPERATION, options, "loginServer"),
    member(OPERATION, retry, "maxRetries", whole, 2 ** 32 - 1),
    member(OPERATION, retry, "maxDelayInMs", whole, 2 ** 32 - 1),
    ...credential(options.credential ?? { kind: "anonymous" }),
  ];
}

/** Kind, user name or tenant, and secret or what gives it. */
function credential(given) {
  const required = (what) => text(OPERATION, what, member(OPERATION, given, what));
  const kind = member(OPERATION, given, "kind");
  switch (kind) {
    case "anonymous":
      return [kind];
    case "password":
      return [kind, required("username"), required("password")];
    case "refreshToken":
      return [kind, undefined, required("refreshToken")];
    case "entra":
      if (typeof given.getToken !== "function") throw failure(OPERATION, "getToken must be a function");
      return [kind, member(OPERATION, given, "tenant"), (options) => given.getToken(options)];
    default:
      throw failure(OPERATION, 'the kind of a credential must be "anonymous", "password", "refreshToken" or "entra"');
  }
}
