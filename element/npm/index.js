// The custom element <acr-dashboard>: its attributes and properties, when it loads, what it shows meanwhile, and its events. The dashboard
// itself is in the WebAssembly module, which is fetched when an element is first seen; elements share it.
import init, { load } from "./load.js";
import { message, skeleton } from "./placeholder.js";
import { Refusal } from "./refusal.js";
import { end, unwatch, watch } from "./stop.js";
import { startWorker } from "./worker.js";

export default init;

/** Attributes that change what is there, each with what it calls. */
const LIVE = { theme: "setTheme", density: "setDensity" };
/** Attributes that say where the dashboard is. */
const PLACE = ["view", "repository", "reference", "route"];
/** Attributes that begin it anew. */
const FIXED = [
  "endpoint", "login-server", "link-base", "routing", "read-only",
  "entra-client-id", "entra-authority", "entra-scope", "entra-redirect-uri",
];
/** Properties that are an attribute's text: the attribute, and what it is where it is absent. */
const TEXTS = {
  endpoint: ["endpoint", ""],
  loginServer: ["login-server", ""],
  view: ["view", ""],
  repository: ["repository", ""],
  reference: ["reference", ""],
  linkBase: ["link-base", ""],
  routing: ["routing", "memory"],
  theme: ["theme", "system"],
  density: ["density", "comfortable"],
  entraClientId: ["entra-client-id", ""],
  entraAuthority: ["entra-authority", "https://login.microsoftonline.com/organizations"],
  entraScope: ["entra-scope", "https://containerregistry.azure.net/.default"],
  entraRedirectUri: ["entra-redirect-uri", "redirect.html"],
};

/** A server that renders pages imports this module too; it has no elements. */
const Base = globalThis.HTMLElement ?? class {};

/** One registry, in the page of another application. */
export class AcrDashboardElement extends Base {
  static observedAttributes = [...Object.keys(LIVE), ...PLACE, ...FIXED];

  #shadow = this.attachShadow({ mode: "open" });
  #place;
  #dashboard;
  #seen;
  #awaited = false;
  #current = "";
  #getCredential;
  #fetch;

