/**
 * What can go wrong between the action and the API: names, connections, certificates, proxies, and
 * the system clock.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, makeCertificate } from './certificate.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import type { Handling } from './faults.ts';
import { listenOnLoopback, type Running, relay } from './loopback.ts';
import { type Refusal, startProxy } from './proxy.ts';

/** A connection to the API on which something goes wrong from the second request on. */
export interface Way {
  about: string;
  handling: Handling;
  /** The fault lasts until the time limit of the caller. */
  slow?: true;
  /** @param times how many connections go wrong */
  open(times: number): Promise<OpenWay>;
}

/** A connection that can be used. */
export interface OpenWay {
  apiUrl: string;
  /** Variables for the action's process. */
  env: Record<string, string>;
  sites: Emulator['sites'];
  close(): Promise<void>;
}

const HOST = 'crawl.example.test';

function startApi(tls?: Certificate): Promise<Emulator> {
  return startEmulator({
    scenarios: ['steady'],
    speed: 30,
    // Every request opens a new connection.
    keepAlive: 1,
    ...(tls === undefined ? {} : { tls }),
  });
}

const portOf = ({ url }: Emulator) => Number(new URL(url).port);

/** Whether the nth connection, counted from 1, is one of those that go wrong. */
const isWrong = (nth: number, times: number) => nth >= 2 && nth < 2 + times;

/** Runs in the action's process before the action does. */
const preload = (script: string) => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}`,
});

/** @param wrong JavaScript for the result of the lookup instead of the address */
function dnsLookup(about: string, wrong: string): Way {
  return {
    about,
    handling: 'unreachable',
    async open(times) {
      const api = await startApi();
      return {
        apiUrl: `http://localhost:${portOf(api)}`,
        env: preload(`
          import dns from 'node:dns';
          const { lookup } = dns;
          let asked = 0;
          dns.lookup = (host, options, done) => {
            asked += 1;
            if (asked < 2 || asked >= 2 + ${times}) {
              lookup('127.0.0.1', options, done);
              return;
            }
            process.nextTick(() => (${wrong})(done, options));
          };`),
        sites: api.sites,
        close: () => api.close(),
      };
    },
  };
}

const failedLookup = (code: string) =>
  `(done) => done(Object.assign(new Error('lookup'), { code: '${code}' }))`;

/** @param make the certificate that some connections get instead of the right one */
function certificate(
  about: string,
  make: () => Promise<{ shown: Certificate; trusted: boolean }>,
): Way {
  return {
    about,
    handling: 'unreachable',
    async open(times) {
      const right = await makeCertificate(['127.0.0.1']);
      const { shown, trusted } = await make();
      const [api, other] = await Promise.all([startApi(right), startApi(shown)]);
      const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-tls-'));
      const authorities = join(folder, 'authorities.pem');
      writeFileSync(
        authorities,
        [right, ...(trusted ? [shown] : [])].map(({ cert }) => cert).join('\n'),
      );
      const relay = await startRelay((nth) => portOf(isWrong(nth, times) ? other : api));
      return {
        apiUrl: `https://127.0.0.1:${relay.port}`,
        env: { NODE_EXTRA_CA_CERTS: authorities },
        sites: api.sites,
        async close() {
          await Promise.all([relay.close(), api.close(), other.close()]);
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

/** Forwards the nth connection to the port that is chosen for it. */
function startRelay(portOfNth: (nth: number) => number): Promise<Running> {
  let count = 0;
  return listenOnLoopback(
    createServer((socket) => {
      count += 1;
      relay(socket, connect(portOfNth(count), '127.0.0.1'));
    }),
  );
}

function proxy(about: string, refusal: Refusal): Way {
  return {
    about,
    handling: 'unreachable',
    ...(refusal === 'nothing' ? { slow: true } : {}),
    async open(times) {
      const tls = await makeCertificate([HOST]);
      const api = await startApi(tls);
      const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-tls-'));
      const authority = join(folder, 'authority.pem');
      writeFileSync(authority, tls.cert);
      const between = await startProxy(portOf(api), {
        refuse: (nth) => (isWrong(nth, times) ? refusal : undefined),
      });
      return {
        apiUrl: `https://${HOST}`,
        env: {
          NODE_EXTRA_CA_CERTS: authority,
          HTTPS_PROXY: `http://127.0.0.1:${between.port}`,
        },
        sites: api.sites,
        async close() {
          await Promise.all([between.close(), api.close()]);
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

/** The date jumps every 300 ms, for the given number of times. */
function clock(about: string, hours: number): Way {
  return {
    about,
    handling: 'harmless',
    async open(times) {
      const api = await startApi();
      return {
        apiUrl: api.url,
        env: preload(`
          const { now } = Date;
          const startedAt = performance.now();
          const jumps = () => Math.min(${times}, Math.floor((performance.now() - startedAt) / 300));
          Date.now = () => now() + jumps() * ${hours * 3_600_000};`),
        sites: api.sites,
        close: () => api.close(),
      };
    },
  };
}

const DAY = 86_400_000;

/** Every connection fault by its name. */
export const WAYS: Readonly<Record<string, Way>> = {
  'unknown-host': dnsLookup("the hostname doesn't exist", failedLookup('ENOTFOUND')),
  'name-server-down': dnsLookup("the DNS server doesn't respond", failedLookup('EAI_AGAIN')),
  refused: dnsLookup(
    'nothing listens on the address',
    `(done, { all }) => (all ? done(null, [{ address: '127.0.0.2', family: 4 }]) : done(null, '127.0.0.2', 4))`,
  ),
  'self-signed': certificate('a self-signed certificate', async () => ({
    shown: await makeCertificate(['127.0.0.1']),
    trusted: false,
  })),
  'certificate-of-another': certificate('a certificate for a different host', async () => ({
    shown: await makeCertificate([HOST]),
    trusted: true,
  })),
  'expired-certificate': certificate('an expired certificate', async () => ({
    shown: await makeCertificate(['127.0.0.1'], new Date(Date.now() - DAY)),
    trusted: true,
  })),
  'proxy-wants-password': proxy('the proxy returns 407', 407),
  'proxy-fails': proxy('the proxy returns 502', 502),
  'proxy-hangs': proxy('the proxy never responds', 'nothing'),
  'proxy-endless': proxy('the headers of the proxy never end', 'endless'),
  'proxy-closes': proxy('the proxy closes the connection at once', 'close'),
  'clock-jumps-ahead': clock('the system clock jumps one day ahead', 24),
  'clock-jumps-back': clock('the system clock jumps one day back', -24),
};
