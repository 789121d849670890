/** One row of the table: all that is decided by an outcome alone. */
interface OutcomeRow {
  /** A few words that head the summary and the comment. */
  title: string;
  /** What to do now; empty when there is nothing to do. */
  fix: string;
  /** Whether the input `tolerate` can name it. */
  tolerable: boolean;
  /** The API still responds after it, so that another request is worth while. */
  apiResponds: boolean;
  /** Its color in the log. */
  color: 'red' | 'yellow' | 'green';
  /** What a commit status ends with (contract, section What people see). */
  commitState: 'success' | 'failure' | 'error';
}

/**
 * Every way a run can end (contract, section Outcomes), in the order of the contract: with several
 * crawls the run's outcome is the first that any of them has.
 */
const OUTCOMES = {
  'internal-error': {
    title: 'The action hit an internal error',
    fix: 'This is a problem in the action, not in your crawl. Rerun the job. If it happens again, open an issue and include this message.',
    tolerable: false,
    apiResponds: false,
    color: 'yellow',
    commitState: 'error',
  },
  aborted: {
    title: 'The workflow was canceled',
    fix: "The crawl continues in OpenCX. To wait for it, rerun the workflow. If nobody canceled the workflow, make sure that the job's `timeout-minutes` is longer than `timeout`.",
    tolerable: false,
    apiResponds: false,
    color: 'yellow',
    commitState: 'error',
  },
  'invalid-input': {
    title: 'Invalid inputs',
    fix: 'Fix the inputs named in the message. The README lists the values that each input accepts.',
    tolerable: false,
    apiResponds: false,
    color: 'red',
    commitState: 'error',
  },
  unauthorized: {
    title: 'OpenCX did not accept the API key',
    fix: 'Check that `token` contains a valid API key with the `crawl:read` scope (OpenCX dashboard, Settings > Access), and that the key and `datasource-id` belong to the same organization.',
    tolerable: true,
    apiResponds: false,
    color: 'red',
    commitState: 'error',
  },
  'not-found': {
    title: 'No crawl found',
    fix: 'Check `datasource-id` and `job-id`. The job must belong to the datasource, and the API key must belong to the same organization. With `job-id: active`, start the crawl before this step.',
    tolerable: true,
    apiResponds: false,
    color: 'red',
    commitState: 'error',
  },
  failed: {
    title: 'The crawl failed',
    fix: 'Find the cause in the error message or in the OpenCX dashboard, then start the crawl again. Until a crawl succeeds, your AI agents might answer from outdated pages.',
    tolerable: true,
    apiResponds: true,
    color: 'red',
    commitState: 'failure',
  },
  cancelled: {
    title: 'The crawl was canceled',
    fix: 'If you still need the new pages, start the crawl again in the OpenCX dashboard.',
    tolerable: true,
    apiResponds: true,
    color: 'red',
    commitState: 'failure',
  },
  unrecognized: {
    title: 'The crawl finished with an undocumented status',
    fix: 'Check in the OpenCX dashboard whether the crawl succeeded. If it did not, start it again. If this status is new, look for a newer version of this action.',
    tolerable: true,
    apiResponds: true,
    color: 'red',
    commitState: 'failure',
  },
  empty: {
    title: 'The crawl found no pages',
    fix: "In the OpenCX dashboard, check that the start page contains links and that the include and exclude paths don't filter out every page.",
    tolerable: true,
    apiResponds: true,
    color: 'red',
    commitState: 'failure',
  },
  rejected: {
    title: 'The crawl did not meet the rules',
    fix: 'Compare the actual values with the rules. If the website is wrong, fix it and crawl again. If the change is intentional, change the rule.',
    tolerable: true,
    apiResponds: true,
    color: 'red',
    commitState: 'failure',
  },
  stalled: {
    title: 'The crawl stalled',
    fix: 'OpenCX might have lost the crawl. Cancel it in the OpenCX dashboard and start it again. If long pauses are normal for this website, increase `stall-timeout`.',
    tolerable: true,
    apiResponds: true,
    color: 'yellow',
    commitState: 'error',
  },
  'timed-out': {
    title: 'The crawl did not finish',
    fix: 'The crawl continues in OpenCX. If it needs more time, increase `timeout`. Otherwise, check the OpenCX dashboard to see what is blocking it.',
    tolerable: true,
    apiResponds: true,
    color: 'yellow',
    commitState: 'error',
  },
  'invalid-response': {
    title: 'Unexpected response from the OpenCX API',
    fix: 'Check `api-url`, and check whether a proxy or CDN responds in place of OpenCX. If both are fine, the API might have changed. Look for a newer version of this action.',
    tolerable: true,
    apiResponds: false,
    color: 'yellow',
    commitState: 'error',
  },
  unreachable: {
    title: 'The OpenCX API was unavailable',
    fix: 'Check whether OpenCX has an outage and whether the runner can reach `api-url`, then rerun the job. To wait longer during outages, increase `outage-timeout`.',
    tolerable: true,
    apiResponds: false,
    color: 'yellow',
    commitState: 'error',
  },
  succeeded: {
    title: 'The crawl succeeded',
    fix: '',
    tolerable: false,
    apiResponds: true,
    color: 'green',
    commitState: 'success',
  },
} as const satisfies Record<string, OutcomeRow>;

