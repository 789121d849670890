import type { CrawlFacts } from '../crawl.ts';
import type { ReportSettings } from '../inputs.ts';
import type { Clock } from '../ports/clock.ts';
import {
  type CommitStatus,
  type Github,
  GithubError,
  type PullRequest,
  type RequestOptions,
} from '../ports/github.ts';
import type { RunResult } from '../result.ts';
import { commentMark, renderComment } from './comment.ts';
import { type CrawlProgress, statusAtEnd, statusWhileWaiting } from './commit-status.ts';
import { updateStatus } from './update-status.ts';
import { upsertComment } from './upsert-comment.ts';
import { type FailedReport, warningOf } from './warning.ts';

/** The comment and the commit status of one step (contract, section What people see). */
export interface GithubReporter {
  /** The inputs were read: what they ask for begins. Nothing is sent before this. */
  start(settings: ReportSettings): void;
  sampled(index: number, crawl: CrawlFacts): void;
  finished(index: number): void;
  /** Sends what is owed, in bounded time. It never throws, and does nothing when nothing began. */
  end(report: RunResult): Promise<void>;
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
export function createGithubReporter(
  world: GithubWorld,
  limits: GithubLimits = LIMITS,
): GithubReporter {
  let story: Omit<GithubReporter, 'start'> | undefined;
  return {
    start(settings) {
      const { commitStatus, githubToken, targets } = settings;
      // A comment is known by its datasources.
      const comment = targets.length > 0 ? settings.comment : 'never';
      if (comment === 'never' && commitStatus === '') return;
      if (githubToken === '') {
        world.warn(
          'There is no comment and no commit status',
          '`github-token` is empty: leave this input out, or pass `${{ github.token }}`.',
        );
        return;
      }
      world.mask(githubToken);
      story = startReporting({ ...settings, comment }, world, limits);
    },
    sampled: (index, crawl) => story?.sampled(index, crawl),
    finished: (index) => story?.finished(index),
    end: async (report) => story?.end(report),
  };
}

function startReporting(
  { comment, commitStatus, githubToken, targets }: ReportSettings,
  world: GithubWorld,
  limits: GithubLimits,
): Omit<GithubReporter, 'start'> {
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
      : updateStatus({
          current: () => statusWhileWaiting(crawls),
          set: setStatus,
          clock,
          pause: limits.pause,
        });

  async function open(): Promise<Github> {
    const github = await world.open(githubToken);
    pullRequest = github.context.pullRequest;
    if (comment !== 'never' && pullRequest === undefined) {
      world.info('No comment: the event that started this run has no pull request');
    }
    return github;
  }

  async function setStatus(status: CommitStatus, call: RequestOptions): Promise<void> {
    const github = await opening;
    sha ??= pullRequest?.headUnknown
      ? await github.headOf(pullRequest.number, call)
      : github.context.sha;
    await github.setStatus({ ...status, sha, context: commitStatus }, call);
  }

  async function endStatus(report: RunResult, until: number, call: RequestOptions): Promise<void> {
    // A movement that is still on its way must not arrive after the end.
    await movingStatus?.stop((clock.elapsed() + until) / 2, call.signal);
    await setStatus(statusAtEnd(report), call);
  }

  async function endComment(report: RunResult, call: RequestOptions): Promise<void> {
    const github = await opening;
    if (pullRequest === undefined) return;
    const { number } = pullRequest;
    const mark = commentMark(targets.map(({ datasourceId }) => datasourceId));
    const body = renderComment(report, { mark, ...github.context });
    await upsertComment(github, { pullRequest: number, mark, body }, call);
  }

  return {
    sampled(index, facts) {
      crawls[index] = { facts, ended: false };
    },
    finished(index) {
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
        comment !== 'never' && attempt('comment', endComment(report, call), call),
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
  what: FailedReport['what'],
  sending: Promise<void>,
  { signal }: RequestOptions,
): Promise<FailedReport | undefined> {
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
