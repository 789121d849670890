import type { CrawlFacts } from '../crawl.ts';
import type { ReportSettings } from '../inputs.ts';
import type { Clock } from '../ports/clock.ts';
import type { CommitStatus, Github, RequestOptions, RunContext } from '../ports/github.ts';
import type { RunResult } from '../result.ts';
import { commentMark, renderComment } from './comment.ts';
import { type CrawlProgress, statusAtEnd, statusWhileWaiting } from './commit-status.ts';
import { finishStatus } from './finish-status.ts';
import { unlessAborted } from './unless-aborted.ts';
import { type StatusUpdater, updateStatus } from './update-status.ts';
import { upsertComment } from './upsert-comment.ts';
import { type FailedReport, warningOf } from './warning.ts';

/** The comment and the commit status of one step (contract, section What people see). */
export interface GithubReporter {
  /** The inputs were read: the reports that they ask for start. Nothing is sent before this. */
  start(settings: ReportSettings): void;
  sampled(index: number, crawl: CrawlFacts): void;
  finished(index: number): void;
  /** Sends the end, in bounded time. It never throws, and does nothing when nothing was started. */
  end(report: RunResult): Promise<void>;
}

/** What the reports need of the world. */
export interface GithubWorld {
  /** Loads the toolkit. */
  open(token: string): Promise<Github>;
  clock: Clock;
  /** The step's own signal: when it aborts, the process is to be gone within a second. */
  signal: AbortSignal;
  info(line: string): void;
  warn(title: string, message: string): void;
}

/** Limits in milliseconds; parameters of the tests. */
export interface GithubLimits {
  /** For everything that is sent when the outcome is decided. */
  end: number;
  /** The same, counted from the moment when the workflow was canceled. */
  endAfterAbort: number;
  /** Between two movements of the commit status. */
  pause: number;
}

/** 10 seconds and one second are promised; the rest is for the exit. */
const LIMITS: GithubLimits = { end: 9_500, endAfterAbort: 700, pause: 15_000 };

/** The reports of a step, from its inputs to its end. */
interface Reports {
  settings: ReportSettings;
  world: GithubWorld;
  limits: GithubLimits;
  github: Promise<Github>;
  /** `undefined` until the toolkit is loaded. */
  context: RunContext | undefined;
  /** The commit that the reports are about, once it is known. */
  sha: string | undefined;
  crawls: CrawlProgress[];
  /** `undefined` when no commit status is wanted, or there is nothing to show before the end. */
  movingStatus: StatusUpdater | undefined;
  /** `Clock.elapsed()` milliseconds when the workflow was canceled. */
  abortedAt: number | undefined;
}

/** Loads and sends nothing before `start`, and nothing at all when no input asks for it. */
export function createGithubReporter(
  world: GithubWorld,
  limits: GithubLimits = LIMITS,
): GithubReporter {
  let reports: Reports | undefined;
  return {
    start(settings) {
      const wanted = wantedReports(settings);
      if (wanted.comment === 'never' && wanted.commitStatus === '') return;
      const problem = wanted.githubTokenProblem;
      if (problem === undefined) reports = startReports(wanted, world, limits);
      else world.warn('Skipped the comment and the commit status', problem);
    },
    sampled(index, facts) {
      if (reports !== undefined) reports.crawls[index] = { facts, finished: false };
    },
    finished(index) {
      const crawl = reports?.crawls[index];
      if (crawl !== undefined) crawl.finished = true;
    },
    async end(report) {
      if (reports !== undefined) await endReports(reports, report);
    },
  };
}

/** A comment is known by its datasources: there is none when these cannot be read. */
function wantedReports(settings: ReportSettings): ReportSettings {
  return settings.targets.length > 0 ? settings : { ...settings, comment: 'never' };
}

function startReports(settings: ReportSettings, world: GithubWorld, limits: GithubLimits): Reports {
  const { clock, signal } = world;
  const reports: Reports = {
    settings,
    world,
    limits,
    github: world.open(settings.githubToken),
    context: undefined,
    sha: settings.sha === '' ? undefined : settings.sha,
    crawls: settings.targets.map(() => ({ facts: undefined, finished: false })),
    movingStatus: undefined,
    abortedAt: signal.aborted ? clock.elapsed() : undefined,
  };
  signal.addEventListener(
    'abort',
    () => {
      reports.abortedAt ??= clock.elapsed();
    },
    { once: true },
  );
  reports.github.then(
    ({ context }) => {
      reports.context = context;
      noteSkippedComment(settings, context, world);
    },
    // What goes wrong here is part of the warning at the end.
    () => undefined,
  );
  if (settings.commitStatus !== '' && settings.targets.length > 0) {
    reports.movingStatus = updateStatus({
      current: () => statusWhileWaiting(reports.crawls),
      set: (status, options) => setStatus(reports, status, options),
      clock,
      pauseMs: limits.pause,
    });
  }
  return reports;
}

