// The other end of the line to a dashboard in a frame: for pages that frame the gateway's /embed/ instead of using the element.

/** Listens to the dashboard in `frame` and steers it. Only messages of that frame and of its origin are believed. */
export function connectFrame(frame, { origin = new URL(frame.src).origin, getCredential, onEvent } = {}) {
  const post = (message) => frame.contentWindow?.postMessage(message, origin);
  const hand = async () => {
    const credential = await getCredential();
    if (credential.kind === "entra") {
      throw new TypeError("a credential of kind entra holds a function, which no message can carry: exchange it for a refresh token");
    }
    post({ type: "acr-credential", credential });
  };
  const listen = ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin || data?.source !== "acr-dashboard") return;
    const { source: _, type, ...detail } = data;
    if (type === "acr-ready" && getCredential) {
      hand().catch((error) => onEvent?.("acr-error", { kind: "sign-in", what: "No credential could be given.", why: String(error), remedy: "" }));
    }
    onEvent?.(type, detail);
  };
  window.addEventListener("message", listen);
  return {
    navigate: (route) => post({ type: "acr-navigate", route }),
    refresh: () => post({ type: "acr-refresh" }),
    setTheme: (theme) => post({ type: "acr-theme", theme }),
    signIn: (credential) => post({ type: "acr-credential", credential }),
    disconnect: () => window.removeEventListener("message", listen),
  };
}
