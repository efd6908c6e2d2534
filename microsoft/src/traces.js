// What @azure/msal-browser leaves in the tab's storage during a redirect.

/** Removes what it has left for an application. */
export function removeTraces(clientId) {
  for (const key of Object.keys(sessionStorage)) {
    const own = [`msal.${clientId}.`, "msal.interaction", "msal.version"].some((start) => key.startsWith(start));
    if (own) sessionStorage.removeItem(key);
  }
}

/** The redirect that is in progress: the application, and `signin` or `signout`. */
export function interaction() {
  try {
    return JSON.parse(sessionStorage.getItem("msal.interaction.status")) ?? {};
  } catch {
    return {};
  }
}
