// Fetches the WebAssembly module and the styles, once for all elements of a page, and says in plain words what keeps them from loading.
import { Refusal } from "./refusal.js";
import { end, ended } from "./stop.js";

/** The module that is fetched first; its later parts lie in the same folder. */
const MODULE = "acr_dashboard_element_bg.wasm";

let folder;
let loading;

/**
 * Loads what all elements of the page need, now instead of when an element is first seen. `address`: the folder that has the package's
 * .wasm files, or its acr_dashboard_element_bg.wasm, where a bundler has not put them next to the script. Calling it again is harmless.
 */
export default async function init(address) {
  if (address !== undefined) folder = folderOf(address);
  await load();
}

/** The dashboard's class and its style sheets. A load that failed may be tried again. */
export function load() {
  if (ended()) return Promise.reject(ended());
  loading ??= start().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start() {
  if (typeof WebAssembly !== "object") {
    throw new Refusal("This browser has no WebAssembly.", "Use a current browser, or have WebAssembly allowed in this one.");
  }
  const forbidden = [];
  const watch = (event) => forbidden.push(event.effectiveDirective);
  document.addEventListener("securitypolicyviolation", watch);
  let script;
  try {
    if (!(await wasmAllowed())) {
      throw new Refusal(
        "A Content-Security-Policy forbids WebAssembly here.",
        "The server of this page has to add 'wasm-unsafe-eval' to its script-src directive.",
      );
    }
    const [loaded, styles] = await Promise.all([import("./acr_dashboard_element.js"), import("./styles.js")]);
    script = loaded;
    const from = folder ?? (await unmoved());
    if (from !== undefined) script.fetchFrom(from);
    await script.default();
    script.onPanic(end);
    window.addEventListener("error", ({ filename, message }) => {
      // A listener that outlives its element changes nothing: wasm-bindgen refuses the call.
      if (script.isOwn(filename) && !message.includes("after being dropped")) end();
    });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles.default);
    return { Dashboard: script.Dashboard, sheets: [sheet] };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // The event comes in a task of its own, after the failure that it explains.
    await new Promise((resolve) => setTimeout(resolve));
    throw refused(error, forbidden, script?.fetched() ?? []);
  } finally {
    document.removeEventListener("securitypolicyviolation", watch);
  }
}

/** Why the module could not be loaded, from where, and where to read on. */
function refused(cause, forbidden, addresses) {
  const directive = forbidden.find((name) => name.startsWith("script-src") || name === "connect-src");
  const address = addresses[0] ?? folder ?? `next to ${import.meta.url ?? "the bundle"}`;
  if (directive !== undefined) {
    return new Refusal(
      "A Content-Security-Policy keeps the dashboard from loading.",
      `The server of this page has to add ${originOf(address)} to its ${directive.startsWith("script-src") ? "script-src" : directive} directive.`,
      "",
      cause,
    );
  }
  const reason = String(cause?.message ?? cause);
  // The first bytes of a page, where those of a module should be.
  const page = /found 3c/i.test(reason) ? "The server answered with a page (HTML) instead of the module. " : "";
  return new Refusal(
    "The dashboard could not be loaded.",
    `${page}Serve the package's .wasm files there, or pass the address of their folder to init(): see "Toolchains" in the README of acr-dashboard-element.`,
    `${address} could not be loaded: ${reason}`,
    cause,
  );
}

function folderOf(address) {
  const url = new URL(address, document.baseURI);
  if (!url.pathname.endsWith("/") && !url.pathname.endsWith(".wasm")) url.pathname += "/";
  return new URL(".", url).href;
}

function originOf(address) {
  try {
    return new URL(address).origin;
  } catch {
    return location.origin;
  }
}

/**
 * The folder of the .wasm files where the development server of Vite up to version 7 runs this: it moves scripts of packages into a hidden
 * folder in node_modules, and leaves other files where they are.
 */
async function unmoved() {
  const moved = /^(https?:.*\/node_modules\/)\.(?!.*\/node_modules\/)/.exec(import.meta.url ?? "");
  if (!moved) return undefined;
  const found = `${moved[1]}acr-dashboard-element/`;
  const answer = await fetch(found + MODULE, { method: "HEAD" }).catch(() => undefined);
  return answer?.headers.get("Content-Type")?.startsWith("application/wasm") ? found : undefined;
}

/** Whether the page's policy lets WebAssembly be compiled; tried with the smallest module there is. */
async function wasmAllowed() {
  try {
    await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    return true;
  } catch {
    return false;
  }
}
