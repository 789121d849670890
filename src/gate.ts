import { createGithubReporter, type GithubReporter } from './github/reporter.ts';
import { type Inputs, type RouteProblem, readInputs, type Settings } from './inputs.ts';
import { sentence, type Verdict, worstOutcome } from './outcomes.ts';
import type { Clock } from './ports/clock.ts';
import type { Github } from './ports/github.ts';
import type { HttpClient } from './ports/http.ts';
import type { Annotation, Runner } from './ports/runner.ts';
import {
  addWarning,
  clockWarning,
  closingAnnotations,
  noWarnings,
  type Warnings,
} from './report/annotations.ts';
import { createLog } from './report/log.ts';
import { COMPACT_LOG_FROM } from './report/log-state.ts';
import { messageOf } from './report/message.ts';
import { outputsOf } from './report/outputs.ts';
import { ruleLines } from './report/rule-lines.ts';
import { renderSummary } from './report/summary.ts';
import { isGreen, type RunResult } from './result.ts';
import { sanitize } from './untrusted-text.ts';
import { waitForAll } from './wait/wait-for-all.ts';

/** All that comes in from outside: wired in `main.ts`, replaced in tests. */
export interface Ports {
  runner: Runner;
  clock: Clock;
  /** From 0 to 1. */
  random: () => number;
  http: HttpClient;
  /** What no text must repeat, beside the tokens: the credentials of a proxy. */
  secrets: readonly string[];
  routeProblem: RouteProblem;
  /** The runner asks Node not to verify certificates; this action verifies them all the same. */
  ignoresCertificates: boolean;
  /** Loads GitHub's toolkit; called only for a comment or a commit status. */
  openGithub(token: string): Promise<Github>;
  /** Aborts, with a `WaitAborted` or with an error that nobody caught, to end the wait. */
  signal: AbortSignal;
}

/** The most characters of all problems with the inputs together. */
const MAX_PROBLEMS_LENGTH = 4_000;

const CERTIFICATES = {
  title: 'NODE_TLS_REJECT_UNAUTHORIZED has no effect',
  message:
    'This action always verifies TLS certificates. To trust your own CA, set NODE_EXTRA_CA_CERTS to its certificate file, and unset NODE_TLS_REJECT_UNAUTHORIZED.',
};

/** One step, and what its parts share. */
interface Step {
  ports: Ports;
  inputs: Inputs;
  secrets: readonly string[];
  github: GithubReporter;
  warn(warning: Pick<Annotation, 'title' | 'message'>): void;
  /** The warnings so far. */
  warnings(): Warnings;
}

/**
 * The whole step: inputs, wait, outcome, reports.
 *
 * @returns whether the step is green
 */
export async function runGate(ports: Ports): Promise<boolean> {
  const step = openStep(ports);
  let result: RunResult;
  try {
    result = await decide(step);
  } catch (error) {
    result = withoutCrawls(describeDefect(step, error));
  }
  return report(step, result);
}

/** Reads the inputs, and hides what is secret before anything else happens. */
function openStep(ports: Ports): Step {
  const { runner, clock, signal } = ports;
  const read = (name: string) => runner.input(name);
  const inputs = readInputs(read, ports.routeProblem, ports.secrets);
  const { secrets } = inputs;
  for (const secret of secrets) runner.mask(secret);
  let warnings = noWarnings;
  const warn: Step['warn'] = (warning) => {
    const next = addWarning(warnings, warning);
    warnings = next.warnings;
    if (next.show !== undefined) runner.annotate(next.show);
  };
  const github = createGithubReporter({
    open: (githubToken) => ports.openGithub(githubToken),
    clock,
    signal,
    info: (line) => runner.info(line),
    // GitHub, a proxy, or Node can repeat any of them.
    warn: (title, message) =>
      runner.annotate({ level: 'warning', title, message: sanitize(message, secrets) }),
  });
  return { ports, inputs, secrets, github, warn, warnings: () => warnings };
}

async function decide(step: Step): Promise<RunResult> {
  const { inputs, github } = step;
  // Invalid inputs are reported too, so that no older success stays.
  github.start(inputs);
  if (inputs.settings !== undefined) return wait(step, inputs.settings);
  const verdict: Verdict = {
    outcome: 'invalid-input',
    reason: 'Invalid inputs',
    standsAlone: true,
    quote: sanitize(inputs.problems.join('; '), step.secrets, MAX_PROBLEMS_LENGTH),
  };
  const problems = inputs.problems.map((problem) => sanitize(problem, step.secrets));
  return withoutCrawls(verdict, problems);
}

