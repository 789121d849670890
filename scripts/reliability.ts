/**
 * `npm run reliability`: runs the built bundle against every fault of the emulator, once with two
 * faults in the middle of a crawl and once with a permanent fault, and writes the results to
 * `docs/reliability.md`. With `--check`, it fails if that page is outdated.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { FAULTS, type Handling, JOB_FAULTS } from '../emulator/faults.ts';
import { type RunResult, runAction } from '../emulator/runner.ts';
import { WAYS } from '../emulator/ways.ts';

const file = join(resolve(import.meta.dirname, '..'), 'docs', 'reliability.md');
const AT_ONCE = 16;

/** A fault, and how to run the built bundle against it. */
interface Fault {
  name: string;
  about: string;
  handling: Handling;
  /** The step cannot recover from it. */
  isFinal: boolean;
  /** @param times how many requests go wrong */
  run(times: number): Promise<RunResult>;
}

/** The results for one fault. */
interface Row extends Fault {
  twice: RunResult | undefined;
  permanent: RunResult;
}

function runAgainst(
  { sites: [site] }: Pick<Emulator, 'sites'>,
  {
    apiUrl,
    env = {},
    slow = false,
    permanent,
  }: {
    apiUrl: string;
    env?: Record<string, string>;
    slow?: boolean | undefined;
    permanent: boolean;
  },
): Promise<RunResult> {
  return runAction({
    inputs: {
      token: 'key',
      'datasource-id': site?.datasourceId ?? '',
      'job-id': site?.jobId ?? '',
      'api-url': apiUrl,
      'poll-interval': '500ms',
      summary: 'false',
      ...(permanent ? { 'outage-timeout': '1s', timeout: '5s' } : {}),
      ...(slow ? { 'request-timeout': '500ms' } : {}),
    },
    env,
  });
}

const RESPONSE_FAULTS: Fault[] = Object.entries({ ...FAULTS, ...JOB_FAULTS }).map(
  ([name, { about, handling, slow, asksForever = false }]) => ({
    name,
    about,
    handling,
    isFinal: asksForever,
    async run(times) {
      const emulator = await startEmulator({
        scenarios: ['steady'],
        speed: 30,
        faults: [{ fault: name, from: 2, times, on: 'job' }],
      });
      try {
        const permanent = !Number.isFinite(times) && handling !== 'harmless';
        return await runAgainst(emulator, { apiUrl: emulator.url, slow, permanent });
      } finally {
        await emulator.close();
      }
    },
  }),
);

const CONNECTION_FAULTS: Fault[] = Object.entries(WAYS).map(
  ([name, { about, handling, slow, open }]) => ({
    name,
    about,
    handling,
    isFinal: false,
    async run(times) {
      const way = await open(times);
      try {
        const permanent = !Number.isFinite(times) && handling !== 'harmless';
        return await runAgainst(way, { ...way, slow, permanent });
      } finally {
        await way.close();
      }
    },
  }),
);

async function runAll(faults: readonly Fault[]): Promise<Row[]> {
  const rows: Row[] = [];
  const left = [...faults];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      rows.push({
        ...next,
        twice: next.isFinal ? undefined : await next.run(2),
        permanent: await next.run(Number.POSITIVE_INFINITY),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return rows.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
}

const EXPECTED: Record<Handling, { twice: string; permanent: string }> = {
  harmless: { twice: 'succeeded', permanent: 'succeeded' },
  unreachable: { twice: 'succeeded', permanent: 'unreachable' },
  malformed: { twice: 'succeeded', permanent: 'invalid-response' },
  missing: { twice: 'succeeded', permanent: 'not-found' },
  unauthorized: { twice: 'succeeded', permanent: 'unauthorized' },
  'invalid-input': { twice: 'succeeded', permanent: 'invalid-input' },
  'invalid-response': { twice: 'succeeded', permanent: 'invalid-response' },
};

function problemsOf({ name, handling, twice, permanent }: Row): string[] {
  const expected = EXPECTED[handling];
  return [
    { run: twice, outcome: expected.twice, when: 'twice' },
    { run: permanent, outcome: expected.permanent, when: 'permanent' },
  ].flatMap(({ run, outcome, when }) => {
    if (run === undefined) return [];
    const got = run.outputs['outcome'] ?? 'no outcome';
    const noise = run.stderr === '' ? [] : [`${name}, ${when}: wrote to stderr`];
    return got === outcome ? noise : [`${name}, ${when}: ${got} instead of ${outcome}`, ...noise];
  });
}

function table(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const outcome = (run: RunResult | undefined) =>
    run === undefined ? '' : `\`${run.outputs['outcome']}\``;
  const why = (run: RunResult) =>
    run.outputs['outcome'] === 'succeeded'
      ? ''
      : // The emulated proxies have another port in each run.
        (run.outputs['message'] ?? '').replace(
          /the proxy 127\.0\.0\.1:\d+/,
          'the proxy 127.0.0.1:3128',
        );
  return [
    line(['Fault', 'What happens', 'Twice', 'Permanent', 'Message']),
    line(['---', '---', '---', '---', '---']),
    ...rows.map(({ name, about, twice, permanent }) =>
      line([`\`${name}\``, about, outcome(twice), outcome(permanent), why(permanent)]),
    ),
  ].join('\n');
}

function render(responseFaults: readonly Row[], connectionFaults: readonly Row[]): string {
  return `# How the action handles API failures

This page is generated with \`npm run reliability\`. It runs the built \`dist/index.js\` against each of the
emulator's ${responseFaults.length + connectionFaults.length} faults ([responses](../emulator/faults.ts), [connection](../emulator/ways.ts)), starting with the
second request for a crawl. **Twice**: two requests fail, and then the API recovers. **Permanent**: the API
doesn't recover, and \`outage-timeout\` (1 second here) or the response itself ends the wait.

The action survives temporary failures. A permanent failure ends with an outcome that names the cause. The
action never passes by mistake, hangs, prints a stack trace, or guesses.

## Responses

${table(responseFaults)}

## Connection

${table(connectionFaults)}
`;
}

const startedAt = performance.now();
const responseFaults = await runAll(RESPONSE_FAULTS);
const connectionFaults = await runAll(CONNECTION_FAULTS);
const rows = [...responseFaults, ...connectionFaults];
const problems = rows.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
const page = render(responseFaults, connectionFaults);
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== page) {
    problems.push('outdated');
    console.error('docs/reliability.md is outdated: run "npm run reliability" and commit it');
  }
} else {
  writeFileSync(file, page);
}
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
console.log(`${rows.length} faults checked in ${seconds} s, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
