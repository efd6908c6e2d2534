// The script of the page that Microsoft redirects to: hands the answer to the window that asked for it, or returns to the page
// that the redirect began at.

import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";
import { ANSWER, isFramed } from "./answer.js";
import { interaction, removeRedirectTraces } from "./traces.js";

/**
 * What the library hands the answer over by. A browser gives a frame on a page of another site channels of its own, so the frame that has
 * opened this window is sent the same message. Browsers deliver it to a frame of this origin alone.
 */
class AnswerChannel extends BroadcastChannel {
  postMessage(message) {
    super.postMessage(message);
    const { opener } = window;
    if (opener && isFramed(opener)) {
      opener.postMessage({ type: ANSWER, channel: this.name, message }, location.origin);
    }
  }
}
globalThis.BroadcastChannel = AnswerChannel;

/** Leaves for the page that the redirect began at; for the dashboard where the library knows none and names the origin. */
async function navigateInternal(address) {
  const { clientId, type } = interaction();
  // Nothing reads the answer to a sign-out.
  if (type === "signout") removeRedirectTraces(clientId);
  location.replace(address === `${location.origin}/` ? new URL("./", location.href) : address);
}

try {
  await broadcastResponseToMainFrame({ navigateInternal });
} catch {
  // Opened without an answer, or with one that is not of this site.
  document.getElementById("message").textContent = "There is no sign-in to complete here.";
}
