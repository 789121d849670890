import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, makeCertificate } from '../../emulator/certificate.ts';
import { startProxy } from '../../emulator/proxy.ts';
import { play } from '../support/play.ts';

const HOST = 'crawl.example.test';
const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-tls-'));
const authority = join(folder, 'authority.pem');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let tls: Certificate;
beforeAll(async () => {
  tls = await makeCertificate([HOST, '127.0.0.1']);
  writeFileSync(authority, tls.cert);
});

/** What was written, without the commands that register a secret with the runner. */
const shown = (everything: string) => everything.replace(/^::add-mask::.*$/gm, '');

const once = { 'outage-timeout': '0s' };
const trusted = { NODE_EXTRA_CA_CERTS: authority };

describe.concurrent('https', () => {
  it('trusts an authority of your own', async () => {
    const played = await play({ tls, env: trusted });
    expect(played.outputs['outcome'], played.outputs['message']).toBe('succeeded');
  });

  it('says how to trust it when it does not', async () => {
    const played = await play({ tls, inputs: once });
    expect(played.outputs['outcome']).toBe('unreachable');
    expect(played.outputs['message']).toContain('NODE_EXTRA_CA_CERTS');
    expect(played.emulator.requests).toEqual([]);
  });

  it('does not take the certificate of another host', async () => {
    const played = await play({
      tls,
      env: trusted,
      // The same machine by a name that does not stand in the certificate.
      apiUrl: (url) => url.replace('127.0.0.1', 'localhost'),
      inputs: once,
    });
    expect(played.outputs['message']).toContain('certificate is for a different host');
    expect(played.emulator.requests).toEqual([]);
  });

  it('is wanted of a server that does not speak it', async () => {
    const played = await play({
      apiUrl: (url) => url.replace('http:', 'https:'),
      inputs: once,
    });
    expect(played.outputs['outcome']).toBe('unreachable');
    expect(played.emulator.requests).toEqual([]);
  });
});

describe.concurrent('a proxy', () => {
  it.each([
    ['without a password', undefined, ''],
    ['with a password', 'me:pass%40word', 'me:pass%40word@'],
  ])('%s leads to the API', async (_, login, prefix) => {
    let proxy: Awaited<ReturnType<typeof startProxy>> | undefined;
    const played = await play({
      tls,
      apiUrl: () => `https://${HOST}`,
      env: async (port) => {
        proxy = await startProxy(port, login ? { user: decodeURIComponent(login) } : {});
        return { ...trusted, HTTPS_PROXY: `http://${prefix}127.0.0.1:${proxy.port}` };
      },
    });
    await proxy?.close();
    expect(played.outputs['outcome'], played.outputs['message']).toBe('succeeded');
    expect(new Set(proxy?.asked)).toEqual(new Set([`CONNECT ${HOST}:443`]));
    expect(shown(played.everything)).not.toContain('pass@word');
  });

  it('may be named without its scheme', async () => {
    let proxy: Awaited<ReturnType<typeof startProxy>> | undefined;
    const played = await play({
      tls,
      apiUrl: () => `https://${HOST}`,
      env: async (port) => {
        proxy = await startProxy(port);
        return { ...trusted, https_proxy: `127.0.0.1:${proxy.port}` };
      },
    });
    await proxy?.close();
    expect(played.outputs['outcome'], played.outputs['message']).toBe('succeeded');
    expect(proxy?.asked).toContain(`CONNECT ${HOST}:443`);
  });

  it.each(['socks5://me:pass-word@127.0.0.1:9', 'http://', 'http://127.0.0.1:99999'])(
    'that cannot be one is a bad input, and is not told: %s',
    async (address) => {
      const played = await play({ apiUrl: () => `https://${HOST}`, env: { HTTPS_PROXY: address } });
      expect(played.outputs).toMatchObject({ outcome: 'invalid-input', requests: '0' });
      expect(played.outputs['message']).toContain('the environment variable HTTPS_PROXY');
      expect(shown(played.everything)).not.toContain('pass-word');
    },
  );

  it('that refuses is an outage, and its password is not told', async () => {
    let proxy: Awaited<ReturnType<typeof startProxy>> | undefined;
    const played = await play({
      tls,
      inputs: once,
      apiUrl: () => `https://${HOST}`,
      env: async (port) => {
        proxy = await startProxy(port, { user: 'me:right' });
        return { ...trusted, HTTPS_PROXY: `http://me:wrong-password@127.0.0.1:${proxy.port}` };
      },
    });
    await proxy?.close();
    expect(played.outputs['outcome']).toBe('unreachable');
    expect(played.outputs['message']).toMatch(
      /the proxy 127\.0\.0\.1:\d+ \(from HTTPS_PROXY\) refused the connection with status 407/,
    );
    expect(shown(played.everything)).not.toContain('wrong-password');
  });

  it('is not used for hosts that NO_PROXY names', async () => {
    const played = await play({
      tls,
      inputs: { ...once, 'request-timeout': '5s' },
      apiUrl: () => `https://${HOST}`,
      env: { ...trusted, HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: `other.test,.example.test` },
    });
    // The host exists nowhere: asked without the proxy, its name cannot be found.
    expect(played.outputs['message']).toMatch(/hostname could not be resolved|DNS lookup failed/);
  });

  it.each(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY'])(
    'in %s is never used for a loopback host',
    async (name) => {
      const played = await play({ env: { [name]: 'http://127.0.0.1:9' } });
      expect(played.outputs['outcome']).toBe('succeeded');
    },
  );
});

describe.concurrent('connections', () => {
  it('are kept over the whole wait', async () => {
    const played = await play({});
    expect(played.emulator.requests.length).toBeGreaterThan(2);
    expect(new Set(played.emulator.requests.map(({ port }) => port)).size).toBe(1);
  });

  it('that the server closes between two checks do no harm', async () => {
    const played = await play({ keepAlive: 100 });
    expect(played.outputs['outcome']).toBe('succeeded');
    expect(new Set(played.emulator.requests.map(({ port }) => port)).size).toBeGreaterThan(2);
    expect(played.log.filter((line) => line.includes('o usable response'))).toEqual([]);
  });

  it.each(['close', 'reset', 'reset-in-body'])(
    'that the server breaks (%s) are counted for every request that it got',
    async (fault) => {
      const played = await play({ faults: [{ fault, from: 2, times: 3, on: 'job' }] });
      expect(played.outputs['outcome']).toBe('succeeded');
      expect(Number(played.outputs['requests'])).toBe(played.emulator.requests.length);
    },
  );

  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some((face) => face?.address === '::1');
  it.runIf(hasIpv6)('go to an IPv6 loopback', async () => {
    const played = await play({ host: '::1' });
    expect(played.outputs['outcome']).toBe('succeeded');
  });

  it.each([
    [
      'a name that nobody knows',
      'https://no-such-host.invalid',
      /hostname could not be resolved|DNS lookup failed/,
    ],
    ['a port where nobody listens', 'http://127.0.0.1:9', /connection was refused/],
  ])('to %s are an outage', async (_, apiUrl, message) => {
    const played = await play({ apiUrl: () => apiUrl, inputs: once });
    expect(played.outputs['outcome']).toBe('unreachable');
    expect(played.outputs['message']).toMatch(message);
  });
});
