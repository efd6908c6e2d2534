// A registry that answers by script, in the place of `fetch`: for what no running registry does on demand.

/** Answers a request, given how many of its kind came before. */
export type Answer = (request: Request, body: Uint8Array, earlier: number) => Response | Promise<Response>;

/** What was sent, as `METHOD path?query`, in order. */
export const sent: string[] = [];
/** The requests themselves. */
export const requests: Request[] = [];

const realFetch = globalThis.fetch;

/** Answers requests for `METHOD path` (the query left out); those for tokens are granted, any other is a network failure. */
export function script(answers: Record<string, Answer>): void {
  sent.length = 0;
  requests.length = 0;
  const counts = new Map<string, number>();
  globalThis.fetch = async (input, init) => {
    if (!(input instanceof Request)) return realFetch(input, init);
    const { pathname, search } = new URL(input.url);
    const key = `${input.method} ${pathname}`;
    sent.push(`${key}${search}`);
    requests.push(input);
    const body = new Uint8Array(await input.clone().arrayBuffer());
    const earlier = counts.get(key) ?? 0;
    counts.set(key, earlier + 1);
    const answer = answers[key];
    if (answer) return answer(input, body, earlier);
    if (pathname.startsWith("/oauth2/")) return Response.json({ access_token: "token", refresh_token: "refresh" });
    throw new TypeError(`nothing is scripted for ${key}`);
  };
}

/** An answer that never comes, but for the abort of its request. */
export const never: Answer = (request) =>
  new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(request.signal.reason)));
