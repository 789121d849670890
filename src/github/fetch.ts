import type { HttpClient, HttpResponse } from '../ports/http.ts';

/** A list of 100 comments of 64 KiB each has room in it. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_REDIRECTS = 3;
/** 303 is not one of them: it asks for a GET in place of what is to be written. */
const FOLLOWED: readonly number[] = [301, 302, 307, 308];
/** A `Response` with one of these statuses must not have a body. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * The `fetch` for GitHub's toolkit. A redirect is followed with the same method and body, and only on
 * the same origin; any other is the response (contract, section What people see).
 *
 * @param timeout milliseconds for each request
 */
export function createFetch(http: HttpClient, timeout: number): typeof fetch {
  return async (input, { method = 'GET', headers, body, signal } = {}) => {
    const request = {
      method,
      headers: { 'accept-encoding': 'gzip', ...Object.fromEntries(new Headers(headers)) },
      ...(typeof body === 'string' ? { body } : {}),
      maxBodyBytes: MAX_BODY_BYTES,
      timeout,
      signal: signal ?? new AbortController().signal,
    };
    let url: string | undefined = String(input);
    let response = await http.send({ ...request, url });
    for (let redirects = 0; redirects < MAX_REDIRECTS; redirects += 1) {
      url = redirectTarget(url, response);
      if (url === undefined) break;
      response = await http.send({ ...request, url });
    }
    return toResponse(response);
  };
}

/** Where to follow the response; `undefined` when it is not a redirect that may be followed. */
function redirectTarget(
  from: string,
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
): string | undefined {
  const { location } = headers;
  if (!FOLLOWED.includes(status) || location === undefined || !URL.canParse(location, from)) {
    return undefined;
  }
  const target = new URL(location, from);
  return target.origin === new URL(from).origin ? target.href : undefined;
}

function toResponse({ status, headers, body }: HttpResponse): Response {
  return new Response(WITHOUT_BODY.includes(status) ? null : body, {
    // HTTP allows more statuses than `Response` does.
    status: Math.min(Math.max(status, 200), 599),
    headers: Object.entries(headers).map(([name, value = '']): [string, string] => [name, value]),
  });
}
