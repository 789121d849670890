import { firstInvisible } from './untrusted-text.ts';

/** Whether the host (as a URL writes it) is this machine: 127.0.0.0/8, ::1, or localhost. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

const MAX_URL_LENGTH = 2_000;
const EXAMPLE = 'https://api.open.cx';

/**
 * Reads the input `api-url`: a base URL, `https` only except on a loopback host.
 *
 * @param quote makes a value safe to show
 * @returns the URL without a slash at its end, or what is wrong with it
 */
export function parseApiUrl(
  written: string,
  quote: (text: string) => string,
): { apiUrl: string } | { problem: string } {
  if (written.length > MAX_URL_LENGTH) {
    return { problem: `has ${written.length} characters, but the maximum is ${MAX_URL_LENGTH}` };
  }
  // `URL` drops or encodes what a reader does not see.
  const isVisible = !/\s/.test(written) && firstInvisible(written) === undefined;
  const url = isVisible && URL.canParse(written) ? new URL(written) : undefined;
  // A user and a password are as secret as the token, however odd the rest is.
  const shown = quote(
    written.includes('@') ? `…${written.slice(written.lastIndexOf('@'))}` : written,
  );
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return { problem: `is ${shown}, which is not an https URL: use a URL such as "${EXAMPLE}"` };
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return {
      problem: `contains a user name, password, query, or fragment: use only the base URL, for example "${EXAMPLE}"`,
    };
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return { problem: `is ${shown}: use https (http is allowed only for a loopback host)` };
  }
  let end = url.pathname.length;
  while (url.pathname[end - 1] === '/') end -= 1;
  return { apiUrl: `${url.origin}${url.pathname.slice(0, end)}` };
}
