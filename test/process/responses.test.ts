import { describe, expect, it } from 'vitest';
import { findFault, type Handling } from '../../emulator/faults.ts';
import { fastClock } from '../support/fast-clock.ts';
import { type Play, play } from '../support/play.ts';

/** One or more of each row of the contract's table; `npm run reliability` tells all faults. */
const ROWS = [
  ...['429', '408', '425', '500', '503', '599', 'retry-after-seconds', 'retry-after-date'],
  ...['close', 'reset-in-headers', 'reset-in-body', 'half-body', 'not-http', 'hang', 'drip'],
  ...['empty-body', 'html', 'list', 'empty-object', 'other-id', 'null-counter', 'zoneless-date'],
  ...['too-large', 'endless-body', 'gzip-bomb', 'not-gzip', 'upgrade'],
  ...[
    '401',
    '403',
    '404',
    '400',
    '422',
    '301',
    '302',
    '308',
    'redirect-to-other-host',
    '409',
    '418',
  ],
  ...['gzip', 'brotli', 'early-hints', 'byte-order-mark', 'deep-nesting', 'http-1.0', 'prototype'],
];

/** The outcome when the fault stays until the budget ends the wait. */
const AT_LAST: Record<Handling, string> = {
  harmless: 'succeeded',
  unreachable: 'unreachable',
  malformed: 'invalid-response',
  missing: 'not-found',
  unauthorized: 'unauthorized',
  'invalid-input': 'invalid-input',
  'invalid-response': 'invalid-response',
};

const TRIED_AGAIN: readonly Handling[] = ['harmless', 'unreachable', 'malformed'];

const STACK_TRACE = /^\s+at .*:\d+:\d+\)?$/m;

describe.concurrent('a response that goes wrong in the middle of a crawl', () => {
  it.each(ROWS)('%s, twice', async (name) => {
    const { slow } = findFault(name);
    const played = await play({
      inputs: { summary: 'false', ...(slow ? { 'request-timeout': '2s' } : {}) },
      faults: [{ fault: name, from: 2, times: 2, on: 'job' }],
    });
    const { outputs, exitCode, stderr, everything } = played;
    // Once a crawl has been seen, two odd responses prove nothing.
    expect(outputs['outcome'], outputs['message']).toBe('succeeded');
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(everything).not.toMatch(STACK_TRACE);
  });

  it.each(ROWS)('%s, for ever', async (name) => {
    const { handling, slow } = findFault(name);
    // What would end the wait at once is believed after 30 s, which pass faster here.
    const clock: Partial<Play> = TRIED_AGAIN.includes(handling) ? {} : fastClock(20);
    const played = await play({
      ...clock,
      faults: [{ fault: name, from: 2, on: 'job' }],
      inputs: {
        ...clock.inputs,
        summary: 'false',
        'outage-timeout': handling === 'harmless' ? '5m' : '1s',
        ...(slow ? { 'request-timeout': '2s' } : {}),
      },
    });
    const { outputs, exitCode, stderr, everything } = played;
    expect(outputs['outcome'], outputs['message']).toBe(AT_LAST[handling]);
    expect(exitCode).toBe(handling === 'harmless' ? 0 : 1);
    expect(outputs['status']).toBe(handling === 'harmless' ? 'completed' : 'pending');
    expect(stderr).toBe('');
    expect(everything).not.toMatch(STACK_TRACE);
  });
});