function noteSkippedComment(
  { comment }: ReportSettings,
  { pullRequest, pullRequestHidden }: RunContext,
  { info }: GithubWorld,
): void {
  if (comment === 'never' || pullRequest !== undefined) return;
  info(
    pullRequestHidden
      ? 'Skipped the comment: this run is about a fork, and GitHub does not say which pull request it belongs to'
      : 'Skipped the comment: this run is not for a pull request',
  );
}

/** The commit that the reports are about: the input `sha`, or that of the event. */
async function commitOf(
  reports: Reports,
  github: Github,
  options: RequestOptions,
): Promise<string> {
  const { pullRequest, sha } = github.context;
  reports.sha ??= pullRequest?.headUnknown ? await github.headOf(pullRequest.number, options) : sha;
  return reports.sha;
}

async function setStatus(
  reports: Reports,
  status: CommitStatus,
  options: RequestOptions,
): Promise<void> {
  const github = await unlessAborted(reports.github, options.signal);
  const sha = await commitOf(reports, github, options);
  await github.setStatus({ ...status, sha, context: reports.settings.commitStatus }, options);
}

async function endStatus(
  reports: Reports,
  report: RunResult,
  options: RequestOptions & { until: number },
): Promise<void> {
  const { clock } = reports.world;
  const { until, signal } = options;
  const end = statusAtEnd(report);
  // A movement that is still on its way must not arrive after the end.
  const lateUntil = (await reports.movingStatus?.stop((clock.elapsed() + until) / 2, signal)) ?? 0;
  await finishStatus({
    send: () => setStatus(reports, end, options),
    async isShown() {
      const github = await reports.github;
      const sha = await commitOf(reports, github, options);
      const where = { sha, context: reports.settings.commitStatus };
      const latest = await github.latestStatus(where, options);
      return latest !== undefined && latest.state !== 'pending';
    },
    lateUntil,
    clock,
    until,
    signal,
  });
}

async function endComment(
  reports: Reports,
  report: RunResult,
  options: RequestOptions,
): Promise<void> {
  const { settings, world } = reports;
  const github = await unlessAborted(reports.github, options.signal);
  const { pullRequest, run, runUrl } = github.context;
  if (pullRequest === undefined) return;
  const mark = commentMark(settings.targets.map(({ datasourceId }) => datasourceId));
  // A comment that does not name its commit is better than none.
  const sha = await commitOf(reports, github, options).catch(() => '');
  const wanted = {
    pullRequest: pullRequest.number,
    mark,
    body: renderComment(report, { mark, run, runUrl, sha }),
    run,
    create: settings.comment === 'always' || report.outcome !== 'succeeded',
  };
  if ((await upsertComment(github, wanted, options)) === 'newer-kept') {
    world.info('Kept the comment of a newer run on the pull request');
  }
}

/** Sends the end of both reports, and says in one warning what did not arrive. */
async function endReports(reports: Reports, report: RunResult): Promise<void> {
  const { settings, world, limits, abortedAt } = reports;
  const { clock, signal } = world;
  // A canceled run still says so. One that was decided before it was canceled drops the rest.
  const isCancelled = abortedAt !== undefined && isAboutAbort(report);
  const ending = new AbortController();
  const stop = () => ending.abort();
  if (!isCancelled) {
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }
  const until =
    abortedAt === undefined ? clock.elapsed() + limits.end : abortedAt + limits.endAfterAbort;
  clock.sleepUntil(until, ending.signal).then(stop, () => undefined);

  const options = { signal: ending.signal, until };
  const failed = await Promise.all([
    settings.commitStatus === ''
      ? []
      : attempt('commit status', endStatus(reports, report, options)),
    settings.comment === 'never' ? [] : attempt('comment', endComment(reports, report, options)),
  ]).then((results) => results.flat());
  ending.abort();
  signal.removeEventListener('abort', stop);

  if (failed.length === 0) return;
  if (signal.aborted && !isCancelled) {
    const missing = failed.map(({ what }) => `the ${what}`).join(' and ');
    world.info(`The workflow was canceled before GitHub confirmed the update of ${missing}`);
    return;
  }
  const { title, message } = warningOf(failed, reports.context);
  world.warn(title, message);
}

function isAboutAbort({ outcome }: RunResult): boolean {
  return outcome === 'aborted' || outcome === 'internal-error';
}

async function attempt(
  what: FailedReport['what'],
  sending: Promise<void>,
): Promise<FailedReport[]> {
  return sending.then(
    () => [],
    (error: unknown) => [{ what, error }],
  );
}
