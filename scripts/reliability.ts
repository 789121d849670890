/**
 * `npm run reliability`: tells every fault of the emulator to the built bundle, twice in the middle
 * of a crawl that then recovers and for ever until a budget ends it, and writes what happened into
 * `docs/reliability.md`. With `--check` it fails when that page says something else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { FAULTS, type Handling, JOB_FAULTS } from '../emulator/faults.ts';
import { type RunResult, runAction } from '../emulator/runner.ts';
import { WAYS } from '../emulator/ways.ts';

const file = join(resolve(import.meta.dirname, '..'), 'docs', 'reliability.md');
const AT_ONCE = 16;

/** Something that goes wrong, and how to tell it to the built bundle so many times. */
interface Trouble {
  name: string;
  about: string;
  handling: Handling;
  /** It has no story in which it passes. */
  neverPasses: boolean;
  tell(times: number): Promise<RunResult>;
}

/** What became of one of them. */
interface Row extends Trouble {
  twice: RunResult | undefined;
  forEver: RunResult;
}

function runAgainst(
  { sites: [site] }: Pick<Emulator, 'sites'>,
  {
    apiUrl,
    env = {},
    slow = false,
    endless,
  }: { apiUrl: string; env?: Record<string, string>; slow?: boolean | undefined; endless: boolean },
): Promise<RunResult> {
  return runAction({
    inputs: {
      token: 'key',
      'datasource-id': site?.datasourceId ?? '',
      'job-id': site?.jobId ?? '',
      'api-url': apiUrl,
      'poll-interval': '500ms',
      summary: 'false',
      ...(endless ? { 'outage-timeout': '1s' } : {}),
      ...(slow ? { 'request-timeout': '500ms' } : {}),
    },
    env,
  });
}

const FROM_THE_API: Trouble[] = Object.entries({ ...FAULTS, ...JOB_FAULTS }).map(
  ([name, { about, handling, slow, asksForEver = false }]) => ({
    name,
    about,
    handling,
    neverPasses: asksForEver,
    async tell(times) {
      const emulator = await startEmulator({
        scenarios: ['steady'],
        speed: 30,
        faults: [{ fault: name, from: 2, times, on: 'job' }],
      });
      try {
        const endless = !Number.isFinite(times) && handling !== 'harmless';
        return await runAgainst(emulator, { apiUrl: emulator.url, slow, endless });
      } finally {
        await emulator.close();
      }
    },
  }),
);

const ON_THE_WAY: Trouble[] = Object.entries(WAYS).map(
  ([name, { about, handling, slow, open }]) => ({
    name,
    about,
    handling,
    neverPasses: false,
    async tell(times) {
      const way = await open(times);
      try {
        const endless = !Number.isFinite(times) && handling !== 'harmless';
        return await runAgainst(way, { ...way, slow, endless });
      } finally {
        await way.close();
      }
    },
  }),
);

async function tellAll(troubles: readonly Trouble[]): Promise<Row[]> {
  const rows: Row[] = [];
  const left = [...troubles];
  const teller = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      rows.push({
        ...next,
        twice: next.neverPasses ? undefined : await next.tell(2),
        forEver: await next.tell(Number.POSITIVE_INFINITY),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, teller));
  return rows.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
}

const EXPECTED: Record<Handling, { twice: string; forEver: string }> = {
  harmless: { twice: 'succeeded', forEver: 'succeeded' },
  unreachable: { twice: 'succeeded', forEver: 'unreachable' },
  malformed: { twice: 'succeeded', forEver: 'invalid-response' },
  missing: { twice: 'not-found', forEver: 'not-found' },
  unauthorized: { twice: 'unauthorized', forEver: 'unauthorized' },
  'invalid-input': { twice: 'invalid-input', forEver: 'invalid-input' },
  'invalid-response': { twice: 'invalid-response', forEver: 'invalid-response' },
};

function problemsOf({ name, handling, twice, forEver }: Row): string[] {
  const expected = EXPECTED[handling];
  return [
    { run: twice, outcome: expected.twice, when: 'twice' },
    { run: forEver, outcome: expected.forEver, when: 'for ever' },
  ].flatMap(({ run, outcome, when }) => {
    if (run === undefined) return [];
    const got = run.outputs['outcome'] ?? 'no outcome';
    const noise = run.stderr === '' ? [] : [`${name}, ${when}: wrote to stderr`];
    return got === outcome ? noise : [`${name}, ${when}: ${got} in place of ${outcome}`, ...noise];
  });
}

function table(what: string, rows: readonly Row[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const outcome = (run: RunResult | undefined) =>
    run === undefined ? '' : `\`${run.outputs['outcome']}\``;
  const why = (run: RunResult) =>
    run.outputs['outcome'] === 'succeeded' ? '' : (run.outputs['message'] ?? '');
  return [
    line(['fault', what, 'twice', 'for ever', 'what the step then says']),
    line(['---', '---', '---', '---', '---']),
    ...rows.map(({ name, about, twice, forEver }) =>
      line([`\`${name}\``, about, outcome(twice), outcome(forEver), why(forEver)]),
    ),
  ].join('\n');
}

function render(fromTheApi: readonly Row[], onTheWay: readonly Row[]): string {
  return `# What happens when the API goes wrong

This page is made by \`npm run reliability\`: each of the ${fromTheApi.length + onTheWay.length} faults of the emulator
([answers](../emulator/faults.ts), [the way to them](../emulator/ways.ts)) is told to the built
\`dist/index.js\` as a process, from the second look at a crawl on. *Twice*: two looks go wrong, then all
is well again. *For ever*: it is not, and \`outage-timeout\` (here 1 s) or the answer itself ends the wait.

What passes is survived. What does not pass ends in an outcome that says what it was, and never in
green, a hang, a stack trace or a guess.

## Answers

${table('what the server does', fromTheApi)}

## The way to them

${table('what goes wrong', onTheWay)}
`;
}

const startedAt = performance.now();
const fromTheApi = await tellAll(FROM_THE_API);
const onTheWay = await tellAll(ON_THE_WAY);
const rows = [...fromTheApi, ...onTheWay];
const problems = rows.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
const page = render(fromTheApi, onTheWay);
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== page) {
    problems.push('stale');
    console.error('docs/reliability.md is stale: run "npm run reliability" and commit it');
  }
} else {
  writeFileSync(file, page);
}
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
console.log(
  `${rows.length} faults told twice and for ever in ${seconds} s, ${problems.length} problems`,
);
process.exit(problems.length === 0 ? 0 : 1);
