import type { Play } from './play.ts';

/**
 * What lets the built bundle live through a story with a clock that runs so many times faster than
 * the machine's, so that its minutes pass in a moment: its date, its timers, the emulator's crawls.
 */
export function fastClock(times: number): Pick<Play, 'speed' | 'env' | 'inputs'> {
  const script = `
    const begun = performance.now();
    const elapsed = performance.now.bind(performance);
    performance.now = () => begun + (elapsed() - begun) * ${times};
    const { now } = Date;
    const date = now();
    Date.now = () => Math.round(date + (now() - date) * ${times});
    const { setTimeout: sleep } = globalThis;
    globalThis.setTimeout = (wake, ms, ...given) => sleep(wake, ms / ${times}, ...given);`;
  return {
    speed: times,
    env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` },
    // A request that takes the machine a quarter of a second takes the action much longer.
    inputs: { 'request-timeout': `${times * 15}s`, 'poll-interval': 'auto' },
  };
}
