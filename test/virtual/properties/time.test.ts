import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../src/api/retry-after.ts';
import { formatDuration } from '../../../src/duration.ts';
import { outcomes } from '../../../src/outcomes.ts';
import { type Sent, START, type Story, tell, type Wrong } from '../../support/virtual-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Milliseconds: any, whole seconds, and the least. */
const upTo = (most: number, least = 0) =>
  fc.oneof(
    fc.integer({ min: least, max: most }),
    fc.integer({ min: 0, max: most / SECOND }).map((s) => Math.max(least, s * SECOND)),
    fc.constant(least),
  );

const retryAfter = fc.oneof(
  fc.nat({ max: 90 }).map(String),
  fc.nat({ max: 900 }).map((s) => new Date(START + s * SECOND).toUTCString()),
  fc.constantFrom('3600', '99999999999', 'Mon, 23 Nov 2026 09:00:00 GMT', 'soon', '', '-5'),
);
/** A response that says: later. */
const again = fc.record(
  {
    status: fc.constantFrom(429, 429, 408, 425, 500, 502, 503, 504, 599),
    retryAfter,
    late: upTo(40 * SECOND),
  },
  { requiredKeys: ['status'] },
);
const unreadable = fc.record(
  {
    status: fc.constantFrom(200, 201),
    body: fc.constantFrom('', '<html>', '[]', '{"id": 5}'),
    retryAfter,
    late: upTo(40 * SECOND),
  },
  { requiredKeys: ['status', 'body'] },
);
const right = fc.oneof(
  fc.constant(undefined),
  fc.record({ late: upTo(70 * SECOND) }),
) satisfies fc.Arbitrary<Wrong | undefined>;
/** What one request may bring while it is worth another try: right, late, wrong, or nothing. */
const mendable: fc.Arbitrary<Wrong | undefined> = fc.oneof(
  { arbitrary: right, weight: 3 },
  { arbitrary: again, weight: 3 },
  unreadable,
  fc.constantFrom('network error' as const, 'hang' as const),
);
const final: fc.Arbitrary<Wrong> = fc
  .constantFrom(400, 401, 403, 404, 404, 404, 410, 418, 301, 302, 422)
  .map((status) => ({ status }));
const anything = fc.oneof({ arbitrary: mendable, weight: 20 }, { arbitrary: final, weight: 1 });

/** Some responses, then one that comes for ever, or all of them again and again. */
const sequence = (response: fc.Arbitrary<Wrong | undefined>) =>
  fc
    .record({
      first: fc.array(response, { maxLength: 30 }),
      last: fc.option(response, { nil: 'again' as const }),
    })
    .map(({ first, last }) => (count: number) => {
      if (last !== 'again' && count > first.length) return last;
      return first[(count - 1) % Math.max(1, first.length)];
    });

const jitter = fc.double({ min: 0, max: 1, noNaN: true });

/** Milliseconds, as the inputs give them. */
const limits = fc.record({
  timeout: upTo(8 * MINUTE),
  requestTimeout: upTo(60 * SECOND, 1),
  outageTimeout: upTo(3 * MINUTE),
  pollInterval: fc.oneof(fc.constant('auto' as const), upTo(45 * SECOND, 500)),
});
type Limits = typeof limits extends fc.Arbitrary<infer T> ? T : never;

function inputsOf({ timeout, requestTimeout, outageTimeout, pollInterval }: Limits) {
  return {
    timeout: formatDuration(timeout),
    'request-timeout': formatDuration(requestTimeout),
    'outage-timeout': formatDuration(outageTimeout),
    'poll-interval': pollInterval === 'auto' ? 'auto' : formatDuration(pollInterval),
  };
}

const scenario = fc.constantFrom(
  'steady',
  'slow',
  'queued',
  'tiny',
  'finished',
  'stalled',
  'pending',
  'bursts',
  'failed',
  'late-job',
  'late-active',
  'gone',
  'no-job',
  'no-datasource',
  'idle',
  'idle-fresh',
  'odd-status',
);

