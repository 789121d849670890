import { parseApiUrl } from './api-url.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { type Outcome, tolerableOutcomes } from './outcomes.ts';
import type { Rule } from './rules/metrics.ts';
import { parseRules } from './rules/parse.ts';
import { pairTargets, type Target } from './targets.ts';
import { firstInvisible, oneLine, sanitize } from './untrusted-text.ts';

/** The inputs of `action.yml`, read and checked. Durations are milliseconds. */
export interface Settings {
  token: string;
  targets: readonly [Target, ...Target[]];
  timeout: number;
  /** `auto`: see the contract, section Finding the crawl. */
  startTimeout: number | 'auto';
  stallTimeout: number;
  outageTimeout: number;
  requestTimeout: number;
  pollInterval: number | 'auto';
  rules: readonly Rule[];
  tolerated: ReadonlySet<Outcome>;
  summary: boolean;
  /** `on-failure`: one is created only when the step is red or tolerated. */
  comment: 'never' | 'on-failure' | 'always';
  /** Empty: no commit status. */
  commitStatus: string;
  /** The commit that gets the commit status; empty: the one that the event is about. */
  sha: string;
  githubToken: string;
  /** Why nothing can be sent to GitHub with this token, and the fix; `undefined` when it can be one. */
  githubTokenProblem: string | undefined;
  /** Without a slash at its end. */
  apiUrl: string;
}

/** What the comment and the commit status need of the inputs. */
export interface ReportSettings
  extends Pick<
    Settings,
    'comment' | 'commitStatus' | 'sha' | 'githubToken' | 'githubTokenProblem'
  > {
  /** None when the ids cannot be read. */
  targets: readonly Target[];
}

/**
 * All inputs, each read once. What a step with invalid inputs needs is here in any case, so that it
 * hides the token, and no older comment or status stays as if it were this run's.
 */
export interface Inputs extends ReportSettings {
  /** Empty when there is none. */
  token: string;
  summary: boolean;
  /** What no text must repeat: the tokens, and the other secrets that were given. */
  secrets: readonly string[];
  /** `undefined` when an input is invalid. */
  settings: Settings | undefined;
  /** What is wrong with the inputs, each problem with its fix; bounded. */
  problems: readonly string[];
}

/** What prevents requests to the OpenCX API (empty: unknown), or to GitHub where it is used. */
export type RouteProblem = (wanted: { apiUrl: string; usesGithub: boolean }) => string | undefined;

/** Gives an input as it was written; empty when it was not. */
export type ReadInput = (name: string) => string;

/**
 * What an optional input means when it is empty: reusable workflows pass on empty strings.
 * These are the defaults of `action.yml`.
 */
export const DEFAULTS = {
  timeout: '60m',
  'start-timeout': 'auto',
  'stall-timeout': '15m',
  'outage-timeout': '10m',
  'request-timeout': '30s',
  'poll-interval': 'auto',
  summary: 'true',
  comment: 'false',
  'api-url': 'https://api.open.cx',
} as const;

type Optional = keyof typeof DEFAULTS;

const MAX_DURATION = '30d';
const MAX_DURATION_MS = parseDuration(MAX_DURATION) ?? 0;
const MAX_STATUS_NAME_LENGTH = 255;
/** So much of a wrong value is shown. */
const MAX_QUOTE_LENGTH = 80;
const MAX_PROBLEMS_PER_INPUT = 10;
const MAX_PROBLEMS = 30;

/** Where the values come from, and what is wrong with them so far. */
interface Reading {
  read: ReadInput;
  /** Inputs get mixed up: a secret must not show even when it is in the wrong one. */
  secrets: readonly string[];
  problems: { input: string; text: string }[];
}

/**
 * Reads and checks all inputs (contract, section Inputs).
 *
 * @param routeProblem says what else prevents the requests, such as a proxy variable
 * @param otherSecrets what no message must repeat, beside the tokens
 */
export function readInputs(
  read: ReadInput,
  routeProblem: RouteProblem = () => undefined,
  otherSecrets: readonly string[] = [],
): Inputs {
  const token = withoutInvisibleEnds(read('token'));
  const githubToken = withoutInvisibleEnds(read('github-token'));
  const secrets = [token, githubToken, ...otherSecrets].filter((secret) => secret !== '');
  const reading: Reading = { read, secrets, problems: [] };
  checkToken(reading, token);
  const targets = readTargets(reading);
  const values = {
    token,
    ...readTimes(reading),
    rules: [...readRules(reading, 'require'), ...readRules(reading, 'warn')],
    tolerated: readTolerated(reading),
    summary: readFlag(reading, 'summary'),
    comment: readComment(reading),
    commitStatus: readCommitStatus(reading, [token, githubToken]),
    sha: readSha(reading),
    githubToken,
    githubTokenProblem: problemOfGithubToken(githubToken),
    apiUrl: readApiUrl(reading),
  };
  const problem = routeProblem({
    apiUrl: values.apiUrl,
    usesGithub: values.comment !== 'never' || values.commitStatus !== '',
  });
  if (problem !== undefined) reading.problems.push({ input: 'proxy', text: problem });
  const [first, ...others] = targets;
  const problems = bounded(reading.problems);
  const isValid = problems.length === 0 && first !== undefined;
  const settings = isValid ? { ...values, targets: [first, ...others] as const } : undefined;
  return { ...values, secrets, targets, settings, problems };
}

