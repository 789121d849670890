import type { IndexCounter, PageStats } from '../api/schemas.ts';
import { between, type CrawlFacts, changedPages, knownBefore, timeOf } from '../crawl.ts';

/** What the rules are evaluated against. */
export interface Evidence {
  crawl: CrawlFacts;
  /** `undefined` when it could not be read. */
  pageStats: PageStats | undefined;
  /** The API's clock in milliseconds since 1970, for `age`. */
  now: number;
}

/** What a percentage is of. */
export type Base = 'total_pages' | 'known pages' | 'indexed_pages';

/** One metric (contract, section Rules): everything that is decided by its name alone. */
type MetricRow = MetricValue & {
  /** Pages, milliseconds, or milliseconds since 1970; `null` when the evidence does not say. */
  read(evidence: Evidence): number | null;
  /** It is one of the datasource's `page_stats`, which are read only when a rule needs them. */
  ofPageStats?: true;
  /** With these operators a rule asks for a fresh crawl (contract, section Finding the crawl). */
  freshWith?: readonly Operator[];
  /** Once known it cannot change while the crawl runs (contract, section As soon as it is certain). */
  isSettled?: true;
  /** Why the value is unknown if its times contradict each other; `undefined` if one is missing. */
  contradiction?(crawl: CrawlFacts): string | undefined;
  /** For the table of the README. */
  meaning: string;
};

/** The kind of value that a rule compares a metric with. `share`: a page count or a percentage. */
type MetricValue = { kind: 'share'; base: Base } | { kind: 'count' | 'duration' | 'time' };

/** The operators, those of two characters first, as a reader must try them. */
export const OPERATORS = ['>=', '<=', '==', '!=', '>', '<'] as const;

/** How a rule compares. */
export type Operator = (typeof OPERATORS)[number];

/** An age below zero by no more than this is a matter of rounding; below that it is unknown. */
const MAX_AGE_BELOW_ZERO_MS = 60_000;

const ofPageStats = (name: IndexCounter, meaning: string) =>
  ({
    kind: 'share',
    base: 'indexed_pages',
    ofPageStats: true,
    read: ({ pageStats }: Evidence) => pageStats?.[name] ?? null,
    meaning,
  }) as const satisfies MetricRow;

