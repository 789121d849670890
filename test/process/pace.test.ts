import { describe, expect, it } from 'vitest';
import { play } from '../support/play.ts';

describe('the built bundle with several crawls', () => {
  it('checks the one that is near its end first, from the second round on', async () => {
    const scenarios = ['nearly-finished', ...Array<string>(11).fill('just-started')];
    const { emulator, outputs } = await play({
      scenarios,
      speed: 1,
      inputs: { 'poll-interval': 'auto', timeout: '5s', tolerate: 'timed-out' },
    });
    const jobs = emulator.requests.filter(({ kind }) => kind === 'job').map(({ path }) => path);
    const near = emulator.sites[0]?.jobId ?? '';
    expect(new Set(jobs.slice(0, 12)).size).toBe(12);
    expect(jobs[12]).toContain(near);
    expect(outputs['outcome']).toBe('timed-out');
  });
});
