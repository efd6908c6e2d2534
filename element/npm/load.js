// Fetches the WebAssembly module and the styles, once for all elements of a page, and says in plain words what keeps them from loading.

/** Why the dashboard cannot be shown here, and what to do about it. */
export class Refusal extends Error {
  constructor(what, remedy, why = "") {
    super(`${what} ${remedy}`);
    this.what = what;
    this.why = why;
    this.remedy = remedy;
  }
}

let loading;

/** The dashboard's class and its style sheets. A load that failed may be tried again. */
export function load() {
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
  try {
    if (!(await wasmAllowed())) {
      throw new Refusal(
        "A Content-Security-Policy forbids WebAssembly here.",
        "Whoever serves this page has to add 'wasm-unsafe-eval' to its script-src directive.",
      );
    }
    const [glue, styles] = await Promise.all([import("./acr_dashboard_element.js"), import("./styles.js")]);
    await glue.default();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles.default);
    return { Dashboard: glue.Dashboard, sheets: [sheet] };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // The event comes in a task of its own, behind the failure it explains.
    await new Promise((told) => setTimeout(told));
    const directive = forbidden.find((name) => name.startsWith("script-src") || name === "connect-src");
    if (directive === undefined) {
      throw new Refusal("The dashboard could not be loaded.", "Reload the page. If it stays so, the package's files are not where its module looks for them.", String(error));
    }
    const own = new URL(import.meta.url).origin;
    throw new Refusal(
      "A Content-Security-Policy keeps the dashboard from loading.",
      `Whoever serves this page has to add ${own} to its ${directive.startsWith("script-src") ? "script-src" : directive} directive.`,
    );
  } finally {
    document.removeEventListener("securitypolicyviolation", watch);
  }
}

/** Whether the page's policy lets WebAssembly be compiled; the smallest module there is tells. */
async function wasmAllowed() {
  try {
    await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    return true;
  } catch {
    return false;
  }
}