  // What a framework has set as plain properties before this class was known.
  #upgrade() {
    for (const name of [...Object.keys(TEXTS), "route", "readOnly", "getCredential", "fetch"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
  }

  /** Where the dashboard is; setting it goes there. */
  get route() { return this.#current; }
  set route(value) {
    reflect(this, "route", value);
    // The attribute may say so already, from before one moved on.
    if ((value ?? "") !== this.#current) this.navigate(value ?? "");
  }
  get readOnly() { return this.hasAttribute("read-only"); }
  set readOnly(value) { this.toggleAttribute("read-only", Boolean(value)); }

  /** Gives credentials. Another function in its place is simply asked the next time; one where there was none begins anew. */
  get getCredential() { return this.#getCredential; }
  set getCredential(value) { this.#getCredential = this.#replace(this.#getCredential, value); }
  /** Carries requests in the place of the browser's fetch. */
  get fetch() { return this.#fetch; }
  set fetch(value) { this.#fetch = this.#replace(this.#fetch, value); }

  /** Shows a screen: a route, or the parts of one. */
  navigate(target) {
    const route = typeof target === "string" ? target : routeOf(target);
    this.#current = route;
    this.#call("navigate", route);
  }

  /** Loads anew what is shown. */
  refresh() {
    this.#call("refresh");
  }

  /** Calls the module. What it throws out of a call is no answer but its end. */
  #call(method, ...values) {
    try {
      this.#dashboard?.[method](...values);
    } catch (error) {
      end();
      throw error;
    }
  }

  connectedCallback() {
    this.#upgrade();
    if (this.#dashboard || this.#seen) return;
    this.#current = this.#routeOfAttributes();
    skeleton(this.#shadow);
    this.#seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#start();
    }, { rootMargin: "200px" });
    this.#seen.observe(this);
  }

  disconnectedCallback() {
    // An element that is only moved comes back before this is over.
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (PLACE.includes(name)) {
      if (!this.#placed()) return;
      this.navigate(name === "route" ? (now ?? "") : this.#routeOfAttributes(name));
    } else if (LIVE[name]) {
      this.#call(LIVE[name], now ?? "");
    } else {
      this.#again();
    }
  }

  #placed() {
    return this.isConnected && this.#seen !== undefined;
  }

  #replace(before, value) {
    const now = typeof value === "function" ? value : undefined;
    if ((before === undefined) !== (now === undefined)) this.#again();
    return now;
  }

  /** Begins anew with what is set now, once for all that is set together. */
  #again() {
    if (!this.#placed() || this.#awaited) return;
    this.#awaited = true;
    queueMicrotask(() => {
      this.#awaited = false;
      if (!this.#placed()) return;
      const route = this.#current;
      this.#stop();
      this.connectedCallback();
      this.#current = route;
    });
  }

  #routeOfAttributes(changed) {
    const route = this.getAttribute("route");
    return route !== null && changed === undefined ? route : routeOf(this);
  }

  async #start() {
    const seen = this.#seen;
    seen.disconnect();
    try {
      const { Dashboard, sheets } = await load();
      // Removed, or begun anew, while it was loading.
      if (this.#seen !== seen || this.#dashboard) return;
      if (!this.endpoint) {
        throw new Refusal("This dashboard does not know its registry.", "Give the element an endpoint: where the registry's /v2 and /acr/v1 answer.");
      }
      this.#place = document.createElement("div");
      this.#shadow.adoptedStyleSheets = sheets;
      this.#shadow.replaceChildren(this.#place);
      this.#dashboard = new Dashboard(this.#shadow, this.#place, this.#options());
      document.addEventListener("securitypolicyviolation", this.#forbidden);
      watch(this.#ended);
    } catch (error) {
      if (this.#seen === seen) this.#refuse(error);
    }
  }

  /** Shows why there is no dashboard, and reports it. */
  #refuse(error) {
    message(this.#shadow, error);
    this.dispatchEvent(new CustomEvent("acr-error", {
      bubbles: true,
      composed: true,
      detail: { kind: "other", what: error.what ?? "The dashboard could not be loaded.", why: String(error.why ?? error), remedy: error.remedy ?? "" },
    }));
  }

  /** The module has ended: nothing in it may be called any more, not even to free memory. */
  #ended = (reason) => {
    this.#dashboard = undefined;
    this.#place = undefined;
    this.#leave();
    this.#refuse(reason);
  };

  #leave() {
    unwatch(this.#ended);
    document.removeEventListener("securitypolicyviolation", this.#forbidden);
  }

  #stop() {
    this.#seen?.disconnect();
    this.#seen = undefined;
    this.#leave();
    this.#dashboard?.free();
    this.#dashboard = undefined;
    this.#place = undefined;
    this.#shadow.replaceChildren();
  }

  #options() {
    return {
      endpoint: this.endpoint,
      loginServer: this.loginServer || hostOf(this.endpoint),
      route: this.#current,
      hostRouting: this.routing === "host",
      links: this.linkBase,
      theme: this.theme,
      density: this.density,
      readOnly: this.readOnly,
      entraClientId: this.entraClientId,
      entraAuthority: this.entraAuthority,
      entraScope: this.entraScope,
      entraRedirectUri: absolute(this.entraRedirectUri),
      loadMicrosoft: () => import("./microsoft.js"),
      // Asked for at each call: a framework may put another function there at each rendering.
      getCredential: this.#getCredential && (() => this.#getCredential?.()),
      fetch: this.#fetch && ((...request) => this.#fetch(...request)),
      startWorker,
      emit: (name, detail, cancelable) => this.#emit(name, detail, cancelable),
    };
  }

  #emit(name, detail, cancelable) {
    const event = new CustomEvent(name, { bubbles: true, composed: true, cancelable, detail });
    const allowed = this.dispatchEvent(event);
    if (name === "acr-navigate" && allowed && this.routing !== "host") this.#current = detail.route;
    return allowed;
  }

  /** A policy that keeps requests from leaving shows as a network failure only; this is the one place that knows better. */
  #forbidden = (event) => {
    if (event.effectiveDirective !== "connect-src") return;
    const addresses = this.entraClientId ? [this.endpoint, this.entraAuthority] : [this.endpoint];
    const origins = addresses.map((address) => new URL(address, document.baseURI).origin);
    const origin = origins.find((origin) => event.blockedURI.startsWith(origin));
    if (!origin || this.#shadow.querySelector(".notice")) return;
    const notice = document.createElement("p");
    notice.className = "notice state-why";
    notice.setAttribute("role", "alert");
    notice.textContent = `A Content-Security-Policy forbids this page to send requests to ${origin === origins[0] ? "the registry" : "Microsoft"}: the server of this page has to add ${origin} to its connect-src directive.`;
    this.#shadow.prepend(notice);
  };
}

for (const [property, [attribute, absent]] of Object.entries(TEXTS)) {
  Object.defineProperty(AcrDashboardElement.prototype, property, {
    get() { return this.getAttribute(attribute) ?? absent; },
    set(value) { reflect(this, attribute, value); },
    configurable: true,
    enumerable: true,
  });
}

function reflect(element, attribute, value) {
  if (value === null || value === undefined) element.removeAttribute(attribute);
  else element.setAttribute(attribute, String(value));
}

/** The route of a view, a repository and a reference. */
function routeOf({ view, repository, reference }) {
  if (!repository || view === "repositories") return "";
  if (!reference || view === "repository") return repository;
  return repository + (reference.includes(":") ? "@" : ":") + reference;
}

/** An address as the page means it; empty where it is none. */
function absolute(address) {
  try {
    return new URL(address, document.baseURI).href;
  } catch {
    return "";
  }
}

function hostOf(endpoint) {
  try {
    return new URL(endpoint, document.baseURI).host;
  } catch {
    return "";
  }
}

if (globalThis.customElements && !customElements.get("acr-dashboard")) {
  customElements.define("acr-dashboard", AcrDashboardElement);
}