function report({ problems }: Reading, input: string, problem: string): void {
  problems.push({ input, text: `${input}${problem}` });
}

function quote({ secrets }: Reading, text: string): string {
  const shown = `"${oneLine(sanitize(text, secrets, MAX_QUOTE_LENGTH))}"`;
  const invisible = invisibleIn(text);
  return invisible === undefined ? shown : `${shown} with ${invisible}`;
}

/** The first character of the text that nobody sees, by its code point. */
function invisibleIn(text: string): string | undefined {
  const code = firstInvisible(text)?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return code === undefined ? undefined : `the invisible character U+${code}`;
}

/** Not more than people read, however many lines are wrong. */
function bounded(problems: Reading['problems']): string[] {
  const perInput = new Map<string, string[]>();
  for (const { input, text } of problems) {
    const texts = perInput.get(input) ?? [];
    texts.push(text);
    perInput.set(input, texts);
  }
  const shown = [...perInput].flatMap(([input, texts]) => {
    const hidden = texts.length - MAX_PROBLEMS_PER_INPUT;
    const more = hidden > 0 ? [`${input} has ${hidden} more problems`] : [];
    return [...texts.slice(0, MAX_PROBLEMS_PER_INPUT), ...more];
  });
  const hidden = shown.length - MAX_PROBLEMS;
  return hidden > 0 ? [...shown.slice(0, MAX_PROBLEMS), `and ${hidden} more problems`] : shown;
}

/** Without whitespace, byte order marks, and other invisible characters at either end. */
function withoutInvisibleEnds(value: string): string {
  const characters = [...value];
  const isVisible = (character: string) =>
    !/\s/.test(character) && firstInvisible(character) === undefined;
  const start = characters.findIndex(isVisible);
  const end = characters.findLastIndex(isVisible);
  return start < 0 ? '' : characters.slice(start, end + 1).join('');
}

function optional({ read }: Reading, name: Optional): string {
  return withoutInvisibleEnds(read(name)) || DEFAULTS[name];
}

/**
 * One value per line. Only the line break that ends a block of YAML is dropped: any other blank
 * line might be an expression without a value, and waiting for fewer crawls would be a false green.
 */
function linesOf({ read }: Reading, name: string): string[] {
  return read(name)
    .replace(/(\r\n|\r|\n)[ \t]{0,1000}$/, '')
    .split(/\r\n|\r|\n/)
    .map(withoutInvisibleEnds);
}

function checkToken(reading: Reading, token: string): void {
  if (token === '') {
    report(
      reading,
      'token',
      " is empty: pass an OpenCX API key, for example secrets.OPENCX_API_KEY (a secret is empty if it doesn't exist, and in pull requests from forks or Dependabot)",
    );
  } else if (invisibleIn(token) !== undefined) {
    report(
      reading,
      'token',
      ` contains ${invisibleIn(token)}: store only the API key in the secret`,
    );
  } else if (/\s/.test(token)) {
    report(reading, 'token', ' contains whitespace: store only the API key in the secret');
  } else if (!/^[\x21-\x7e]+$/.test(token)) {
    const problem =
      " contains characters that an API key can't contain: store only the API key in the secret";
    report(reading, 'token', problem);
  }
}

/** No token is no problem where nothing is sent to GitHub. */
function problemOfGithubToken(githubToken: string): string | undefined {
  const fix = 'Remove the input, or set it to `${{ github.token }}`.';
  if (githubToken === '') return `\`github-token\` is empty. ${fix}`;
  return /^[\x21-\x7e]+$/.test(githubToken)
    ? undefined
    : `\`github-token\` is not a token: it contains spaces, line breaks, or characters that a token can't contain. ${fix}`;
}

function readTargets(reading: Reading): Target[] {
  const { targets, problems } = pairTargets(
    linesOf(reading, 'datasource-id'),
    linesOf(reading, 'job-id'),
    (text) => quote(reading, text),
  );
  for (const { input, problem } of problems) report(reading, input, problem);
  return targets;
}

function readTimes(reading: Reading) {
  return {
    timeout: readDuration(reading, 'timeout'),
    startTimeout: readDurationOrAuto(reading, 'start-timeout', 0),
    stallTimeout: readDuration(reading, 'stall-timeout'),
    outageTimeout: readDuration(reading, 'outage-timeout'),
    requestTimeout: readDuration(reading, 'request-timeout', { least: 1 }),
    pollInterval: readDurationOrAuto(reading, 'poll-interval', 500),
  };
}

function readDurationOrAuto(reading: Reading, name: Optional, least: number): number | 'auto' {
  if (optional(reading, name) === 'auto') return 'auto';
  return readDuration(reading, name, { least, orElse: ', or use "auto"' });
}

