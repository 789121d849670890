/**
 * Every way a run can end (contract, section Outcomes), worst first: with several crawls the
 * run's outcome is the first of this order that any of them has.
 *
 * `title` heads the annotation and the summary, `remedy` says what to do now.
 */
const OUTCOMES = {
  'internal-error': {
    title: 'The crawl gate itself broke',
    remedy: 'This is a defect of the action, not of your crawl: please report it.',
    tolerable: false,
    status: 'error',
  },
  aborted: {
    title: 'The wait was cut short',
    remedy: 'The crawl itself goes on in OpenCX. Run the workflow again to wait for it anew.',
    tolerable: false,
    status: 'error',
  },
  'invalid-input': {
    title: 'The crawl gate cannot start',
    remedy: 'Mend the inputs of this step; the README lists what each of them takes.',
    tolerable: false,
    status: 'error',
  },
  unauthorized: {
    title: 'OpenCX refused the API key',
    remedy:
      'Check that `token` holds a current API key of the right organisation with the scope `crawl:read` (dashboard, Settings → Access), and that the secret reaches this workflow: pull requests from forks get none.',
    tolerable: true,
    status: 'error',
  },
  'not-found': {
    title: 'There is no such crawl',
    remedy:
      'Check `datasource-id` and `job-id`: the job must belong to the datasource, and the API key to the same organisation. With `job-id: active` start the crawl before this step.',
    tolerable: true,
    status: 'error',
  },
  failed: {
    title: 'The crawl failed',
    remedy:
      'Mend what the message names, then start the crawl again in the OpenCX dashboard. Until then the answers come from the pages of the crawl before.',
    tolerable: true,
    status: 'failure',
  },
  cancelled: {
    title: 'The crawl was cancelled',
    remedy:
      'Somebody cancelled it in OpenCX. Start it again in the dashboard when the new pages are wanted.',
    tolerable: true,
    status: 'failure',
  },
  empty: {
    title: 'The crawl saw no pages',
    remedy:
      'Check in the OpenCX dashboard that the entry address has links and that the include and exclude paths do not block everything.',
    tolerable: true,
    status: 'failure',
  },
  rejected: {
    title: 'The crawl does not keep the rules',
    remedy:
      'Look at what was found beside what was required: mend the site and crawl again, or change the rule when the change was meant.',
    tolerable: true,
    status: 'failure',
  },
  stalled: {
    title: 'The crawl stands still',
    remedy:
      'OpenCX may have lost it: cancel the crawl in the dashboard and start it again. When its pauses are normal, raise `stall-timeout`.',
    tolerable: true,
    status: 'error',
  },
  'timed-out': {
    title: 'The crawl did not end in time',
    remedy: 'Raise `timeout` when the crawl is only slow, or look in the dashboard what holds it.',
    tolerable: true,
    status: 'error',
  },
  'invalid-response': {
    title: 'The API answered something else',
    remedy:
      'Check `api-url`, and whether a proxy or a CDN answers in place of OpenCX. When the address is right, the API may have changed: look for a newer version of this action.',
    tolerable: true,
    status: 'error',
  },
  unreachable: {
    title: 'The API could not be reached',
    remedy:
      'See whether OpenCX has an outage and whether the runner may reach `api-url`, then run the step again. When outages last longer than you can accept, change `outage-timeout`.',
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
export function outcomeRemedy(outcome: Outcome): string {
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
