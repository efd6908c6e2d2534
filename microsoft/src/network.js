// Requests to the authority, with a deadline. The library's own wait for as long as the browser does, which is minutes.

import { BrowserAuthError, BrowserAuthErrorCodes } from "@azure/msal-browser";

/** How long an answer may take, in milliseconds. */
const DEADLINE = 15_000;

async function send(network, method, url, { headers, body } = {}) {
  network.pending += 1;
  network.refusal = undefined;
  try {
    const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(DEADLINE) });
    const text = await response.text();
    if (!response.ok) network.refusal = { status: response.status, number: /AADSTS(\d+)/.exec(text)?.[1] };
    return { status: response.status, headers: Object.fromEntries(response.headers), body: JSON.parse(text) };
  } catch (error) {
    const { timedOut, failedToParseResponse, postRequestFailed } = BrowserAuthErrorCodes;
    if (error.name === "TimeoutError") throw new BrowserAuthError(timedOut);
    throw new BrowserAuthError(error instanceof SyntaxError ? failedToParseResponse : postRequestFailed);
  } finally {
    network.pending -= 1;
  }
}

/**
 * The library's interface `INetworkModule` for one application, the number of its requests that are on their way, and what the last of them
 * was refused with, if it was: the library drops that of some requests.
 */
export function createNetwork() {
  const network = {
    pending: 0,
    refusal: undefined,
    sendGetRequestAsync: (url, options) => send(network, "GET", url, options),
    sendPostRequestAsync: (url, options) => send(network, "POST", url, options),
  };
  return network;
}
