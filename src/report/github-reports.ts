import type { Clock } from '../clock.ts';
import type { CrawlFacts } from '../crawl/job.ts';
import type { ReportSettings } from '../inputs.ts';
import { commentMark, renderComment } from './comment.ts';
import {
  type CommitStatus,
  type CrawlProgress,
  statusAtEnd,
  statusWhileWaiting,
} from './commit-status.ts';
import { type Call, type Github, GithubError, type PullRequest } from './github-api.ts';
import { type Debt, warningOf } from './github-warning.ts';
import { moveStatus } from './moving-status.ts';
import { keepComment } from './one-comment.ts';
import type { RunReport } from './report.ts';

/** The comment and the commit status of one step (contract, section What people see). */
export interface GithubReports {
  /** The inputs were read: what they ask for begins. Nothing is sent before this. */
  begin(settings: ReportSettings): void;
  looked(index: number, crawl: CrawlFacts): void;
  ended(index: number): void;
  /** Sends what is owed, in bounded time. It never throws, and does nothing when nothing began. */
  end(report: RunReport): Promise<void>;
}

/** What the reports need of the world. */
export interface GithubWorld {
  /** Loads the toolkit. */
  open(token: string): Promise<Github>;
  clock: Clock;
  /** The step's own signal: when it aborts, the process is to be gone within a second. */
  signal: AbortSignal;
  mask(secret: string): void;
  info(line: string): void;
  warn(title: string, message: string): void;
}

/** Limits in milliseconds; only tests are in a hurry. */
export interface GithubLimits {
  /** For all that is sent when the outcome is decided. */
  end: number;
  /** The same, counted from the moment when the workflow was cancelled. */
  endAfterAbort: number;
  /** Between two movements of the commit status. */
  pause: number;
}

/** 10 seconds and one second are promised; the rest is for leaving. */
const LIMITS: GithubLimits = { end: 9_500, endAfterAbort: 700, pause: 15_000 };

/** Loads and sends nothing before `begin`, and nothing at all when no input asks for it. */
export function createGithubReports(
  world: GithubWorld,
  limits: GithubLimits = LIMITS,
): GithubReports {
  let story: Omit<GithubReports, 'begin'> | undefined;
  return {
    begin(settings) {
      const { commitStatus, githubToken, targets } = settings;
      // A comment is known by its datasources.
      const comment = settings.comment && targets.length > 0;
      if (!comment && commitStatus === '') return;
      if (githubToken === '') {
        world.warn(
          'There is no comment and no commit status',
          '`github-token` is empty: leave this input out, or pass `${{ github.token }}`.',
        );
        return;
      }
      world.mask(githubToken);
      story = tellStory({ ...settings, comment }, world, limits);
    },
    looked: (index, crawl) => story?.looked(index, crawl),
    ended: (index) => story?.ended(index),
    end: async (report) => story?.end(report),
  };
}

function tellStory(
  { comment, commitStatus, githubToken, targets }: ReportSettings,
  world: GithubWorld,
  limits: GithubLimits,
): Omit<GithubReports, 'begin'> {
  const { clock, signal } = world;
  const crawls: CrawlProgress[] = targets.map(() => ({ facts: undefined, ended: false }));
  let pullRequest: PullRequest | undefined;
  let sha: string | undefined;
  let abortedAt: number | undefined;
  const noteAbort = () => {
    abortedAt = clock.elapsed();
  };
  if (signal.aborted) noteAbort();
  else signal.addEventListener('abort', noteAbort, { once: true });

  const opening = open();
  // What goes wrong here is told at the end, with all that is missing for it.
  opening.catch(() => undefined);
  const movingStatus =
    commitStatus === '' || targets.length === 0
      ? undefined
      : moveStatus({
          current: () => statusWhileWaiting(crawls),
          set: setStatus,
          clock,
          pause: limits.pause,
        });

  async function open(): Promise<Github> {
    const github = await world.open(githubToken);
    pullRequest = github.place.pullRequest;
    if (comment && pullRequest === undefined) {
      world.info('No comment: the event that started this run has no pull request');
    }
    return github;
  }

  async function setStatus(status: CommitStatus, call: Call): Promise<void> {
    const github = await opening;
    sha ??= pullRequest?.headUnknown
      ? await github.headOf(pullRequest.number, call)
      : github.place.sha;
    await github.setStatus({ ...status, sha, context: commitStatus }, call);
  }

  async function endStatus(report: RunReport, until: number, call: Call): Promise<void> {
    // A movement that is still on its way must not arrive after the end.
    await movingStatus?.stop((clock.elapsed() + until) / 2, call.signal);
    await setStatus(statusAtEnd(report), call);
  }

  async function endComment(report: RunReport, call: Call): Promise<void> {
    const github = await opening;
    if (pullRequest === undefined) return;
    const { number } = pullRequest;
    const mark = commentMark(targets.map(({ datasourceId }) => datasourceId));
    const body = renderComment(report, { mark, ...github.place });
    await keepComment(github, { pullRequest: number, mark, body }, call);
  }

  return {
    looked(index, facts) {
      crawls[index] = { facts, ended: false };
    },
    ended(index) {
      crawls[index] = { facts: crawls[index]?.facts, ended: true };
    },
    async end(report) {
      // How a cancelled run ended is still owed; what was decided before it was cancelled is not.
      const owedAfterAbort =
        abortedAt !== undefined &&
        (report.outcome === 'aborted' || report.outcome === 'internal-error');
      const ending = new AbortController();
      const stop = () => ending.abort();
      if (!owedAfterAbort) {
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      }
      const until =
        abortedAt === undefined ? clock.elapsed() + limits.end : abortedAt + limits.endAfterAbort;
      clock.sleepUntil(until, ending.signal).then(stop, () => undefined);

      const call = { signal: ending.signal };
      const results = await Promise.all([
        commitStatus !== '' && attempt('commit status', endStatus(report, until, call), call),
        comment && attempt('comment', endComment(report, call), call),
      ]);
      ending.abort();
      signal.removeEventListener('abort', stop);

      const debts = results.filter((debt) => typeof debt === 'object');
      if (debts.length === 0) return;
      if (signal.aborted && !owedAfterAbort) {
        world.info('The workflow was cancelled: GitHub is not shown how this step ended');
        return;
      }
      const { title, message } = warningOf(debts, pullRequest);
      world.warn(title, message);
    },
  };
}

/** Waits for the sending until the call is ended, whether or not the sending notices that. */
async function attempt(
  what: Debt['what'],
  sending: Promise<void>,
  { signal }: Call,
): Promise<Debt | undefined> {
  const cut = new Promise<never>((_, reject) => {
    const stop = () => reject(new GithubError('GitHub gave no answer in time'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([sending, cut]);
    return undefined;
  } catch (error) {
    return { what, error };
  }
}
