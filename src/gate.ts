import { createApiClock } from './api/api-clock.ts';
import { createCrawlApi } from './api/client.ts';
import { createGithubReporter, type GithubReporter } from './github/reporter.ts';
import { InputError, parseInputs, type Settings } from './inputs.ts';
import { type Outcome, sentence, type Verdict, worstOutcome } from './outcomes.ts';
import type { Clock } from './ports/clock.ts';
import type { Github } from './ports/github.ts';
import type { HttpClient } from './ports/http.ts';
import type { Runner } from './ports/runner.ts';
import { annotationsOf } from './report/annotations.ts';
import { COMPACT_LOG_FROM, createLog } from './report/log.ts';
import { messageOf } from './report/message.ts';
import { outputsOf } from './report/outputs.ts';
import { ruleLines } from './report/rule-lines.ts';
import { renderSummary } from './report/summary.ts';
import { type CrawlResult, isGreen, type RunResult } from './result.ts';
import { sanitize } from './untrusted-text.ts';
import { WaitAborted, type WaitContext } from './wait/context.ts';
import { createRateLimiter } from './wait/rate-limit.ts';
import { readDatasourceOnce } from './wait/read-datasource.ts';
import { waitForCrawl } from './wait/wait-for-crawl.ts';
import { describeClocks } from './wording.ts';

/** Everything outside: wired in `index.ts`, replaced in tests. */
export interface World {
  runner: Runner;
  clock: Clock;
  random: () => number;
  connect(settings: Settings): HttpClient;
  /** Loads GitHub's toolkit; called only for a comment or a commit status. */
  openGithub(token: string): Promise<Github>;
  /** Aborts, with a `RunEnded` or with an error that nobody caught, to end the wait. */
  signal: AbortSignal;
}

/** For the summary alone this many datasources are read (contract, section When a request goes wrong). */
const MOST_SITES_READ = 10;
/** Milliseconds that such a read may take. */
const SITE_PATIENCE = 3_000;

/**
 * The whole step: inputs, wait, verdict, reports.
 *
 * @returns whether the step is green
 */
export async function runGate(world: World): Promise<boolean> {
  const { runner } = world;
  const token = runner.input('token').trim();
  if (token !== '') runner.mask(token);
  const secrets = [token];
  const github = createGithubReporter({
    open: (githubToken) => world.openGithub(githubToken),
    clock: world.clock,
    signal: world.signal,
    mask: (secret) => runner.mask(secret),
    info: (line) => runner.info(line),
    warn: (title, message) => runner.annotate({ level: 'warning', title, message }),
  });
  try {
    const { report, summary } = await waitAndJudge(world, secrets, github);
    return await tell(report, { runner, summary, github });
  } catch (error) {
    const report = withoutCrawls(defect(error, runner, secrets));
    return await tell(report, { runner, summary: true, github });
  }
}

async function waitAndJudge(
  world: World,
  secrets: readonly string[],
  github: GithubReporter,
): Promise<{ report: RunResult; summary: boolean }> {
  try {
    const settings = parseInputs((name) => world.runner.input(name));
    return { report: await watchAll(settings, world, secrets, github), summary: settings.summary };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.reports !== undefined) github.start(error.reports);
    const asked = world.runner.input('summary').trim().toLowerCase();
    return {
      report: withoutCrawls(
        {
          outcome: 'invalid-input',
          reason: 'The inputs of this step are wrong',
          quote: error.message,
        },
        error.problems,
      ),
      summary: asked !== 'false',
    };
  }
}

