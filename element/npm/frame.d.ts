/**
 * The other end of the line to a dashboard in a frame.
 *
 * @module acr-dashboard-element/frame
 */
import type {
  AcrActionDetail,
  AcrErrorDetail,
  AcrNavigateDetail,
  AcrSelectDetail,
  Credential,
} from "./index.js";

/** What a message can carry: every credential but those that hold a function. */
export type HandedCredential = Exclude<Credential, { kind: "entra" }>;

/** The messages of the frame. A page can follow them, not prevent what they report. */
export interface AcrFrameEventMap {
  /** The dashboard is there and listens. */
  "acr-ready": {
    /** The gateway's version. */
    version: string;
  };
  /** The dashboard has another height. */
  "acr-resize": {
    /** CSS pixels. */
    height: number;
  };
  /** Another screen is shown. */
  "acr-navigate": AcrNavigateDetail;
  /** Rows of tags or manifests have been selected. */
  "acr-select": AcrSelectDetail;
  /** A change is about to be sent, or has been carried out. */
  "acr-action": AcrActionDetail;
  /** A failure is shown. */
  "acr-error": AcrErrorDetail;
}

/** How a frame is connected. */
export interface FrameOptions {
  /** The gateway's origin. Default: that of the frame's `src`. */
  origin?: string;
  /** Asked once the dashboard is there. */
  getCredential?: () => HandedCredential | Promise<HandedCredential>;
  /** Called with each event of the dashboard. */
  onEvent?<K extends keyof AcrFrameEventMap>(type: K, detail: AcrFrameEventMap[K]): void;
}

/** Steers the dashboard in a frame. */
export interface FrameConnection {
  /** Shows a screen by its route, such as `team/app:1.2?tab=layers`. */
  navigate(route: string): void;
  /** Loads anew what is shown. */
  refresh(): void;
  /** Chooses the colours; `system` follows the browser's. */
  setTheme(theme: "light" | "dark" | "system"): void;
  /** Signs in with another credential. */
  signIn(credential: HandedCredential): void;
  /** Stops listening. */
  disconnect(): void;
}

/** Listens to the dashboard in a frame and steers it. Call it before the frame has loaded. */
export function connectFrame(frame: HTMLIFrameElement, options?: FrameOptions): FrameConnection;
