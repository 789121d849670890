import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../emulator/loopback.ts';
import { HAS_SIGNALS, type Play, play } from '../support/play.ts';

/**
 * How long a runner waits after a signal before it kills the process, in milliseconds. The contract
 * says one second, which a busy machine can exceed; a process that ignores the signal would run for
 * half a minute.
 */
const RUNNER_KILLS_AFTER_MS = 7_500;

/** Sends a signal when the action has sent this number of requests, and measures how long it runs on. */
async function killed(
  signal: NodeJS.Signals,
  requests: number,
  story: Play,
  again?: NodeJS.Signals,
) {
  let killedAt = 0;
  let endedAt = 0;
  const played = await play({
    scenario: 'slow',
    ...story,
    during: async (run, emulator) => {
      run.process.once('exit', () => {
        endedAt = performance.now();
      });
      await emulator.seen(requests);
      await new Promise((resolve) => setTimeout(resolve, 200));
      killedAt = performance.now();
      run.process.kill(signal);
      if (again !== undefined) run.process.kill(again);
    },
  });
  return { ...played, livedOn: endedAt - killedAt };
}

const inASleep: Play = { inputs: { 'poll-interval': '30s' } };
const inARequest: Play = {
  inputs: { 'poll-interval': '500ms' },
  faults: [{ fault: 'hang', from: 2 }],
};

describe.runIf(HAS_SIGNALS)('a cancelled workflow, where there are signals', () => {
  it.each([
    ['SIGINT', 'a sleep', 1, inASleep],
    ['SIGTERM', 'a sleep', 1, inASleep],
    ['SIGINT', 'a request', 2, inARequest],
    ['SIGTERM', 'a request', 2, inARequest],
    ['SIGINT', 'a body', 2, { faults: [{ fault: 'hang-in-body', from: 2 }] }],
    ['SIGTERM', 'an outage', 2, { faults: [{ fault: 'retry-after-for-ever', from: 2 }] }],
  ] as const)(
    'by %s during %s is aborted before the runner kills it, and reports the last known state',
    async (signal, _, requests, story) => {
      const played = await killed(signal, requests, story);
      expect(played.outputs['outcome']).toBe('aborted');
      expect(played.outputs['message']).toMatch(
        new RegExp(`^The workflow was canceled \\(${signal}\\) before the crawl finished: pending`),
      );
      expect(played.outputs['status']).toBe('pending');
      expect(played.outputs['requests']).toBe(String(requests));
      expect(played.summary).toContain('The workflow was canceled');
      expect(played.annotations.map(({ level }) => level)).toEqual(['error']);
      expect(played.exitCode).toBe(1);
      expect(played.signal).toBeNull();
      expect(played.stderr).toBe('');
      expect(played.livedOn).toBeLessThan(RUNNER_KILLS_AFTER_MS);
    },
  );

  it('ignores a second signal', async () => {
    const played = await killed('SIGINT', 1, inASleep, 'SIGTERM');
    expect(played.outputs['outcome']).toBe('aborted');
    expect(played.outputs['message']).toMatch(/canceled \((SIGINT|SIGTERM)\)/);
    expect(played.exitCode).toBe(1);
  });

  /** Signals the action half a second after it started to wait. */
  const killedEarly = async (story: Play) => {
    let killedAt = 0;
    let endedAt = 0;
    const played = await play({
      ...story,
      inputs: { 'outage-timeout': '1m', ...story.inputs },
      during: async (run) => {
        run.process.once('exit', () => {
          endedAt = performance.now();
        });
        await new Promise((resolve) => run.process.stdout?.once('data', resolve));
        await new Promise((resolve) => setTimeout(resolve, 500));
        killedAt = performance.now();
        run.process.kill('SIGTERM');
      },
    });
    expect(played.outputs['outcome']).toBe('aborted');
    expect(played.summary).toContain('The workflow was canceled');
    expect(played.exitCode).toBe(1);
    expect(endedAt - killedAt).toBeLessThan(RUNNER_KILLS_AFTER_MS);
  };

  it('stops a handshake that does not finish', async () => {
    const silent = await listenOnLoopback(createServer());
    await killedEarly({ apiUrl: () => `https://127.0.0.1:${silent.port}` });
    await silent.close();
  });

  it('stops a proxy tunnel that is not connected yet', async () => {
    const silent = await listenOnLoopback(createServer());
    const env = { HTTPS_PROXY: `http://127.0.0.1:${silent.port}` };
    await killedEarly({ apiUrl: () => 'https://api.example.test', env });
    await silent.close();
  });

  it.runIf(process.platform === 'linux')('stops a DNS lookup that hangs', async () => {
    await withHangingLookup((env) => killedEarly({ apiUrl: () => 'https://nohost', env }));
  });
});

it.runIf(process.platform === 'linux')(
  'a DNS lookup that hangs does not keep a step running past its limits, passed or failed',
  async () => {
    await withHangingLookup(async (env) => {
      const limits = { timeout: '0s', 'request-timeout': '1s' };
      const story: Play = { apiUrl: () => 'https://nohost', env };
      const red = await play({ ...story, inputs: limits });
      expect(red.outputs['outcome']).toBe('unreachable');
      expect(red.exitCode).toBe(1);
      const green = await play({ ...story, inputs: { ...limits, tolerate: 'unreachable' } });
      expect(green.exitCode).toBe(0);
      // A lookup that hangs would keep the process until the time limit of this test.
    });
  },
);

/** The system's lookup reads its aliases from a pipe into which nobody writes. */
async function withHangingLookup(tell: (env: Record<string, string>) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-names-'));
  const pipe = join(folder, 'aliases');
  execFileSync('mkfifo', [pipe]);
  try {
    await tell({ HOSTALIASES: pipe });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