/** Waits for every crawl, while log, comment, and commit status follow. */
async function wait(step: Step, settings: Settings): Promise<RunResult> {
  const { ports, secrets, github, warn } = step;
  const { runner, clock, random, signal } = ports;
  if (ports.ignoresCertificates && usesTls(settings)) warn(CERTIFICATES);
  const log = createLog(settings, clock, {
    info: (line) => runner.info(line),
    warn: (title, message) => warn({ title, message }),
    paint: runner.paint,
  });
  const talking = new AbortController();
  void log.keepTalking(talking.signal);
  const { crawls, requests, waitedMs, runnerAheadMs } = await waitForAll(settings, {
    http: ports.http,
    clock,
    random,
    secrets,
    signal,
    describeDefect: (error) => describeDefect(step, error),
    observe(index) {
      const observer = log.observe(index);
      return {
        ...observer,
        sampled(crawl, history) {
          observer.sampled(crawl, history);
          github.sampled(index, crawl);
        },
        finished(verdict) {
          log.finished(index, verdict);
          github.finished(index);
        },
      };
    },
  });
  talking.abort();
  log.close();
  const clocks = clockWarning(runnerAheadMs);
  if (clocks !== undefined) warn(clocks);

  const { tolerated } = settings;
  const outcome = worstOutcome(
    crawls.map(({ verdict }) => verdict.outcome),
    tolerated,
  );
  const result = { outcome, problems: [], tolerated, crawls, requests, waitedMs };
  return { ...result, message: messageOf(result) };
}

/**
 * All reports, the most important first. Without its outputs a step is never green, and every other
 * report says so (contract, section Outcomes).
 */
async function report(step: Step, decided: RunResult): Promise<boolean> {
  const { runner } = step.ports;
  const result = writeOutputs(step, decided);
  const { crawls } = decided;
  const together = crawls.length >= COMPACT_LOG_FROM;
  for (const line of ruleLines(crawls, { together, paint: runner.paint })) runner.info(line);
  if (result.outcome === 'succeeded') runner.info(runner.paint('green', result.message));
  if (step.inputs.summary) {
    try {
      await runner.writeSummary(renderSummary(result, runner.repositoryUrl));
    } catch {
      step.warn({
        title: 'Could not write the job summary',
        message: 'This does not affect the outcome of this step.',
      });
    }
  }
  for (const annotation of closingAnnotations(result, step.warnings())) runner.annotate(annotation);
  await step.github.end(result);
  return isGreen(result);
}

/** The result as every other report tells it: later steps would see no outputs of another one. */
function writeOutputs(step: Step, decided: RunResult): RunResult {
  const { result, outputs } = render(step, decided);
  try {
    step.ports.runner.writeOutputs(outputs);
    return result;
  } catch {
    return withoutCrawls({
      outcome: 'internal-error',
      reason: `Could not write the outputs. Later steps would get empty outputs, so this step fails. Without this problem its outcome was ${result.outcome}`,
      fix: 'Check the free disk space on the runner, and that the file in GITHUB_OUTPUT exists. Then rerun the job.',
    });
  }
}

/** The outputs, or those of the defect that kept them from being made. */
function render(step: Step, decided: RunResult) {
  try {
    return { result: decided, outputs: outputsOf(decided) };
  } catch (error) {
    const result = withoutCrawls(describeDefect(step, error));
    return { result, outputs: outputsOf(result) };
  }
}

/** GitHub is always reached over https. */
function usesTls({ apiUrl, comment, commitStatus }: Settings): boolean {
  return apiUrl.startsWith('https:') || comment !== 'never' || commitStatus !== '';
}

function withoutCrawls(verdict: Verdict, problems: readonly string[] = []): RunResult {
  return {
    outcome: verdict.outcome,
    message: sentence(verdict),
    verdict,
    problems,
    tolerated: new Set(),
    crawls: [],
    requests: 0,
    waitedMs: 0,
  };
}

function describeDefect({ ports, secrets }: Step, error: unknown): Verdict {
  const quote = sanitize(error instanceof Error ? error.message : String(error), secrets, 300);
  const { repositoryUrl } = ports.runner;
  const issues = repositoryUrl ? `${repositoryUrl}/issues` : "the action's repository";
  return {
    outcome: 'internal-error',
    reason: `The action hit an internal error (report it at ${issues})`,
    standsAlone: true,
    quote,
  };
}
