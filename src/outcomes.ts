/**
 * Every way a run can end (contract, section Outcomes), worst first: with several crawls the
 * run's outcome is the first of this order that any of them has.
 *
 * `title` heads the annotation and the summary, `remedy` says what to do now.
 */
const OUTCOMES = {
  'internal-error': {
    title: 'The crawl gate itself broke',
    remedy:
      'This says nothing about your crawl. Run the step again; if it fails in the same way, report it with this message.',
    tolerable: false,
    status: 'error',
  },
  aborted: {
    title: 'The wait was cut short',
    remedy:
      'The crawl itself goes on in OpenCX. Run the workflow again to wait for it. If nobody cancelled it, the `timeout-minutes` of the job may be shorter than `timeout`.',
    tolerable: false,
    status: 'error',
  },
  'invalid-input': {
    title: 'The inputs were refused',
    remedy:
      'Correct what the message names. The README of this action lists what each input takes.',
    tolerable: false,
    status: 'error',
  },
  unauthorized: {
    title: 'OpenCX refused the API key',
    remedy:
      'Check that `token` holds a current API key of the right organisation with the scope `crawl:read` (dashboard, Settings → Access), and that `datasource-id` belongs to that organisation.',
    tolerable: true,
    status: 'error',
  },
  'not-found': {
    title: 'There is no crawl to wait for',
    remedy:
      'Check `datasource-id` and `job-id`: the job must belong to the datasource, and the API key to the same organisation. With `job-id: active`, start the crawl before this step.',
    tolerable: true,
    status: 'error',
  },
  failed: {
    title: 'The crawl failed',
    remedy:
      'Look for the cause in the message and in the OpenCX dashboard, then start the crawl again there. Until it succeeds, the AI agents may answer from old pages.',
    tolerable: true,
    status: 'failure',
  },
  cancelled: {
    title: 'The crawl was cancelled',
    remedy: 'If the new pages are still wanted, start the crawl again in the OpenCX dashboard.',
    tolerable: true,
    status: 'failure',
  },
  empty: {
    title: 'The crawl saw no pages',
    remedy:
      'Check in the OpenCX dashboard that the page where the crawl begins has links, and that the include and exclude paths do not block everything.',
    tolerable: true,
    status: 'failure',
  },
  rejected: {
    title: 'The crawl does not keep the rules',
    remedy:
      'Compare what was found with what the rule asks for. If the website is wrong, correct it and crawl again; if the change was intended, change the rule.',
    tolerable: true,
    status: 'failure',
  },
  stalled: {
    title: 'The crawl stands still',
    remedy:
      'OpenCX may have lost it: cancel the crawl in the OpenCX dashboard and start it again. If such pauses are normal for this website, raise `stall-timeout`.',
    tolerable: true,
    status: 'error',
  },
  'timed-out': {
    title: 'The crawl did not end in time',
    remedy:
      'The crawl goes on in OpenCX. If it is only slow, raise `timeout`; otherwise look in the OpenCX dashboard for what holds it up.',
    tolerable: true,
    status: 'error',
  },
  'invalid-response': {
    title: 'The API gave an unexpected answer',
    remedy:
      'Check `api-url`, and whether a proxy or a CDN answers in place of OpenCX. If both are right, the API may have changed: look for a newer version of this action.',
    tolerable: true,
    status: 'error',
  },
  unreachable: {
    title: 'The API was not available',
    remedy:
      'Check whether OpenCX has an outage and whether the runner can reach `api-url`, then run the step again. To wait through longer outages, raise `outage-timeout`.',
    tolerable: true,
    status: 'error',
  },
  succeeded: {
    title: 'The crawl succeeded',
    remedy: '',
    tolerable: false,
    status: 'success',
  },
} as const satisfies Record<
  string,
  {
    title: string;
    remedy: string;
    tolerable: boolean;
    status: 'success' | 'failure' | 'error';
  }
>;

/** How one crawl, or the run, ended. */
export type Outcome = keyof typeof OUTCOMES;

/** All outcomes, worst first. */
export const outcomes = Object.keys(OUTCOMES) as Outcome[];

/** The outcomes that the input `tolerate` may name. */
export const tolerableOutcomes = outcomes.filter((outcome) => OUTCOMES[outcome].tolerable);

/** A few words that head the annotation and the summary. */
export function outcomeTitle(outcome: Outcome): string {
  return OUTCOMES[outcome].title;
}

/** What to do about it; empty for `succeeded`. */
export function outcomeFix(outcome: Outcome): string {
  return OUTCOMES[outcome].remedy;
}

/** The state that a commit status ends with (contract, section What people see). */
export function commitState(
  outcome: Outcome,
  tolerated: ReadonlySet<Outcome>,
): 'success' | 'failure' | 'error' {
  return tolerated.has(outcome) ? 'success' : OUTCOMES[outcome].status;
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
  /** What the API said, cleaned but still foreign; it may have several lines. */
  quote?: string;
  /** What to do now, where the outcome's own remedy does not fit the case. */
  fix?: string;
}

/** The verdict as one sentence on one line. */
export function sentence({ reason, quote }: Verdict): string {
  const said = quote === undefined ? '' : quote.replace(/\s+/g, ' ').trim();
  return said === '' ? `${reason}.` : `${reason}: ${said}${/[.!?…]$/.test(said) ? '' : '.'}`;
}