/** Waits for every crawl; the outcome is decided when it returns. */
async function watchAll(
  settings: Settings,
  world: World,
  secrets: readonly string[],
  github: GithubReporter,
): Promise<RunResult> {
  const { runner, clock } = world;
  const ending = new AbortController();
  const defectOf = (error: unknown) => defect(error, runner, secrets);
  const stop = () => {
    const { reason } = world.signal;
    ending.abort(reason instanceof WaitAborted ? reason : new WaitAborted(defectOf(reason)));
  };
  if (world.signal.aborted) stop();
  world.signal.addEventListener('abort', stop, { once: true });

  github.start(settings);
  const startedAt = clock.elapsed();
  let requests = 0;
  const { apiUrl } = settings;
  const apiClock = createApiClock(clock);
  const step: WaitContext = {
    settings,
    api: createCrawlApi(world.connect(settings), {
      apiUrl,
      token: settings.token,
      secrets,
      apiClock,
    }),
    clock,
    apiClock,
    rateLimiter: createRateLimiter(clock, { limited: settings.targets.length > 1 }),
    random: world.random,
    startedAt,
    deadline: startedAt + settings.timeout,
    signal: ending.signal,
    countRequest: () => {
      requests += 1;
    },
    abort: (verdict) => ending.abort(new WaitAborted(verdict)),
    describeDefect: defectOf,
  };
  const log = createLog(settings, clock, {
    info: (line) => runner.info(line),
    warn: (title, message) => runner.annotate({ level: 'warning', title, message }),
    paint: runner.paint,
  });

  const talking = new AbortController();
  void log.keepTalking(talking.signal);
  const crawls = await Promise.all(
    settings.targets.map(async (target, index) => {
      const observer = log.observe(index);
      const report = await waitForCrawl(target, step, {
        ...observer,
        sampled(crawl, history) {
          observer.sampled(crawl, history);
          github.sampled(index, crawl);
        },
      });
      log.finished(index, report.verdict);
      github.finished(index);
      return report;
    }),
  );
  talking.abort();
  const clockWarning = describeClocks(apiClock.runnerAhead());
  if (clockWarning !== undefined) runner.annotate({ level: 'warning', ...clockWarning });
  const waitedMs = clock.elapsed() - startedAt;
  const complete = settings.summary ? await readSites(crawls, step) : crawls;

  const { tolerated } = settings;
  const outcome = worstOutcome(
    crawls.map(({ verdict }) => verdict.outcome),
    tolerated,
  );
  const report = { outcome, problems: [], tolerated, crawls: complete, requests, waitedMs };
  return { ...report, message: messageOf(report) };
}

/** After these the API answers still, so that another question to it is worth while. */
const API_ANSWERS: readonly Outcome[] = [
  'succeeded',
  'failed',
  'cancelled',
  'empty',
  'rejected',
  'stalled',
  'timed-out',
];

/** Adds to some crawls what the datasource tells of the site; it is only for the summary. */
async function readSites(
  crawls: readonly CrawlResult[],
  step: WaitContext,
): Promise<CrawlResult[]> {
  const unread = crawls.filter(
    ({ facts, datasource, verdict }) =>
      facts !== undefined && datasource === undefined && API_ANSWERS.includes(verdict.outcome),
  );
  const chosen = new Set(unread.slice(0, MOST_SITES_READ));
  const { clock, deadline, settings } = step;
  const until = Math.min(clock.elapsed() + SITE_PATIENCE, deadline + 2 * settings.requestTimeout);
  return Promise.all(
    crawls.map(async (crawl) =>
      chosen.has(crawl)
        ? { ...crawl, datasource: await readDatasourceOnce(crawl.datasourceId, step, until) }
        : crawl,
    ),
  );
}

/** All reports, the most important first. Without its outputs a step is never green. */
async function tell(
  report: RunResult,
  { runner, summary, github }: { runner: Runner; summary: boolean; github: GithubReporter },
): Promise<boolean> {
  let green = isGreen(report);
  try {
    for (const [name, value] of Object.entries(outputsOf(report))) runner.output(name, value);
  } catch {
    green = false;
    runner.annotate({
      level: 'error',
      title: 'The outputs could not be written',
      message:
        'Later steps would see none of them, so this step fails. Check the disk space of the runner.',
    });
  }
  const { crawls } = report;
  const together = crawls.length >= COMPACT_LOG_FROM;
  for (const line of ruleLines(crawls, { together, paint: runner.paint })) runner.info(line);
  if (report.outcome === 'succeeded') runner.info(runner.paint('green', report.message));
  for (const annotation of annotationsOf(report)) runner.annotate(annotation);
  if (summary) {
    try {
      await runner.writeSummary(renderSummary(report));
    } catch {
      runner.annotate({
        level: 'warning',
        title: 'The job summary could not be written',
        message: 'The outcome of this step does not depend on it.',
      });
    }
  }
  await github.end(report);
  return green;
}

function withoutCrawls(verdict: Verdict, problems: readonly string[] = []): RunResult {
  return {
    outcome: verdict.outcome,
    message: sentence(verdict),
    problems,
    tolerated: new Set(),
    crawls: [],
    requests: 0,
    waitedMs: 0,
  };
}

function defect(error: unknown, { issues }: Runner, secrets: readonly string[]): Verdict {
  const quote = sanitize(error instanceof Error ? error.message : String(error), secrets, 300);
  return {
    outcome: 'internal-error',
    reason: `The action itself failed; please report it at ${issues}`,
    quote,
  };
}
