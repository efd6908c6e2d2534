// Starts the dashboard: applies the remembered theme before the first paint of data, streams the wasm while it compiles,
// and says in plain words what keeps it from starting. No credential is ever read or kept here.

const PREFERENCES = "acr-dashboard.preferences";

function applyTheme() {
  try {
    const stored = JSON.parse(localStorage.getItem(PREFERENCES) ?? "{}");
    if (stored.theme === "light" || stored.theme === "dark") {
      document.documentElement.setAttribute("data-theme", stored.theme);
    }
    if (stored.density === "compact") {
      document.documentElement.setAttribute("data-density", "compact");
    }
  } catch {
    // Storage may be forbidden, or hold something else: the defaults do.
  }
}

function say(title, remedy) {
  const place = document.getElementById("boot-message");
  if (!place) return;
  place.textContent = `${title} ${remedy}`;
  for (const skeleton of document.querySelectorAll(".boot .skeleton")) skeleton.remove();
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

/** In a frame the dashboard comes without banner and navigation, and so does what stands in its place. */
function withoutChrome() {
  const path = new URL(document.baseURI).pathname;
  const below = location.pathname.slice(path.length);
  if (below !== "embed" && !below.startsWith("embed/")) return;
  for (const part of document.querySelectorAll(".boot .banner, .boot .nav")) part.remove();
  document.querySelector(".boot")?.classList.add("embedded");
}

/** What the dashboard loads when it is needed, by an address that follows the file's name. */
globalThis.acrDashboard = { loadMicrosoft: () => import("./microsoft.js") };

async function boot() {
  applyTheme();
  withoutChrome();
  if (typeof WebAssembly !== "object") {
    say("This browser has no WebAssembly.", "Use a current browser, or have WebAssembly allowed in this one.");
    return;
  }
  if (!(await wasmAllowed())) {
    say(
      "A Content-Security-Policy forbids WebAssembly here.",
      "The server of this page has to add 'wasm-unsafe-eval' to its script-src directive.",
    );
    return;
  }
  try {
    const { default: init } = await import("./acr-dashboard.js");
    await init({ module_or_path: new URL("./acr-dashboard_bg.wasm", import.meta.url) });
  } catch (error) {
    say("The dashboard could not be loaded.", `Check that the gateway is running and reload the page. (${error})`);
  }
}

await boot();
