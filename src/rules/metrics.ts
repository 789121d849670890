/** What a rule can be about, and which kind of value it is compared with (contract, section Rules). */
export const METRICS = {
  total_pages: 'count',
  completed_pages: 'share',
  new_pages: 'share',
  updated_pages: 'share',
  removed_pages: 'share',
  unchanged_pages: 'share',
  changed_pages: 'share',
  synced_pages: 'share',
  pending_pages: 'share',
  error_pages: 'share',
  excluded_pages: 'share',
  indexed_pages: 'count',
  age: 'duration',
  duration: 'duration',
  queue_time: 'duration',
  created_at: 'time',
  started_at: 'time',
  completed_at: 'time',
} as const satisfies Record<string, 'count' | 'share' | 'duration' | 'time'>;

/** A name that a rule may begin with. */
export type Metric = keyof typeof METRICS;

/** The operators, those of two characters first, as a reader must try them. */
export const OPERATORS = ['>=', '<=', '==', '!=', '>', '<'] as const;

/** How a rule compares. */
export type Operator = (typeof OPERATORS)[number];

/** What a rule compares with: pages, a percentage, milliseconds, or milliseconds since 1970. */
export type RuleValue =
  | { kind: 'count'; count: number }
  | { kind: 'percent'; percent: number }
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

/** Why a rule has no value to compare with. */
export type UnknownReason = 'only-times' | 'not-read' | 'not-reported' | 'no-base' | 'impossible';

/** A rule held against a finished crawl. */
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

const PAGE_STATS_METRICS: readonly Metric[] = [
  'synced_pages',
  'pending_pages',
  'error_pages',
  'excluded_pages',
  'indexed_pages',
];

/** Whether the rule can only be judged with the datasource's `page_stats`. */
export function needsPageStats(rule: Rule): boolean {
  return PAGE_STATS_METRICS.includes(rule.metric);
}

/** Whether the rule asks for a crawl that started late enough (contract, section Finding the crawl). */
export function isStartRule({ metric, operator }: Rule): boolean {
  return metric === 'started_at' && (operator === '>' || operator === '>=');
}

/** Whether the rule asks for a fresh crawl (contract, section Finding the crawl). */
export function requiresFreshCrawl({ metric, operator }: Rule): boolean {
  if (metric === 'age') return operator === '<' || operator === '<=';
  if (metric === 'started_at' || metric === 'completed_at') {
    return operator === '>' || operator === '>=';
  }
  return false;
}