/** A step with any settings, against an API that does anything. */
const anyStory = fc
  .record({
    scenarios: fc.oneof(fc.tuple(scenario), fc.array(scenario, { minLength: 2, maxLength: 14 })),
    limits,
    active: fc.boolean(),
    stallTimeout: upTo(5 * MINUTE),
    require: fc.constantFrom(
      '',
      'error_pages <= 10',
      'excluded_pages < 0',
      'started_at >= 2026-11-23T09:59:00Z',
      'age <= 1h\nsynced_pages >= 50%',
    ),
    warn: fc.constantFrom('', 'pending_pages == 0'),
    summary: fc.boolean(),
    responses: sequence(anything),
    latency: upTo(5 * SECOND),
    random: jitter,
  })
  .map(({ scenarios, limits, active, stallTimeout, random, latency, responses, ...inputs }) => ({
    limits,
    story: {
      scenarios,
      active,
      latency,
      random: () => random,
      wrong: ({ count }) => responses(count),
      inputs: {
        ...inputsOf(limits),
        'stall-timeout': formatDuration(stallTimeout),
        require: inputs.require,
        warn: inputs.warn,
        summary: String(inputs.summary),
      },
    } satisfies Story,
  }));

/** One crawl, given by its ID, and nothing to read but its job. */
const oneCrawl = fc
  .record({
    scenario: fc.constantFrom('pending', 'slow', 'steady', 'stalled', 'late-job', 'no-job', 'gone'),
    limits,
    responses: sequence(anything),
    latency: upTo(5 * SECOND),
    random: jitter,
  })
  .map(({ scenario, limits, responses, latency, random }) => ({
    limits,
    random,
    story: {
      scenarios: [scenario],
      latency,
      random: () => random,
      wrong: ({ count }) => responses(count),
      inputs: { ...inputsOf(limits), 'stall-timeout': '0s', summary: 'false' },
    } satisfies Story,
  }));

type Kind = 'usable' | 'ended' | 'missing' | 'unreachable' | 'invalid-response' | 'fatal';

/** What the contract's table makes of a response about a job. */
function kindOf({ brought }: Sent): Kind {
  if (brought === undefined) return 'unreachable';
  const { status, body } = brought;
  if (status === 404) return 'missing';
  if ([408, 425, 429].includes(status) || status >= 500) return 'unreachable';
  if (status < 200 || status >= 300) return 'fatal';
  if (!body.includes('completed_at')) return 'invalid-response';
  return JSON.parse(body).completed_at === null ? 'usable' : 'ended';
}

/** What the last response leaves undecided is waited for: `undefined`. All that came before counts. */
function decidedBy(looks: readonly Sent[], { timeout, outageTimeout }: Limits): string | undefined {
  const look = looks.at(-1);
  if (look === undefined) return undefined;
  const { done } = look;
  const kind = kindOf(look);
  switch (kind) {
    case 'ended':
      return 'succeeded';
    case 'usable':
      return done >= timeout ? 'timed-out' : undefined;
    case 'missing':
    case 'fatal': {
      const isSeen = looks.some((one) => kindOf(one) === 'usable');
      if (kind === 'fatal' && !isSeen) return outcomeOf(look);
      const first = sinceUsable(looks).find((one) => isDoubtful(kindOf(one)))?.done ?? done;
      return done >= Math.min(first + 30 * SECOND, timeout) ? outcomeOf(look) : undefined;
    }
    default:
      return done >= Math.min(outageOf(looks).startedAt + outageTimeout, timeout)
        ? kind
        : undefined;
  }
}

/** What the API's clock said when the response came: a `Date` header has whole seconds. */
function dateOf({ brought, done }: Sent): number {
  return Date.parse(brought?.headers['date'] ?? '') || START + done;
}

function outcomeOf({ brought }: Sent): string {
  const status = brought?.status ?? 0;
  if (status === 404) return 'not-found';
  if (status === 401 || status === 403) return 'unauthorized';
  return status === 400 || status === 422 ? 'invalid-input' : 'invalid-response';
}

function isDoubtful(kind: Kind): boolean {
  return kind === 'missing' || kind === 'fatal';
}

function sinceUsable(looks: readonly Sent[]): readonly Sent[] {
  return looks.slice(looks.findLastIndex((look) => kindOf(look) === 'usable') + 1);
}

/**
 * The outage at the end of some responses: how many tries it has seen, and when it started, later
 * by as much as responses in doubt have paused it.
 */
