// Signing in with Microsoft: the authorization code flow with PKCE, by @azure/msal-browser. The dashboard loads this file when a
// user signs in this way, and not before. Tokens are kept in memory; the tab's storage holds what a redirect needs to return.

import { CacheLookupPolicy, EventType, LogLevel, PublicClientApplication } from "@azure/msal-browser";
import { ANSWER, isFramed } from "./answer.js";
import { createNetwork } from "./network.js";
import { removeRedirectTraces, removeTraces, traces } from "./traces.js";

/** How long a user may take in a window of its own, in milliseconds. */
const WINDOW_TIMEOUT = 30 * 60_000;

/** How often its window is looked at, in milliseconds, and how often it has to be closed. An answer comes just before it closes. */
const WINDOW_INTERVAL = 500;
const CLOSED_INTERVALS = 3;

// A browser gives a frame on a page of another site channels of its own, so that the redirect page also posts the answer to the frame (see
// `redirect.js`). The library listens to a channel; it accepts no answer but that to its own request.
if (isFramed(window)) {
  addEventListener("message", ({ origin, data }) => {
    if (origin !== location.origin || data?.type !== ANSWER || typeof data.channel !== "string") return;
    const channel = new BroadcastChannel(data.channel);
    channel.postMessage(data.message);
    channel.close();
  });
}

/** How far back Microsoft dates the tokens that it issues, for clocks that are slow; milliseconds. */
const DATED_BACK = 5 * 60_000;

/** Errors of the browser's windows and of this page, whatever an authority has answered. */
const ERRORS_OF_WINDOWS = [
  "user_cancelled",
  "popup_window_error",
  "empty_window_error",
  "interaction_in_progress",
  "interaction_in_progress_cancelled",
];

const applications = new Map();
const keyOf = ({ clientId, authority, redirectUri }) => `${clientId} ${authority} ${redirectUri}`;

const networks = new Map();

/** The requests of an application. */
function networkOf(options) {
  const key = keyOf(options);
  if (!networks.has(key)) networks.set(key, createNetwork());
  return networks.get(key);
}

/** One for each client id and authority, so that one sign-in opens every registry that shares them. Its tokens are in memory. */
function application(options) {
  const key = keyOf(options);
  if (!applications.has(key)) {
    const made = create(options, "memoryStorage");
    made.catch(() => applications.delete(key));
    applications.set(key, made);
  }
  return applications.get(key);
}

/** One to leave the page with. The library refuses a redirect whose tokens would be in memory; this one never has any. */
const leaving = (options) => create(options, "sessionStorage");

async function create(options, cacheLocation) {
  const { clientId, authority, redirectUri, hasKnownAncestors } = options;
  const made = new PublicClientApplication({
    auth: {
      clientId,
      authority,
      knownAuthorities: [new URL(authority).host],
      redirectUri,
      postLogoutRedirectUri: redirectUri,
      // By default Microsoft's pages cut off the window of a frame whose ancestors may be anyone, and no answer would reach the frame.
      ...(hasKnownAncestors && { originCheck: false }),
    },
    cache: { cacheLocation },
    system: {
      networkClient: networkOf(options),
      popupBridgeTimeout: WINDOW_TIMEOUT,
      loggerOptions: { logLevel: LogLevel.Error, loggerCallback() {}, piiLoggingEnabled: false },
    },
  });
  await made.initialize();
  return made;
}

/**
 * Does something that leaves nothing of the library in storage. The page may use the library itself, even for the same application: what was
 * there before stays.
 */
async function withoutTraces({ clientId }, work) {
  const before = traces(clientId);
  try {
    return await work();
  } finally {
    removeTraces(clientId, before);
  }
}

/** By how many milliseconds Microsoft's clock was ahead of this computer's when an application's last token was issued. */
const clockOffsets = new WeakMap();

/** What the dashboard learns of a sign-in: never more than it needs. */
function signedIn(made, result) {
  if (!result) return undefined;
  made.setActiveAccount(result.account);
  const issuedAt = result.idTokenClaims?.iat;
  // A token out of the cache was issued a while ago, whatever the clocks say.
  if (!result.fromCache && issuedAt) clockOffsets.set(made, issuedAt * 1000 + DATED_BACK - Date.now());
  return {
    token: result.accessToken,
    username: result.account.username,
    tenant: result.idTokenClaims?.tid,
    clockOffset: clockOffsets.get(made),
  };
}

/**
 * Errors as two texts, and the HTTP status where Microsoft answered with an error. Whatever else an error of the library holds does not leave
 * this file.
 */
