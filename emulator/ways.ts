/**
 * What can go wrong between the action and the API: names, connections, certificates, proxies, and
 * the machine's own clock.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, makeCertificate } from './certificate.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import type { Handling } from './faults.ts';
import { listenOnLoopback, type Running, relay } from './loopback.ts';
import { startProxy } from './proxy.ts';

/** A way to the API on which something goes wrong from the second connection on. */
export interface Way {
  about: string;
  handling: Handling;
  /** The fault lasts until the caller's own time limit. */
  slow?: true;
  /** @param times how many connections it meets */
  open(times: number): Promise<OpenWay>;
}

/** A way that can be gone. */
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
    // Every look makes a connection of its own.
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

/** @param wrong JavaScript for what the look-up gives in place of the address */
function nameLookUp(about: string, wrong: string): Way {
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

const failedLookUp = (code: string) =>
  `(done) => done(Object.assign(new Error('look-up'), { code: '${code}' }))`;

/** @param make the certificate that some connections are shown in place of the right one */
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

/** Passes the nth connection on to the port that is named for it. */
function startRelay(portOfNth: (nth: number) => number): Promise<Running> {
  let count = 0;
  return listenOnLoopback(
    createServer((socket) => {
      count += 1;
      relay(socket, connect(portOfNth(count), '127.0.0.1'));
    }),
  );
}

function proxy(about: string, refusal: number | 'nothing'): Way {
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

/** The date jumps so many times, every 300 ms. */
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
          const begun = performance.now();
          const jumps = () => Math.min(${times}, Math.floor((performance.now() - begun) / 300));
          Date.now = () => now() + jumps() * ${hours * 3_600_000};`),
        sites: api.sites,
        close: () => api.close(),
      };
    },
  };
}

const DAY = 86_400_000;

/** Every way by its name. */
export const WAYS: Readonly<Record<string, Way>> = {
  'unknown-host': nameLookUp('the host’s name is not found', failedLookUp('ENOTFOUND')),
  'name-server-down': nameLookUp('the name server does not answer', failedLookUp('EAI_AGAIN')),
  refused: nameLookUp(
    'nobody listens at the address',
    `(done, { all }) => (all ? done(null, [{ address: '127.0.0.2', family: 4 }]) : done(null, '127.0.0.2', 4))`,
  ),
  'self-signed': certificate('a certificate that signed itself', async () => ({
    shown: await makeCertificate(['127.0.0.1']),
    trusted: false,
  })),
  'certificate-of-another': certificate('the certificate of another host', async () => ({
    shown: await makeCertificate([HOST]),
    trusted: true,
  })),
  'expired-certificate': certificate('a certificate that has expired', async () => ({
    shown: await makeCertificate(['127.0.0.1'], new Date(Date.now() - DAY)),
    trusted: true,
  })),
  'proxy-wants-password': proxy('the proxy answers 407', 407),
  'proxy-fails': proxy('the proxy answers 502', 502),
  'proxy-hangs': proxy('the proxy says nothing', 'nothing'),
  'clock-jumps-ahead': clock('the machine’s date jumps a day ahead', 24),
  'clock-jumps-back': clock('the machine’s date jumps a day back', -24),
};
