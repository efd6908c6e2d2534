// The script of the page that Microsoft redirects to: hands the answer to the window that asked for it, or returns to the page
// that the redirect began at.

import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

try {
  await broadcastResponseToMainFrame();
} catch {
  // Opened without an answer, or with one that is not of this site.
  document.getElementById("message").textContent = "There is no sign-in to complete here.";
}