async function withPlainErrors(options, work) {
  const network = networkOf(options);
  network.refusal = undefined;
  try {
    return await work();
  } catch (error) {
    const refusal = ERRORS_OF_WINDOWS.includes(error?.errorCode) ? undefined : network.refusal;
    const { status, number } = refusal ?? {};
    const shown = error?.errorNo || number;
    const message = `${shown ? `AADSTS${shown} ` : ""}${error?.errorMessage ?? ""}`;
    throw { code: String(error?.errorCode ?? "unknown"), message, status };
  }
}

/** Leaves the page, by `work`. Where that fails, the page stays as it was. */
async function leave({ clientId }, work) {
  removeRedirectTraces(clientId);
  // A browser may restore this page as it is now when the user goes back. Loaded anew, it learns what has become of the sign-in.
  const loadAnew = ({ persisted }) => persisted && location.reload();
  addEventListener("pageshow", loadAnew);
  try {
    await work();
  } catch (error) {
    removeEventListener("pageshow", loadAnew);
    removeRedirectTraces(clientId);
    throw error;
  }
}

/** The outcome of the redirect that the page was opened by, if it was; rejects where Microsoft refused. */
export const finish = (options) =>
  withPlainErrors(options, async () => {
    const made = await application(options);
    try {
      return signedIn(made, await made.handleRedirectPromise({ navigateToLoginRequestUrl: false }));
    } finally {
      removeRedirectTraces(options.clientId);
    }
  });

/** A token of the account that is signed in, renewed where it is about to end; rejects where that takes an interaction. */
export const token = (options, scope) =>
  withPlainErrors(options, async () => {
    const made = await application(options);
    const account = made.getActiveAccount();
    if (!account) throw { errorCode: "no_account_error" };
    const cacheLookupPolicy = CacheLookupPolicy.AccessTokenAndRefreshToken;
    return signedIn(made, await made.acquireTokenSilent({ scopes: [scope], account, cacheLookupPolicy }));
  });

/** Leaves for Microsoft, which redirects back to the address of this page. */
export const redirect = (options, scope, prompt, loginHint) =>
  withPlainErrors(options, () =>
    leave(options, async () => {
      const made = await leaving(options);
      await made.loginRedirect({ scopes: [scope], prompt, loginHint, redirectStartPage: location.href });
    }),
  );

/**
 * Calls `onClosed` once the window of a sign-in looks closed and has not answered. It may still answer: a page in it can cut it off from this
 * one (Cross-Origin-Opener-Policy), which looks the same. Returns what ends the watch.
 */
function watchWindow(options, made, onClosed) {
  let timer;
  const watch = ({ payload: { popupWindow } }) => {
    let intervals = 0;
    timer = setInterval(() => {
      // A request redeems the answer that came before the window was closed.
      if (!popupWindow.closed || networkOf(options).pending > 0) return;
      intervals += 1;
      if (intervals < CLOSED_INTERVALS) return;
      clearInterval(timer);
      try {
        onClosed();
      } catch {
        // The dashboard is gone.
      }
    }, WINDOW_INTERVAL);
  };
  const callback = made.addEventCallback(watch, [EventType.POPUP_OPENED]);
  return () => {
    made.removeEventCallback(callback);
    clearInterval(timer);
  };
}

/**
 * Signs in in a window of its own. A second call replaces the first, whose user may have closed the window. `onClosed` is called where the
 * window was closed without an answer, as far as the browser reports.
 */
export const popup = (options, scope, prompt, loginHint, onClosed) =>
  withPlainErrors(options, async () => {
    // The window hands its answer to pages of its own origin alone.
    if (new URL(options.redirectUri).origin !== location.origin) throw { errorCode: "redirect_page_elsewhere" };
    const made = await application(options);
    const request = { scopes: [scope], prompt, loginHint, overrideInteractionInProgress: true };
    const endWatch = watchWindow(options, made, onClosed);
    try {
      return signedIn(made, await withoutTraces(options, () => made.loginPopup(request)));
    } finally {
      endWatch();
    }
  });

/**
 * Forgets the account and its tokens, and the application with all that is in its memory. Returns the account. Without one named,
 * `clearCache` would clear the tab's storage of what the page keeps with the library.
 */
async function forgetAccount(options) {
  const made = await application(options);
  applications.delete(keyOf(options));
  const account = made.getActiveAccount() ?? undefined;
  made.setActiveAccount(null);
  if (account) await made.clearCache({ account });
  return account;
}

/** Forgets the account and its tokens. */
export const forget = (options) => withPlainErrors(options, async () => void (await forgetAccount(options)));

/** The same, and leaves for Microsoft to end its session as well. Rejects where its session goes on. */
export const signOut = (options) =>
  withPlainErrors(options, async () => {
    const account = await forgetAccount(options);
    await leave(options, async () => {
      const made = await leaving(options);
      const request = { account, logoutHint: account?.username, postLogoutRedirectUri: options.redirectUri };
      await made.logoutRedirect(request);
    });
  });
