import { describe, expect, it } from 'vitest';
import { HAS_SIGNALS, type Play, play } from './play.ts';

/** Kills the action when it has sent so many requests and a moment has passed; tells how long it lived on. */
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
    'by %s in the middle of %s is aborted within a second, and says what it knew',
    async (signal, _, requests, story) => {
      const played = await killed(signal, requests, story);
      expect(played.outputs['outcome']).toBe('aborted');
      expect(played.outputs['message']).toMatch(
        new RegExp(
          `^The workflow was cancelled \\(${signal}\\) before the crawl had ended: pending`,
        ),
      );
      expect(played.outputs['status']).toBe('pending');
      expect(played.outputs['requests']).toBe(String(requests));
      expect(played.summary).toContain('The wait was cut short');
      expect(played.annotations.map(({ level }) => level)).toEqual(['error']);
      expect(played.exitCode).toBe(1);
      expect(played.signal).toBeNull();
      expect(played.stderr).toBe('');
      expect(played.livedOn).toBeLessThan(1_000);
    },
  );

  it('does not mind a second signal', async () => {
    const played = await killed('SIGINT', 1, inASleep, 'SIGTERM');
    expect(played.outputs['outcome']).toBe('aborted');
    expect(played.outputs['message']).toMatch(/cancelled \((SIGINT|SIGTERM)\)/);
    expect(played.exitCode).toBe(1);
  });

  it('stops a connection that is not made yet', async () => {
    // An address of a documentation range: no machine has it, and nothing answers.
    const played = await play({
      inputs: { 'api-url': 'https://192.0.2.1', 'outage-timeout': '1m' },
      during: async (run) => {
        await new Promise((resolve) => run.process.stdout?.once('data', resolve));
        await new Promise((resolve) => setTimeout(resolve, 300));
        run.process.kill('SIGTERM');
      },
    });
    expect(played.outputs['outcome']).toBe('aborted');
    expect(played.took).toBeLessThan(3_000);
  });
});