function outageOf(looks: readonly Sent[]): { startedAt: number; tries: number } {
  const isSeen = looks.some((look) => kindOf(look) === 'usable');
  let [startedAt, tries] = [Number.POSITIVE_INFINITY, 0];
  let doubtfulSince: number | undefined;
  for (const look of sinceUsable(looks)) {
    if (!isDoubtful(kindOf(look))) {
      startedAt = tries === 0 ? look.done : startedAt + look.done - (doubtfulSince ?? look.done);
      tries += 1;
      doubtfulSince = undefined;
    } else if (isSeen) {
      doubtfulSince ??= look.done;
    } else {
      tries = 0;
    }
  }
  return { startedAt, tries };
}

describe('any run', () => {
  it('ends within timeout + 2 × request-timeout, in one outcome, whatever the API does', async () => {
    await fc.assert(
      fc.asyncProperty(anyStory, async ({ story, limits: { timeout, requestTimeout } }) => {
        const told = await tell(story);
        // With `timeout: 0s` the limit counts from the last crawl's turn.
        const turns = timeout === 0 ? 1_020 * told.sent.length : 0;
        expect(told.took).toBeLessThanOrEqual(timeout + turns + 2 * requestTimeout);
        expect(outcomes).toContain(told.outputs['outcome']);
        expect(['internal-error', 'aborted']).not.toContain(told.outputs['outcome']);
        expect(told.green).toBe(told.outputs['outcome'] === 'succeeded');
        expect(told.outputs['requests']).toBe(String(told.sent.length));
      }),
      { numRuns: 200 },
    );
  });

  it('ends at once when it is aborted, with all outputs', async () => {
    const written = Object.keys((await tell({ scenarios: ['finished'] })).outputs).sort();
    await fc.assert(
      fc.asyncProperty(anyStory, upTo(9 * MINUTE), async ({ story }, stopAt) => {
        const told = await tell({ ...story, stopAt });
        expect(told.took).toBeLessThanOrEqual(stopAt);
        if (told.took < stopAt) expect(told.outputs['outcome']).not.toBe('aborted');
        expect(Object.keys(told.outputs).sort()).toEqual(written);
      }),
      { numRuns: 100 },
    );
  });

  it('is aborted when it is cancelled before anything is decided', async () => {
    await fc.assert(
      fc.asyncProperty(
        sequence(mendable),
        fc.array(fc.constantFrom('pending', 'slow', 'stalled'), { minLength: 1, maxLength: 12 }),
        upTo(5 * MINUTE),
        async (responses, scenarios, stopAt) => {
          const told = await tell({
            scenarios,
            stopAt,
            wrong: ({ count }) => responses(count),
            inputs: { 'outage-timeout': '1h' },
          });
          expect(told.took).toBe(stopAt);
          expect(told.outputs['outcome']).toBe('aborted');
          expect(told.green).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the wait for one crawl', () => {
  it('spends its time after the deadline on requests alone: no sleep goes past it', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyStory.filter(({ story }) => story.scenarios.length === 1),
        async ({ story, limits: { timeout } }) => {
          const { sent, took } = await tell(story);
          let busyUntil = timeout;
          for (const { at, done } of sent) {
            if (done > timeout) expect(at).toBeLessThanOrEqual(busyUntil);
            busyUntil = Math.max(busyUntil, done);
          }
          expect(took).toBeLessThanOrEqual(busyUntil);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('ends with the first response that decides it, and with no other outcome', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(oneCrawl, async ({ story, limits }) => {
        const { sent, took, outputs } = await tell(story);
        const decided = sent.map((_, index) => decidedBy(sent.slice(0, index + 1), limits));
        expect(decided.slice(0, -1).filter((outcome) => outcome !== undefined)).toEqual([]);
        expect(decided.at(-1)).toBe(outputs['outcome']);
        expect(took).toBe(sent.at(-1)?.done);
        seen.add(outputs['outcome'] ?? '');
      }),
      { numRuns: 400 },
    );
    expect([...seen].sort()).toEqual(
      [
        'invalid-input',
        'invalid-response',
        'not-found',
        'succeeded',
        'timed-out',
        'unauthorized',
        'unreachable',
      ].sort(),
    );
  });

  it('backs off and obeys Retry-After, but never past the limits of the wait', async () => {
    await fc.assert(
      fc.asyncProperty(oneCrawl, async ({ story, limits, random }) => {
        const { sent } = await tell(story);
        sent.slice(1).forEach((next, index) => {
          const looks = sent.slice(0, index + 1);
          const look = sent[index] as Sent;
          const { done } = look;
          if (!['unreachable', 'invalid-response'].includes(kindOf(look))) return;
          const { startedAt, tries } = outageOf(looks);
          const backOff = Math.min(30 * SECOND, SECOND * 2 ** (tries - 1));
          const asked = parseRetryAfter(look.brought?.headers['retry-after'], dateOf(look));
          const wait = Math.max(backOff * (0.75 + 0.25 * random), asked);
          const limit = Math.min(limits.timeout, startedAt + limits.outageTimeout);
          expect(next.at).toBeCloseTo(Math.min(done + wait, limit), 6);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its pace between usable responses, and cuts the last wait to the deadline', async () => {
    await fc.assert(
      fc.asyncProperty(oneCrawl, async ({ story, limits }) => {
        const { pollInterval, timeout, outageTimeout } = limits;
        const { sent } = await tell(story);
        // A check at the end of an outage does not wait for it, but the checks after that one do.
        let heldUntil = 0;
        sent.slice(1).forEach((next, index) => {
          const look = sent[index] as Sent;
          const asked = parseRetryAfter(look.brought?.headers['retry-after'], dateOf(look));
          heldUntil = Math.max(heldUntil, look.done + Math.min(asked, outageTimeout));
          if (kindOf(look) !== 'usable') return;
          const [least, most] =
            pollInterval === 'auto' ? [2 * SECOND, 30 * SECOND] : [pollInterval, pollInterval];
          const at = (wait: number) => Math.min(Math.max(look.done + wait, heldUntil), timeout);
          expect(next.at).toBeGreaterThanOrEqual(at(least));
          expect(next.at).toBeLessThanOrEqual(at(most));
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('the wait for several crawls', () => {
  const crowd = fc
    .record({
      scenarios: fc.array(fc.constantFrom('pending', 'slow', 'stalled', 'steady'), {
        minLength: 2,
        maxLength: 40,
      }),
      limits: limits.map((some) => ({ ...some, timeout: Math.min(some.timeout, 4 * MINUTE) })),
      active: fc.boolean(),
      latency: upTo(5 * SECOND),
      random: jitter,
    })
    .map(({ limits, random, ...story }) => ({
      limits,
      story: { ...story, random: () => random, inputs: inputsOf(limits) } satisfies Story,
    }));

  it('sends no more than a burst of 10 and 60 a minute, whatever comes back', async () => {
    await fc.assert(
      fc.asyncProperty(crowd, sequence(mendable), async ({ story }, responses) => {
        const { sent } = await tell({ ...story, wrong: ({ count }) => responses(count) });
        sent.forEach(({ at }, index) => {
          sent.slice(index + 10).forEach((later, more) => {
            expect(later.at - at).toBeGreaterThan(more * SECOND);
          });
        });
      }),
      { numRuns: 50 },
    );
  });

  it('speaks for no other: a key that is refused for one of them ends that one alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        fc.nat({ max: 7 }),
        fc.constantFrom(401, 403),
        async (length, which, status) => {
          const refused = which % length;
          const { outputs } = await tell({
            scenarios: Array.from({ length }, () => 'pending'),
            inputs: { timeout: '2m', summary: 'false' },
            wrong: ({ path }) => (path.endsWith(`000${refused}`) ? { status } : undefined),
          });
          const { crawls } = JSON.parse(outputs['result'] ?? '');
          expect(crawls.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
            Array.from({ length }, (_, n) => (n === refused ? 'unauthorized' : 'timed-out')),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  it('obeys one Retry-After with all of them, up to the limits of the wait', async () => {
    await fc.assert(
      fc.asyncProperty(
        crowd,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 600 }),
        async ({ story, limits: { timeout, outageTimeout } }, which, seconds) => {
          const { sent } = await tell({
            ...story,
            inputs: { ...story.inputs, 'request-timeout': '10s', summary: 'false' },
            wrong: ({ count }) =>
              count === which ? { status: 429, retryAfter: `${seconds}` } : undefined,
          });
          const asked = sent[which - 1]?.done ?? Infinity;
          const until = Math.min(asked + seconds * SECOND, asked + outageTimeout, timeout);
          for (const { at } of sent) expect(at > asked && at < until).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });
});