/** Every metric, by the name with which a rule starts. */
export const METRICS = {
  total_pages: {
    kind: 'count',
    read: ({ crawl }) => crawl.total_pages,
    meaning: 'Pages that the crawl set out to visit',
  },
  completed_pages: {
    kind: 'share',
    base: 'total_pages',
    read: ({ crawl }) => crawl.completed_pages,
    meaning: 'Pages that the crawl visited',
  },
  new_pages: {
    kind: 'share',
    base: 'total_pages',
    read: ({ crawl }) => crawl.new_pages,
    meaning: 'Pages that were not known before the crawl',
  },
  updated_pages: {
    kind: 'share',
    base: 'known pages',
    read: ({ crawl }) => crawl.updated_pages,
    meaning: 'Known pages whose content changed',
  },
  removed_pages: {
    kind: 'share',
    base: 'known pages',
    read: ({ crawl }) => crawl.removed_pages,
    meaning: 'Known pages that no longer exist',
  },
  unchanged_pages: {
    kind: 'share',
    base: 'known pages',
    read: ({ crawl }) => crawl.unchanged_pages,
    meaning: 'Known pages whose content stayed the same',
  },
  changed_pages: {
    kind: 'share',
    base: 'known pages',
    read: ({ crawl }) => changedPages(crawl),
    meaning: 'New, updated, and removed pages together',
  },
  synced_pages: ofPageStats(
    'synced',
    'Pages in the index of the datasource whose content is up to date',
  ),
  pending_pages: ofPageStats('pending', 'Pages in the index that wait for processing'),
  error_pages: ofPageStats('error', 'Pages in the index that could not be processed'),
  excluded_pages: ofPageStats('excluded', 'Pages in the index that are excluded from answers'),
  indexed_pages: {
    kind: 'count',
    ofPageStats: true,
    read: ({ pageStats }) => pageStats?.total ?? null,
    meaning: 'All pages in the index of the datasource',
  },
  age: {
    kind: 'duration',
    read: ({ crawl, now }) => ageOf(crawl, now),
    freshWith: ['<', '<='],
    contradiction: ({ completed_at: completed }) =>
      completed === null ? undefined : `the crawl finished in the future (${completed})`,
    meaning: 'Time since the crawl finished',
  },
  duration: {
    kind: 'duration',
    read: ({ crawl }) => between(crawl.started_at, crawl.completed_at),
    contradiction: ({ started_at: started, completed_at: completed }) =>
      started === null || completed === null ? undefined : 'the crawl finished before it started',
    meaning: 'Time from the start of the crawl to its end',
  },
  queue_time: {
    kind: 'duration',
    read: ({ crawl }) => between(crawl.created_at, crawl.started_at),
    isSettled: true,
    contradiction: ({ created_at: created, started_at: started }) =>
      created === null || started === null ? undefined : 'the crawl started before it was created',
    meaning: 'Time from the creation of the crawl job to its start',
  },
  created_at: {
    kind: 'time',
    read: ({ crawl }) => timeOf(crawl.created_at),
    isSettled: true,
    meaning: 'When the crawl job was created',
  },
  started_at: {
    kind: 'time',
    read: ({ crawl }) => timeOf(crawl.started_at),
    freshWith: ['>', '>='],
    isSettled: true,
    meaning: 'When the crawl started',
  },
  completed_at: {
    kind: 'time',
    read: ({ crawl }) => timeOf(crawl.completed_at),
    freshWith: ['>', '>='],
    meaning: 'When the crawl finished',
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** A name that a rule can start with. */
export type Metric = keyof typeof METRICS;

/** The metric's row. */
export function metricRow(metric: Metric): MetricRow {
  return METRICS[metric];
}

/** What a rule compares with: pages, a percentage, milliseconds, or milliseconds since 1970. */
export type RuleValue =
  | { kind: 'count'; count: number }
  /** As it was written, without the sign, because it is compared exactly: `33.33333333`. */
  | { kind: 'percent'; percent: string; of: Base }
  | { kind: 'duration'; ms: number }
  | { kind: 'time'; at: number };

/** One line of `require` or `warn`. */
export interface Rule {
  /** The line as its author wrote it, with single spaces. */
  text: string;
  level: 'require' | 'warn';
  metric: Metric;
  operator: Operator;
  value: RuleValue;
}

/**
 * Why a rule has no value to compare with: only the datasource told of the crawl, the datasource
 * could not be read, the API does not say, nothing is known of what a percentage is of, a percentage
 * of no pages, or a time that cannot be true.
 */
export type UnknownReason =
  | 'only-times'
  | 'not-read'
  | 'not-reported'
  | 'no-base'
  | 'of-no-pages'
  | 'impossible';

/** A rule evaluated against a crawl. */
export interface EvaluatedRule {
  rule: Rule;
  met: boolean;
  /** What was found, as people read it: `11.8% (94 of 796)`, `3h12m`, or why it is unknown. */
  actual: string;
  unknown?: UnknownReason;
}

/** What was found, as the end of a sentence about the rule. */
export function describeActual({ actual, unknown }: EvaluatedRule): string {
  return unknown === undefined
    ? `the actual value is ${actual}`
    : `the value is unknown because ${actual}`;
}

/** What was found, for a cell of a table and for `result`: `11.8% (94 of 796)`, `unknown: …`. */
export function foundOf({ actual, unknown }: EvaluatedRule): string {
  return unknown === undefined ? actual : `unknown: ${actual}`;
}

/** Whether the rule can only be evaluated with the datasource's `page_stats`. */
export function needsPageStats({ metric }: Rule): boolean {
  return metricRow(metric).ofPageStats === true;
}

/** Whether the rule asks for a fresh crawl (contract, section Finding the crawl). */
export function requiresFreshCrawl({ metric, operator }: Rule): boolean {
  return metricRow(metric).freshWith?.includes(operator) ?? false;
}

/** Whether the step waits for a crawl that started late enough for the rule (contract, section Finding the crawl). */
export function requiresLaterStart(rule: Rule): boolean {
  return rule.level === 'require' && rule.metric === 'started_at' && requiresFreshCrawl(rule);
}

/** Pages that a percentage is of, and how messages name them. */
export function baseOf(
  base: Base,
  { crawl, pageStats }: Evidence,
): { pages: number | null; missing: string } {
  switch (base) {
    case 'total_pages':
      return { pages: crawl.total_pages, missing: 'OpenCX reports no total_pages for this crawl' };
    case 'known pages':
      return {
        pages: knownBefore(crawl),
        missing: 'OpenCX does not report how many pages it knew before this crawl',
      };
    case 'indexed_pages':
      return { pages: pageStats?.total ?? null, missing: 'OpenCX reports no indexed_pages' };
  }
}

function ageOf({ completed_at: completed }: CrawlFacts, now: number): number | null {
  if (completed === null) return null;
  const age = now - Date.parse(completed);
  return age < -MAX_AGE_BELOW_ZERO_MS ? null : Math.max(0, age);
}