/** How one crawl, or the run, ended. */
export type Outcome = keyof typeof OUTCOMES;

/** All outcomes, worst first. */
export const outcomes = Object.keys(OUTCOMES) as Outcome[];

/** The outcomes that the input `tolerate` may name. */
export const tolerableOutcomes = outcomes.filter((outcome) => OUTCOMES[outcome].tolerable);

/** A few words that head the summary and the comment. */
export function outcomeTitle(outcome: Outcome): string {
  return OUTCOMES[outcome].title;
}

/** What to do about it; empty for `succeeded`. */
export function outcomeFix(outcome: Outcome): string {
  return OUTCOMES[outcome].fix;
}

/** Whether the API still responds after this outcome: another request is worth while. */
export function apiResponds(outcome: Outcome): boolean {
  return OUTCOMES[outcome].apiResponds;
}

/** The outcome's color in the log. */
export function outcomeColor(outcome: Outcome): OutcomeRow['color'] {
  return OUTCOMES[outcome].color;
}

/** The state that a commit status ends with (contract, section What people see). */
export function commitState(
  outcome: Outcome,
  tolerated: ReadonlySet<Outcome>,
): 'success' | 'failure' | 'error' {
  return tolerated.has(outcome) ? 'success' : OUTCOMES[outcome].commitState;
}

/**
 * The run's outcome from those of its crawls, whatever their order: the worst that is not
 * tolerated, else the worst that is, else `succeeded`.
 */
export function worstOutcome(
  ofCrawls: readonly Outcome[],
  tolerated: ReadonlySet<Outcome>,
): Outcome {
  const worst = (allowed: (outcome: Outcome) => boolean) =>
    outcomes.find((outcome) => allowed(outcome) && ofCrawls.includes(outcome));
  return (
    worst((outcome) => !tolerated.has(outcome) && outcome !== 'succeeded') ??
    worst((outcome) => tolerated.has(outcome)) ??
    'succeeded'
  );
}

/** How one crawl ended, and why. */
export interface Verdict {
  outcome: Outcome;
  /** The reason in the gate's own words, without a full stop: safe in any place. */
  reason: string;
  /** The reason says what the outcome's title says, and more: no report needs both. */
  standsAlone?: true;
  /** What the API said, sanitized, but untrusted; it can have several lines. */
  quote?: string;
  /** What to do now, where the outcome's own remedy does not fit the case. */
  fix?: string;
}

/** The verdict as one sentence on one line. */
export function sentence({ reason, quote }: Verdict): string {
  const said = quote === undefined ? '' : quote.replace(/\s+/g, ' ').trim();
  return said === '' ? `${reason}.` : `${reason}: ${said}${/[.!?…]$/.test(said) ? '' : '.'}`;
}
