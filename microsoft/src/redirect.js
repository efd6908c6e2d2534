// The script of the page that Microsoft redirects to: hands the answer to the window that asked for it, or returns to the page
// that the redirect began at.

import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";
import { interaction, removeTraces } from "./traces.js";

/** Leaves for the page that the redirect began at; for the dashboard where the library knows none and names the origin. */
async function navigateInternal(address) {
  const { clientId, type } = interaction();
  // Nothing reads the answer to a sign-out.
  if (type === "signout") removeTraces(clientId);
  location.replace(address === `${location.origin}/` ? new URL("./", location.href) : address);
}

try {
  await broadcastResponseToMainFrame({ navigateInternal });
} catch {
  // Opened without an answer, or with one that is not of this site.
  document.getElementById("message").textContent = "There is no sign-in to complete here.";
}
