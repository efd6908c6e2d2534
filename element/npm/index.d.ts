// The public face of the npm package `acr-dashboard-element`: the custom element <acr-dashboard>.

/** What signs in to the registry: the credentials of the npm package `acr-client-wasm`. Kept in memory only, never in an attribute. */
export type Credential =
  | { kind: "anonymous" }
  | { kind: "password"; username: string; password: string }
  | { kind: "refreshToken"; refreshToken: string }
  | { kind: "entra"; tenant?: string; getToken(options: { signal?: AbortSignal }): Promise<string> };

/** Gives a credential; asked when the registry is opened, and again when what it gave has ended. */
export type GetCredential = () => Credential | Promise<Credential>;

export type View = "repositories" | "repository" | "manifest";

/** A screen by its parts: a repository, and in it a tag or digest. */
export interface Place {
  view?: View;
  repository?: string;
  reference?: string;
}

/** `acr-navigate`: about to show another screen. `preventDefault()` keeps the dashboard where it is. */
export interface AcrNavigateDetail {
  /** What `route` takes: a path without the registry's name, such as `team/app:1.2?tab=layers`; empty for the repositories. */
  route: string;
  view: View;
  repository?: string;
  /** A tag or a digest. */
  reference?: string;
  /** Whether it is the same screen with another tab, search or order: a router replaces its entry then. */
  replace: boolean;
}

/** `acr-select`: the rows selected in a list. */
export interface AcrSelectDetail {
  kind: "tags" | "manifests";
  repository: string;
  /** Names of tags, or digests. */
  names: string[];
}

export type AcrAction =
  | "untag"
  | "delete"
  | "lock"
  | "unlock"
  | "delete-repository"
  | "update-attributes"
  | "restore-tag";

/** What became of one reference. */
export interface AcrActionResult {
  reference: string;
  /** `gone`: it was not there any more. `skipped`: a lock keeps it. `waiting`: not tried, since what came before could not be reached. */
  status: "done" | "gone" | "skipped" | "failed" | "waiting";
  /** Why it failed. */
  message?: string;
}

interface AcrChange {
  action: AcrAction;
  repository: string;
  /** Tags and digests; empty where it is about the repository itself. */
  references: string[];
  /** With `update-attributes`: the attribute that is set. */
  attributes?: {
    readEnabled?: boolean;
    writeEnabled?: boolean;
    deleteEnabled?: boolean;
    listEnabled?: boolean;
  };
}

/** `acr-action`: before a change is sent, when `preventDefault()` stops it, and after it. */
export type AcrActionDetail =
  | (AcrChange & { phase: "before" })
  | (AcrChange & { phase: "after"; results: AcrActionResult[] });

/** `acr-error`: a failure that the dashboard shows. No part of a credential is in it. */
export interface AcrErrorDetail {
  kind: "sign-in" | "not-found" | "locked" | "rate-limited" | "network" | "other";
  /** What failed. */
  what: string;
  why: string;
  /** What to do about it. */
  remedy: string;
  /** The registry's error code, or the HTTP status. */
  code?: string;
  requestId?: string;
}

export interface AcrDashboardEventMap {
  "acr-navigate": CustomEvent<AcrNavigateDetail>;
  "acr-select": CustomEvent<AcrSelectDetail>;
  "acr-action": CustomEvent<AcrActionDetail>;
  "acr-error": CustomEvent<AcrErrorDetail>;
}

/** One registry, in somebody else's page. Its properties reflect its attributes, but for `getCredential` and `fetch`, which have none. */
export class AcrDashboardElement extends HTMLElement {
  /** Where the registry answers: an absolute URL, or a path on this page's own origin. */
  endpoint: string;
  /** The registry's login server, such as `contoso.azurecr.io`. Default: the endpoint's host. */
  loginServer: string;
  repository: string;
  view: View | "";
  /** A tag or a digest. */
  reference: string;
  /** Where the dashboard is; setting it goes there. */
  route: string;
  /** `memory`: the dashboard moves by itself. `host`: it asks by `acr-navigate`, and moves when `route` is set. */
  routing: "memory" | "host";
  /** What links begin with, where the page has an address of its own for each route. */
  linkBase: string;
  theme: "light" | "dark" | "system";
  density: "comfortable" | "compact";
  /** Nothing can be changed. */
  readOnly: boolean;
  /** Gives credentials; anonymous where there is none. */
  getCredential: GetCredential | undefined;
  /** Carries requests in the place of the browser's own `fetch`. Called with a URL and options whose `headers` are a plain object. */
  fetch: ((input: string, init: RequestInit) => Promise<Response>) | undefined;

  /** Shows a screen: a route, or the parts of one. No `acr-navigate` comes of it. */
  navigate(target: string | Place): void;
  /** Loads anew what is shown. */
  refresh(): void;

  addEventListener<K extends keyof AcrDashboardEventMap>(
    type: K,
    listener: (this: AcrDashboardElement, event: AcrDashboardEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof AcrDashboardEventMap>(
    type: K,
    listener: (this: AcrDashboardElement, event: AcrDashboardEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** The element's attributes, for the typings of frameworks. */
export interface AcrDashboardAttributes {
  endpoint?: string;
  "login-server"?: string;
  repository?: string;
  view?: View;
  reference?: string;
  route?: string;
  routing?: "memory" | "host";
  "link-base"?: string;
  theme?: "light" | "dark" | "system";
  density?: "comfortable" | "compact";
  "read-only"?: boolean | "";
}

declare global {
  interface HTMLElementTagNameMap {
    "acr-dashboard": AcrDashboardElement;
  }
}