/** Milliseconds; 0 when the input is invalid. */
function readDuration(
  reading: Reading,
  name: Optional,
  { least = 0, orElse = '' }: { least?: number; orElse?: string } = {},
): number {
  const written = optional(reading, name);
  const ms = parseDuration(written);
  if (ms !== undefined && ms >= least && ms <= MAX_DURATION_MS) return ms;
  const problem =
    ms === undefined
      ? durationProblem(written, least)
      : ms < least
        ? `, but the minimum is ${formatDuration(least)}`
        : `, but the maximum is ${MAX_DURATION}`;
  report(reading, name, ` is ${quote(reading, written)}${problem}${orElse}`);
  return 0;
}

function durationProblem(written: string, least: number): string {
  if (/^\d{1,20}(\.\d{1,20})?$/.test(written)) {
    // Nothing is suggested that would itself be refused.
    const suggestions = ['s', 'm', 'h']
      .map((unit) => `${written}${unit}`)
      .filter((one) => {
        const ms = parseDuration(one) ?? Number.POSITIVE_INFINITY;
        return ms >= least && ms <= MAX_DURATION_MS;
      });
    if (suggestions.length > 0) return `, which has no unit: use ${anyOf(suggestions)}`;
  }
  return ', which is not a duration: use numbers with units and no spaces, for example "90s", "45m", or "1h30m"';
}

/** `"30s", "30m", or "30h"`. */
function anyOf(values: readonly string[]): string {
  const quoted = values.map((value) => `"${value}"`);
  const last = quoted.pop() ?? '';
  if (quoted.length === 0) return last;
  return `${quoted.join(', ')}${quoted.length > 1 ? ',' : ''} or ${last}`;
}

function readRules(reading: Reading, level: Rule['level']): Rule[] {
  const lines = linesOf(reading, level).join('\n');
  const { rules, problems } = parseRules(lines, level);
  for (const { line, text, problem } of problems) {
    report(reading, level, `, line ${line}, is ${quote(reading, text)}: ${problem}`);
  }
  return rules;
}

function readTolerated(reading: Reading): ReadonlySet<Outcome> {
  const names = reading
    .read('tolerate')
    .split(/[,\r\n]/)
    .map(withoutInvisibleEnds)
    .filter((name) => name !== '');
  for (const name of names) {
    if (name === 'all' || tolerableOutcomes.some((outcome) => outcome === name)) continue;
    report(
      reading,
      'tolerate',
      ` contains ${quote(reading, name)}, which is not an outcome that can be tolerated (valid values: all, ${tolerableOutcomes.join(', ')})`,
    );
  }
  return new Set(
    tolerableOutcomes.filter((outcome) => names.includes('all') || names.includes(outcome)),
  );
}

const BOOLEAN = /^(true|True|TRUE|false|False|FALSE)$/;

/** The YAML core schema, as GitHub's toolkit reads it; `true` when the input is invalid. */
function readFlag(reading: Reading, name: 'summary'): boolean {
  const written = optional(reading, name);
  if (!BOOLEAN.test(written)) {
    report(reading, name, ` is ${quote(reading, written)}: use "true" or "false"`);
    return true;
  }
  return written.toLowerCase() === 'true';
}

function readComment(reading: Reading): Settings['comment'] {
  const written = optional(reading, 'comment');
  if (written === 'on-failure') return 'on-failure';
  if (BOOLEAN.test(written)) return written.toLowerCase() === 'true' ? 'always' : 'never';
  const problem = ` is ${quote(reading, written)}: use "true", "false", or "on-failure"`;
  report(reading, 'comment', problem);
  return 'never';
}

/** @param tokens that must not become public in place of a name */
function readCommitStatus(reading: Reading, tokens: readonly string[]): string {
  const name = withoutInvisibleEnds(reading.read('commit-status'));
  const problem =
    /[\r\n]/.test(name) || name.length > MAX_STATUS_NAME_LENGTH
      ? ` must be a single line of up to ${MAX_STATUS_NAME_LENGTH} characters`
      : BOOLEAN.test(name) || (name !== '' && tokens.includes(name))
        ? ` is ${quote(reading, name)}, which is not a name: use the name that the commit status gets, for example "crawl"`
        : name.includes('\t') || firstInvisible(name) !== undefined
          ? ` is ${quote(reading, name)}: type it again without this character`
          : undefined;
  if (problem === undefined) return name;
  report(reading, 'commit-status', problem);
  return '';
}

function readSha(reading: Reading): string {
  const sha = withoutInvisibleEnds(reading.read('sha'));
  if (sha === '' || /^([\da-f]{40}|[\da-f]{64})$/i.test(sha)) return sha;
  const problem = ` is ${quote(reading, sha)}, which is not a full commit ID: use all 40 or 64 hexadecimal digits, for example those of github.sha`;
  report(reading, 'sha', problem);
  return '';
}

/** Empty when the input is invalid. */
function readApiUrl(reading: Reading): string {
  const parsed = parseApiUrl(optional(reading, 'api-url'), (text) => quote(reading, text));
  if ('problem' in parsed) {
    report(reading, 'api-url', ` ${parsed.problem}`);
    return '';
  }
  return parsed.apiUrl;
}
