// The other end of the line to a dashboard in a frame.
import type {
  AcrActionDetail,
  AcrErrorDetail,
  AcrNavigateDetail,
  AcrSelectDetail,
  Credential,
} from "./index.js";

/** What a message can carry: every credential but those that hold a function. */
export type HandedCredential = Exclude<Credential, { kind: "entra" }>;

/** What the frame tells. A page can follow it, not stop it. */
export interface AcrFrameEventMap {
  "acr-ready": { version: string };
  /** The dashboard's height in CSS pixels. */
  "acr-resize": { height: number };
  "acr-navigate": AcrNavigateDetail;
  "acr-select": AcrSelectDetail;
  "acr-action": AcrActionDetail;
  "acr-error": AcrErrorDetail;
}

export interface FrameOptions {
  /** The gateway's origin. Default: that of the frame's `src`. */
  origin?: string;
  /** Asked once the dashboard is there. */
  getCredential?: () => HandedCredential | Promise<HandedCredential>;
  onEvent?<K extends keyof AcrFrameEventMap>(type: K, detail: AcrFrameEventMap[K]): void;
}

export interface FrameConnection {
  navigate(route: string): void;
  refresh(): void;
  setTheme(theme: "light" | "dark" | "system"): void;
  signIn(credential: HandedCredential): void;
  /** Stops listening. */
  disconnect(): void;
}

/** Listens to the dashboard in a frame and steers it. Call it before the frame has loaded. */
export function connectFrame(frame: HTMLIFrameElement, options?: FrameOptions): FrameConnection;
