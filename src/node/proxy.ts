import { isLoopback } from '../api-url.ts';

/** An HTTP proxy. It is shown as `name`, which has no credentials. */
export interface HttpProxy {
  kind: 'proxy';
  protocol: 'http:' | 'https:';
  /** As in a URL: an IPv6 address has brackets. */
  hostname: string;
  port: number;
  /** The value of `Proxy-Authorization`; `undefined` without a user. */
  authorization: string | undefined;
  /** For messages: its host and port, and the variable that names it. */
  name: string;
}

/** How a host is reached. */
export type Route =
  | { kind: 'direct' }
  | HttpProxy
  /** A proxy is needed, but its variable is not a proxy's URL. */
  | { kind: 'unusable'; problem: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Chooses the proxy for a URL as GitHub's toolkit does: lower-case variables win, and a name in
 * `NO_PROXY` covers its subdomains (contract, section Safety).
 */
export function routeTo(url: string, env: Environment): Route {
  const target = new URL(url);
  if (isLoopback(target.hostname) || isBypassed(target, env)) return { kind: 'direct' };
  const variable = proxyVariables(target.protocol).find((name) => readVariable(env, name) !== '');
  return variable === undefined
    ? { kind: 'direct' }
    : parseProxy(variable, readVariable(env, variable));
}

/**
 * The credentials in all proxy variables, as written and decoded, for masking. Variables that are
 * not used and values that cannot be parsed are covered too, because others might show them.
 */
export function proxySecrets(env: Environment): string[] {
  const variables = [...proxyVariables('https:'), ...proxyVariables('http:')];
  const secrets = variables.flatMap((name) => {
    const [, login] = /^(?:[a-z][a-z\d+.-]*:\/\/)?(.*)@/is.exec(readVariable(env, name)) ?? [];
    if (login === undefined) return [];
    const [user = '', ...password] = login.split(':');
    // Both together are what a `Proxy-Authorization` header encodes.
    return [login, user, password.join(':')].flatMap((part) => [
      part,
      percentDecode(part).toString(),
    ]);
  });
  return [...new Set(secrets.filter((secret) => secret.length >= MIN_SECRET_CHARACTERS))];
}

/** Shorter credentials are in too many words to be replaced in a text. */
const MIN_SECRET_CHARACTERS = 4;

function proxyVariables(protocol: string): [string, string] {
  return protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
}

function readVariable(env: Environment, name: string): string {
  return env[name]?.trim() ?? '';
}

function isBypassed({ hostname, port, protocol }: URL, env: Environment): boolean {
  const host = hostname.toLowerCase();
  const names = [host, `${host}:${port || (protocol === 'https:' ? 443 : 80)}`];
  return (readVariable(env, 'no_proxy') || readVariable(env, 'NO_PROXY'))
    .toLowerCase()
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .some(
      (item) =>
        item === '*' ||
        names.includes(item) ||
        names.some((name) => name.endsWith(item.startsWith('.') ? item : `.${item}`)),
    );
}

function parseProxy(variable: string, written: string): Route {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return {
      kind: 'unusable',
      problem: `the environment variable ${variable} is not an HTTP proxy URL: set it to "http://host:port", or unset it`,
    };
  }
  const { protocol, hostname, username, password } = url;
  const port = Number(url.port) || (protocol === 'https:' ? 443 : 80);
  const login = Buffer.concat([percentDecode(username), Buffer.from(':'), percentDecode(password)]);
  return {
    kind: 'proxy',
    protocol,
    hostname,
    port,
    authorization:
      username === '' && password === '' ? undefined : `Basic ${login.toString('base64')}`,
    name: `the proxy ${hostname}:${port} (from ${variable})`,
  };
}

/** The bytes of a part of a URL. A `%` that encodes nothing stays as it is. */
function percentDecode(text: string): Buffer {
  const parts = text.split(/(%[\da-f]{2})/i);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part),
    ),
  );
}
