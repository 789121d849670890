import { describe, expect, it } from 'vitest';
import { proxySecrets, routeTo } from '../../../src/node/proxy.ts';

const API = 'https://api.corp.example';

/** The host and port of the proxy, or how else the host is reached. */
function routeOf(env: Record<string, string>, url = API): string {
  const route = routeTo(url, env);
  return route.kind === 'proxy' ? `${route.protocol}//${route.hostname}:${route.port}` : route.kind;
}

describe('the proxy for a URL', () => {
  it.each([
    ['http://proxy:3128', 'http://proxy:3128'],
    ['HTTP://proxy:3128', 'http://proxy:3128'],
    ['proxy:3128', 'http://proxy:3128'],
    ['  http://proxy:3128/\r\n', 'http://proxy:3128'],
    ['http://proxy', 'http://proxy:80'],
    ['https://proxy', 'https://proxy:443'],
    ['http://[::2]:3128', 'http://[::2]:3128'],
    ['http://me:100%@proxy:3128', 'http://proxy:3128'],
    ['socks5://proxy:3128', 'unusable'],
    ['http://', 'unusable'],
    ['http://proxy:99999', 'unusable'],
    [' \n', 'direct'],
  ])('is read from %j', (value, expected) => {
    expect(routeOf({ HTTPS_PROXY: value })).toBe(expected);
  });

  it.each([
    ['corp.example', 'direct'],
    ['.corp.example', 'direct'],
    ['API.corp.example', 'direct'],
    ['other.test, corp.example:443', 'direct'],
    ['*', 'direct'],
    ['corp.example:80', 'http://proxy:80'],
    ['orp.example', 'http://proxy:80'],
    ['', 'http://proxy:80'],
  ])('obeys NO_PROXY=%j', (NO_PROXY, expected) => {
    expect(routeOf({ HTTPS_PROXY: 'http://proxy', NO_PROXY })).toBe(expected);
  });

  it('is the lower-case one where there are two', () => {
    expect(routeOf({ HTTPS_PROXY: 'http://upper', https_proxy: 'http://lower' })).toBe(
      'http://lower:80',
    );
  });

  it('depends on the protocol of the URL', () => {
    expect(routeOf({ HTTP_PROXY: 'http://proxy' })).toBe('direct');
    expect(routeOf({ HTTP_PROXY: 'http://proxy' }, 'http://forge.example')).toBe('http://proxy:80');
  });

  it.each(['https://localhost', 'https://127.0.0.1:8443', 'https://[::1]'])(
    'is never used for %s, even if it is not a URL',
    (url) => {
      expect(routeOf({ HTTPS_PROXY: 'socks5://proxy' }, url)).toBe('direct');
    },
  );

  it.each([
    ['me:pass%40word', 'me:pass@word'],
    ['me:100%', 'me:100%'],
    ['me', 'me:'],
  ])('gets the credentials %s', (written, sent) => {
    expect(routeTo(API, { HTTPS_PROXY: `http://${written}@proxy` })).toMatchObject({
      authorization: `Basic ${Buffer.from(sent).toString('base64')}`,
      name: 'the proxy proxy:80 (from HTTPS_PROXY)',
    });
  });

  it('is named without its credentials when it is not a URL', () => {
    const route = routeTo(API, { HTTPS_PROXY: 'socks5://me:secret-word@proxy' });
    expect(JSON.stringify(route)).toContain('HTTPS_PROXY');
    expect(JSON.stringify(route)).not.toContain('secret-word');
  });
});

it.each([
  [
    'http://user:pass%40word@proxy\n',
    ['user:pass%40word', 'user:pass@word', 'user', 'pass%40word', 'pass@word'],
  ],
  ['user:p@ss:word@proxy:3128', ['user:p@ss:word', 'user', 'p@ss:word']],
  ['socks5://me:secret-word@proxy', ['me:secret-word', 'secret-word']],
  ['http://me:pw@proxy', ['me:pw']],
  ['http://proxy:3128', []],
])('the secrets of %j are its credentials and their parts', (value, secrets) => {
  expect(proxySecrets({ http_proxy: value })).toEqual(secrets);
});
