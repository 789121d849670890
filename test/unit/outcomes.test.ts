import { describe, expect, it } from 'vitest';
import {
  commitState,
  type Outcome,
  outcomeFix,
  outcomes,
  outcomeTitle,
  tolerableOutcomes,
  worstOutcome,
} from '../../src/outcomes.ts';

const none: ReadonlySet<Outcome> = new Set();

describe('the order of outcomes', () => {
  it.each(
    outcomes.flatMap((worse, index) =>
      outcomes.slice(index).map((better) => [worse, better] as const),
    ),
  )('%s comes before %s', (worse, better) => {
    expect(worstOutcome([better, worse], none)).toBe(worse);
    expect(worstOutcome([worse, better], none)).toBe(worse);
  });

  it.each(
    tolerableOutcomes.flatMap((tolerated) =>
      outcomes
        .filter((other) => other !== tolerated && other !== 'succeeded')
        .map((other) => [tolerated, other] as const),
    ),
  )('%s, tolerated, comes after %s', (tolerated, other) => {
    expect(worstOutcome([tolerated, 'succeeded', other], new Set([tolerated]))).toBe(other);
  });

  it.each(tolerableOutcomes)('%s, tolerated, comes before succeeded', (tolerated) => {
    expect(worstOutcome(['succeeded', tolerated], new Set([tolerated]))).toBe(tolerated);
  });

  it('holds among those that are tolerated', () => {
    const tolerated = new Set<Outcome>(['stalled', 'failed', 'unreachable']);
    expect(worstOutcome(['unreachable', 'stalled', 'failed', 'succeeded'], tolerated)).toBe(
      'failed',
    );
    expect(worstOutcome(['unreachable', 'stalled'], tolerated)).toBe('stalled');
  });

  it('is not changed by what is tolerated and did not happen', () => {
    expect(worstOutcome(['succeeded'], new Set(['failed']))).toBe('succeeded');
    expect(worstOutcome(['stalled', 'succeeded'], new Set(['failed']))).toBe('stalled');
  });
});

describe('the commit status', () => {
  it.each(outcomes)('ends as it should for %s', (outcome) => {
    const failures: Outcome[] = ['failed', 'cancelled', 'unrecognized', 'empty', 'rejected'];
    const state =
      outcome === 'succeeded' ? 'success' : failures.includes(outcome) ? 'failure' : 'error';
    expect(commitState(outcome, none)).toBe(state);
  });

  it.each(tolerableOutcomes)('is a success when %s is tolerated', (outcome) => {
    expect(commitState(outcome, new Set([outcome]))).toBe('success');
  });

  it('is none when another outcome is tolerated', () => {
    expect(commitState('stalled', new Set(['failed']))).toBe('error');
    expect(commitState('failed', new Set(['stalled']))).toBe('failure');
  });
});

describe('the words for an outcome', () => {
  it('differ, and every one but succeeded says what to do', () => {
    expect(new Set(outcomes.map(outcomeTitle)).size).toBe(outcomes.length);
    for (const outcome of outcomes) {
      expect(outcomeTitle(outcome)).toMatch(/^\w/);
      expect(outcomeFix(outcome) === '').toBe(outcome === 'succeeded');
    }
  });

  it.each([
    ['unauthorized', ['`token`', 'crawl:read']],
    ['not-found', ['`datasource-id`', '`job-id`']],
    ['stalled', ['`stall-timeout`']],
    ['timed-out', ['`timeout`']],
    ['unreachable', ['`outage-timeout`']],
    ['invalid-response', ['`api-url`']],
    ['empty', ['exclude paths']],
  ] as const)('%s: the remedy names what can be changed', (outcome, names) => {
    for (const name of names) expect(outcomeFix(outcome)).toContain(name);
  });
});
