import { isUuid, sameId } from './crawl.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { type Outcome, tolerableOutcomes } from './outcomes.ts';
import type { Rule } from './rules/metrics.ts';
import { parseRules } from './rules/parse.ts';
import { oneLine, sanitize } from './untrusted-text.ts';

/** A crawl to wait for. */
export interface Target {
  datasourceId: string;
  /** `active`: the datasource's active crawl is to be found. */
  jobId: string;
}

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
  /** Without a slash at its end. */
  apiUrl: string;
}

/** What the comment and the commit status need of the inputs. */
export interface ReportSettings
  extends Pick<Settings, 'comment' | 'commitStatus' | 'sha' | 'githubToken'> {
  /** None when the ids cannot be read. */
  targets: readonly Target[];
}

/** Everything that is wrong with the inputs, each problem with its fix. */
export class InputError extends Error {
  readonly problems: readonly string[];
  /** What could be read in spite of them, so that no older report stays as if it were this run's. */
  readonly reports: ReportSettings | undefined;

  constructor(problems: readonly string[], reports?: ReportSettings) {
    super(problems.join('; '));
    this.name = 'InputError';
    this.problems = problems;
    this.reports = reports;
  }
}

/** The word that stands for "the crawl that the datasource is running now". */
export const ACTIVE = 'active';

const MOST_TARGETS = 100;
const LONGEST_DURATION = parseDuration('30d') ?? 0;

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

/**
 * Reads and checks all inputs (contract, section Inputs).
 *
 * @param read gives an input as it was written, empty when it was not
 * @throws InputError with every problem, not only the first
 */
export function parseInputs(read: (name: string) => string): Settings {
  const problems: string[] = [];
  const token = read('token').trim();
  // Inputs get mixed up: the token must not show even when it stands in the wrong one.
  const secrets = [token];
  const quote = (text: string) => `"${oneLine(sanitize(text, secrets, 80))}"`;
  const optional = (name: keyof typeof DEFAULTS) => read(name).trim() || DEFAULTS[name];

  const duration = (
    name: keyof typeof DEFAULTS,
    { least = 0, fix = '' }: { least?: number; fix?: string } = {},
  ): number => {
    const written = optional(name);
    const ms = parseDuration(written);
    if (ms === undefined) {
      const units =
        /^\d+(\.\d+)?$/.test(written) && !secrets.includes(written)
          ? `which is a number without a unit: write "${written}s", "${written}m" or "${written}h"`
          : 'which is no duration: write numbers with units, largest first, such as "90s", "45m" or "1h30m"';
      problems.push(`${name} is ${quote(written)}, ${units}${fix}`);
    } else if (ms < least) {
      problems.push(
        `${name} is ${quote(written)}, but must be at least ${formatDuration(least)}${fix}`,
      );
    } else if (ms > LONGEST_DURATION) {
      problems.push(
        `${name} is ${quote(written)}, but may be 30 days at most: write "30d" or less`,
      );
    }
    return ms ?? 0;
  };

  const flag = (name: keyof typeof DEFAULTS): boolean => {
    const written = optional(name);
    if (!/^(true|True|TRUE|false|False|FALSE)$/.test(written)) {
      problems.push(`${name} is ${quote(written)}: write "true" or "false"`);
    }
    return written.toLowerCase() === 'true';
  };

  if (token === '') {
    problems.push(
      'token is empty: pass an OpenCX API key, such as secrets.OPENCX_API_KEY; a secret that does not exist is empty, and so is every secret in a pull request from a fork or from Dependabot',
    );
  } else if (/\s/.test(token)) {
    problems.push('token has white space inside: paste the API key alone into the secret');
  } else if (!/^[\x21-\x7e]+$/.test(token)) {
    problems.push(
      'token has characters that no API key has: paste the API key alone into the secret',
    );
  }

  const targets = parseTargets(read('datasource-id'), read('job-id'), quote, problems);
  const settings = {
    token,
    timeout: duration('timeout'),
    startTimeout:
      optional('start-timeout') === 'auto'
        ? ('auto' as const)
        : duration('start-timeout', { fix: ', or write "auto"' }),
    stallTimeout: duration('stall-timeout'),
    outageTimeout: duration('outage-timeout'),
    requestTimeout: duration('request-timeout', { least: 1 }),
    pollInterval:
      optional('poll-interval') === 'auto'
        ? ('auto' as const)
        : duration('poll-interval', { least: 500, fix: ', or write "auto"' }),
    rules: (['require', 'warn'] as const).flatMap((level) => {
      const parsed = parseRules(read(level), level);
      for (const { line, text, problem } of parsed.problems) {
        problems.push(`${level}, line ${line}, is ${quote(text)}: ${problem}`);
      }
      return parsed.rules;
    }),
    tolerated: parseTolerated(read('tolerate'), quote, problems),
    summary: flag('summary'),
    comment:
      optional('comment') === 'on-failure'
        ? ('on-failure' as const)
        : flag('comment')
          ? ('always' as const)
          : ('never' as const),
    commitStatus: read('commit-status').trim(),
    sha: read('sha').trim(),
    githubToken: read('github-token').trim(),
    apiUrl: parseApiUrl(optional('api-url'), quote, problems),
  };
  if (/[\r\n]/.test(settings.commitStatus) || settings.commitStatus.length > 255) {
    problems.push('commit-status must be a name on one line, of at most 255 characters');
    settings.commitStatus = '';
  }

  if (settings.sha !== '' && !/^([\da-f]{40}|[\da-f]{64})$/i.test(settings.sha)) {
    problems.push(
      `sha is ${quote(settings.sha)}, which is not a full commit ID of 40 or 64 hexadecimal digits`,
    );
    settings.sha = '';
  }

  const [first, ...others] = targets;
  if (problems.length > 0 || first === undefined)
    throw new InputError(problems, { ...settings, targets });
  return { ...settings, targets: [first, ...others] };
}

