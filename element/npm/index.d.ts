/// <reference path="./frameworks.d.ts" />
/**
 * The public face of the npm package `acr-dashboard-element`: the custom element `<acr-dashboard>`. Importing the package defines it.
 *
 * @module acr-dashboard-element
 */

/**
 * Loads the dashboard's WebAssembly now, instead of when the first element comes near the screen. Calling it again is harmless.
 *
 * @param address The address of the folder with the package's .wasm files, or of its `acr_dashboard_element_bg.wasm`, where a bundler has
 *   not put them next to the script. Relative addresses are resolved against the page's.
 * @throws An Error that names the address it tried and what to do; `cause` is the underlying failure.
 */
export default function init(address?: string | URL): Promise<void>;

/** What signs in to the registry: the credentials of the npm package `acr-client-wasm`. Kept in memory only, never in an attribute. */
export type Credential =
  | { kind: "anonymous" }
  | {
      kind: "password";
      /** A token's, a service principal's or the admin user's name. */
      username: string;
      /** Its password. */
      password: string;
    }
  | {
      kind: "refreshToken";
      /** An ACR refresh token, as `az acr login --expose-token` prints it. */
      refreshToken: string;
    }
  | {
      kind: "entra";
      /** The Microsoft Entra tenant of the tokens. */
      tenant?: string;
      /** Called when a token is needed; resolves with a Microsoft Entra access token. */
      getToken(options: { signal?: AbortSignal }): Promise<string>;
    };

/** Gives a credential; asked when the registry is opened, and again when what it gave has ended. */
export type GetCredential = () => Credential | Promise<Credential>;

/** What a screen is about: all repositories, one of them, or a tag or digest in it. */
export type View = "repositories" | "repository" | "manifest";

/** A screen by its parts: a repository, and in it a tag or digest. */
export interface Place {
  /** What the screen is about. Default: what the other members say. */
  view?: View;
  /** The repository's name. */
  repository?: string;
  /** A tag or a digest. */
  reference?: string;
}

/** `acr-navigate`: about to show another screen. `preventDefault()` keeps the dashboard where it is. */
export interface AcrNavigateDetail {
  /** What `route` takes: a path without the registry's name, such as `team/app:1.2?tab=layers`; empty for the repositories. */
  route: string;
  /** What the screen is about. */
  view: View;
  /** The repository's name. */
  repository?: string;
  /** A tag or a digest. */
  reference?: string;
  /** Whether it is the same screen with another tab, search or order: a router replaces its entry then. */
  replace: boolean;
}

/** `acr-select`: the rows selected in a list. */
export interface AcrSelectDetail {
  /** What the list consists of. */
  kind: "tags" | "manifests";
  /** The repository's name. */
  repository: string;
  /** Names of tags, or digests. */
  names: string[];
}

/** A change to the registry. `untag` removes a tag and keeps its manifest; `restore-tag` undoes it. */
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
  /** The tag or digest. */
  reference: string;
  /** `gone`: it was not there any more. `skipped`: a lock keeps it. `waiting`: not tried, since what came before could not be reached. */
  status: "done" | "gone" | "skipped" | "failed" | "waiting";
  /** Why it failed. */
  message?: string;
}

/** A change: what is done, and to what. */
interface AcrChange {
  /** What is done. */
  action: AcrAction;
  /** The repository's name. */
  repository: string;
  /** Tags and digests; empty where it is about the repository itself. */
  references: string[];
  /** With `update-attributes`: the attribute that is set. */
  attributes?: {
    /** Whether it can be pulled. */
    readEnabled?: boolean;
    /** Whether it can be overwritten. */
    writeEnabled?: boolean;
    /** Whether it can be deleted. */
    deleteEnabled?: boolean;
    /** Whether lists show it. */
    listEnabled?: boolean;
  };
}

/** `acr-action`: before a change is sent, when `preventDefault()` stops it, and after it. */
export type AcrActionDetail =
  | (AcrChange & { phase: "before" })
  | (AcrChange & {
      phase: "after";
      /** What became of each reference, in their order. */
      results: AcrActionResult[];
    });

/** `acr-error`: a failure that the dashboard shows. No part of a credential is in it. */
export interface AcrErrorDetail {
  /** What kind of failure it is. `other` includes a dashboard that could not be loaded or has stopped. */
  kind: "sign-in" | "not-found" | "locked" | "rate-limited" | "network" | "other";
  /** What failed. */
  what: string;
  /** Why it failed. */
  why: string;
  /** What to do about it. */
  remedy: string;
  /** The registry's error code, or the HTTP status. */
  code?: string;
  /** The registry's id of the request, for the operator of the registry. */
  requestId?: string;
}

