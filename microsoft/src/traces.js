// What @azure/msal-browser leaves in the tab's storage during a sign-in. The page may use the library itself, and other pages of this origin
// as well: nothing is removed but what an application of the dashboard's has left.

/** Names the interaction that is in progress, of whichever application. */
const STATUS = "msal.interaction.status";
const VERSION = "msal.version";

/** The tab's storage; `undefined` where a browser refuses it to a frame. */
function storage() {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

/** The keys of what it has left for an application. */
export function traces(clientId) {
  const isOwn = (key) => key.startsWith(`msal.${clientId}.`) || (key === STATUS && interaction().clientId === clientId);
  return Object.keys(storage() ?? {}).filter(isOwn);
}

/** Removes what it has left for an application, except what is `kept`. */
export function removeTraces(clientId, kept = []) {
  for (const key of traces(clientId)) {
    if (!kept.includes(key)) storage().removeItem(key);
  }
}

/** The same after a redirect, for which the library also notes its version. The note stays while another application needs it. */
export function removeRedirectTraces(clientId) {
  removeTraces(clientId);
  const left = Object.keys(storage() ?? {}).filter((key) => key.startsWith("msal."));
  if (left.length === 1 && left[0] === VERSION) storage().removeItem(VERSION);
}

/** The interaction that is in progress: the application, and `signin` or `signout`. */
export function interaction() {
  try {
    return JSON.parse(storage()?.getItem(STATUS)) ?? {};
  } catch {
    return {};
  }
}