type Quote = (text: string) => string;

/**
 * One value a line. Only the line break that ends a block of YAML is dropped: any other blank
 * line may be an expression that gave nothing, and waiting for fewer crawls would be a false green.
 */
function linesOf(input: string): string[] {
  return input
    .replace(/(\r\n|\r|\n)[ \t]*$/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim());
}

function parseTargets(
  datasourceInput: string,
  jobInput: string,
  quote: Quote,
  problems: string[],
): Target[] {
  const datasourceIds = linesOf(datasourceInput);
  const jobIds = linesOf(jobInput);
  const before = problems.length;

  for (const { name, lines, wanted, empty } of [
    {
      name: 'datasource-id',
      lines: datasourceIds,
      wanted:
        'not the UUID of a website datasource, such as "3c90c3cc-0d44-4b50-8888-8dd25736052a"',
      empty: 'pass the UUID of the website datasource',
    },
    {
      name: 'job-id',
      lines: jobIds,
      wanted: `neither the UUID of a crawl job nor "${ACTIVE}"`,
      empty: `an expression may have given nothing: pass the UUID of the crawl job, or "${ACTIVE}"`,
    },
  ]) {
    lines.forEach((line, index) => {
      const where = lines.length > 1 ? `${name}, line ${index + 1},` : name;
      if (line === '') problems.push(`${where} is empty: ${empty}`);
      else if (!isUuid(line) && !(name === 'job-id' && line === ACTIVE)) {
        problems.push(`${where} is ${quote(line)}, which is ${wanted}`);
      }
    });
  }
  if (datasourceIds.length > MOST_TARGETS) {
    problems.push(
      `datasource-id has ${datasourceIds.length} lines, but one step waits for ${MOST_TARGETS} crawls at most: use a matrix`,
    );
  }
  const allActive = jobIds.length === 1 && jobIds[0] === ACTIVE;
  if (!allActive && jobIds.length !== datasourceIds.length) {
    problems.push(
      `job-id has ${count(jobIds.length, 'line')} and datasource-id ${datasourceIds.length}: give each datasource its job, in the same order, or the one word "${ACTIVE}" for all`,
    );
  }
  if (problems.length > before) return [];

  const targets = datasourceIds.map((datasourceId, index) => ({
    datasourceId,
    jobId: allActive ? ACTIVE : (jobIds[index] ?? ACTIVE),
  }));
  targets.forEach((target, index) => {
    const earlier = targets.findIndex(
      (other) =>
        sameId(other.datasourceId, target.datasourceId) && sameId(other.jobId, target.jobId),
    );
    if (earlier < index) {
      problems.push(
        `datasource-id, line ${index + 1}, names the same crawl as line ${earlier + 1}: name each crawl once`,
      );
    }
  });
  return targets;
}

function parseTolerated(input: string, quote: Quote, problems: string[]): ReadonlySet<Outcome> {
  const names = input
    .split(/[,\r\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const name of names) {
    if (!tolerableOutcomes.some((outcome) => outcome === name)) {
      problems.push(
        `tolerate names ${quote(name)}, but it takes only ${tolerableOutcomes.join(', ')}`,
      );
    }
  }
  return new Set(tolerableOutcomes.filter((outcome) => names.includes(outcome)));
}

function parseApiUrl(written: string, quote: Quote, problems: string[]): string {
  // A user and a password are as secret as the token.
  const shown = quote(written.replace(/\/\/[^/]*@/, '//…@'));
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    problems.push(
      `api-url is ${shown}, which is no https address: write one such as "${DEFAULTS['api-url']}"`,
    );
  } else if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    problems.push(
      `api-url is ${shown}: only https keeps the token secret; http is for a loopback host alone`,
    );
  } else if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    problems.push(
      'api-url holds a user, a password, a query or a fragment: write the base address alone, such as "https://api.open.cx"',
    );
  }
  return url === undefined ? '' : `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether the host (as a URL writes it) is this machine: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