/** The element's events by name. All of them bubble. */
export interface AcrDashboardEventMap {
  /** Before another screen; `preventDefault()` keeps the dashboard where it is. */
  "acr-navigate": CustomEvent<AcrNavigateDetail>;
  /** After rows of tags or manifests have been selected. */
  "acr-select": CustomEvent<AcrSelectDetail>;
  /** Before a change, when `preventDefault()` stops it, and after it. */
  "acr-action": CustomEvent<AcrActionDetail>;
  /** When a failure is shown. */
  "acr-error": CustomEvent<AcrErrorDetail>;
}

/** One registry, in the page of another application. Its properties reflect its attributes, but for `getCredential` and `fetch`, which have none. */
export class AcrDashboardElement extends HTMLElement {
  /** Where the registry answers: an absolute URL, or a path on this page's own origin. */
  endpoint: string;
  /** The registry's login server, such as `contoso.azurecr.io`. Default: the endpoint's host. */
  loginServer: string;
  /** The repository that is shown first; empty for all of them. */
  repository: string;
  /** What is shown first; empty: what `repository` and `reference` say. */
  view: View | "";
  /** A tag or a digest. */
  reference: string;
  /** Where the dashboard is; setting it goes there. */
  route: string;
  /** `memory`: the dashboard moves by itself. `host`: it asks by `acr-navigate`, and moves when `route` is set. */
  routing: "memory" | "host";
  /** What links begin with, where the page has an address of its own for each route. */
  linkBase: string;
  /** The colours; `system` follows the browser's. */
  theme: "light" | "dark" | "system";
  /** How much space rows take. */
  density: "comfortable" | "compact";
  /** Nothing can be changed. */
  readOnly: boolean;
  /** The id of the application that signs users in with Microsoft. Without it, and with `getCredential`, they are not asked to. */
  entraClientId: string;
  /** Where they sign in: the address of the tenant's authority. Default: any organization's, in the public cloud. */
  entraAuthority: string;
  /** The scope of their tokens. Default: `https://containerregistry.azure.net/.default`. */
  entraScope: string;
  /** The address of the package's `redirect.html` on this page's own origin. Default: `redirect.html` next to this page. */
  entraRedirectUri: string;
  /** Gives credentials; anonymous where there is none. */
  getCredential: GetCredential | undefined;
  /** Carries requests in the place of the browser's own `fetch`. Called with a URL and options whose `headers` are a plain object. */
  fetch: ((input: string, init: RequestInit) => Promise<Response>) | undefined;

  /** Shows a screen: a route, or the parts of one. No `acr-navigate` comes of it. */
  navigate(target: string | Place): void;
  /** Loads anew what is shown. */
  refresh(): void;

  /** Adds a listener, with the type of the event's detail for the element's own events. */
  addEventListener<K extends keyof AcrDashboardEventMap>(
    type: K,
    listener: (this: AcrDashboardElement, event: AcrDashboardEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Adds a listener for any other event. */
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Removes a listener of one of the element's own events. */
  removeEventListener<K extends keyof AcrDashboardEventMap>(
    type: K,
    listener: (this: AcrDashboardElement, event: AcrDashboardEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  /** Removes a listener of any other event. */
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** The element's attributes, for the typings of frameworks. */
export interface AcrDashboardAttributes {
  /** Where the registry answers: an absolute URL, or a path on this page's own origin. */
  endpoint?: string | undefined;
  /** The registry's login server, such as `contoso.azurecr.io`. Default: the endpoint's host. */
  "login-server"?: string | undefined;
  /** The repository that is shown first. Default: all of them. */
  repository?: string | undefined;
  /** What is shown first. Default: what `repository` and `reference` say. */
  view?: View | "" | undefined;
  /** A tag or a digest. */
  reference?: string | undefined;
  /** Where the dashboard is: a path without the registry's name, such as `team/app:1.2?tab=layers`. */
  route?: string | undefined;
  /** `memory` (default): the dashboard moves by itself. `host`: it asks by `acr-navigate`, and moves when `route` is set. */
  routing?: "memory" | "host" | undefined;
  /** What links begin with, where the page has an address of its own for each route. */
  "link-base"?: string | undefined;
  /** The colours. Default: `system`, which follows the browser's. */
  theme?: "light" | "dark" | "system" | undefined;
  /** How much space rows take. Default: `comfortable`. */
  density?: "comfortable" | "compact" | undefined;
  /** Nothing can be changed. */
  "read-only"?: boolean | "" | undefined;
  /** The id of the application that signs users in with Microsoft. Without it, and with `getCredential`, they are not asked to. */
  "entra-client-id"?: string | undefined;
  /** Where they sign in: the address of the tenant's authority. Default: any organization's, in the public cloud. */
  "entra-authority"?: string | undefined;
  /** The scope of their tokens. Default: `https://containerregistry.azure.net/.default`. */
  "entra-scope"?: string | undefined;
  /** The address of the package's `redirect.html` on this page's own origin. Default: `redirect.html` next to this page. */
  "entra-redirect-uri"?: string | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    /** An Azure Container Registry in this page. */
    "acr-dashboard": AcrDashboardElement;
  }
}
