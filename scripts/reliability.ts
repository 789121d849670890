/**
 * `npm run reliability`: tells every fault of the emulator to the built bundle, twice in the middle
 * of a crawl that then recovers and for ever until a budget ends it, and writes what happened into
 * `docs/reliability.md`. With `--check` it fails when that page says something else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startEmulator } from '../emulator/emulator.ts';
import { FAULTS, type Fault, JOB_FAULTS } from '../emulator/faults.ts';
import { type RunResult, runAction } from '../emulator/runner.ts';

const file = join(resolve(import.meta.dirname, '..'), 'docs', 'reliability.md');
const AT_ONCE = 16;

/** What became of one fault. */
interface Row {
  name: string;
  fault: Fault;
  twice: RunResult | undefined;
  forEver: RunResult;
}

async function tell(name: string, { slow, handling }: Fault, times: number): Promise<RunResult> {
  const emulator = await startEmulator({
    scenarios: ['steady'],
    speed: 30,
    faults: [{ fault: name, from: 2, times, on: 'job' }],
  });
  const [site] = emulator.sites;
  const endless = !Number.isFinite(times);
  try {
    return await runAction({
      inputs: {
        token: 'key',
        'datasource-id': site?.datasourceId ?? '',
        'job-id': site?.jobId ?? '',
        'api-url': emulator.url,
        'poll-interval': '500ms',
        summary: 'false',
        ...(endless && handling !== 'harmless' ? { 'outage-timeout': '1s' } : {}),
        ...(slow ? { 'request-timeout': '500ms' } : {}),
      },
    });
  } finally {
    await emulator.close();
  }
}

async function tellAll(): Promise<Row[]> {
  const rows: Row[] = [];
  const left = Object.entries({ ...FAULTS, ...JOB_FAULTS });
  const teller = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [name, fault] = next;
      rows.push({
        name,
        fault,
        twice: fault.asksForEver ? undefined : await tell(name, fault, 2),
        forEver: await tell(name, fault, Number.POSITIVE_INFINITY),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, teller));
  return rows.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
}

const EXPECTED: Record<Fault['handling'], { twice: string; forEver: string }> = {
  harmless: { twice: 'succeeded', forEver: 'succeeded' },
  unreachable: { twice: 'succeeded', forEver: 'unreachable' },
  malformed: { twice: 'succeeded', forEver: 'invalid-response' },
  missing: { twice: 'not-found', forEver: 'not-found' },
  unauthorized: { twice: 'unauthorized', forEver: 'unauthorized' },
  'invalid-input': { twice: 'invalid-input', forEver: 'invalid-input' },
  'invalid-response': { twice: 'invalid-response', forEver: 'invalid-response' },
};

function problemsOf({ name, fault, twice, forEver }: Row): string[] {
  const expected = EXPECTED[fault.handling];
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

function render(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const outcome = (run: RunResult | undefined) =>
    run === undefined ? '' : `\`${run.outputs['outcome']}\``;
  const why = (run: RunResult) =>
    run.outputs['outcome'] === 'succeeded' ? '' : (run.outputs['message'] ?? '');
  return `# What happens when the API goes wrong

This page is made by \`npm run reliability\`: each of the ${rows.length} faults of the
[emulator](../emulator/faults.ts) is told to the built \`dist/index.js\` as a process, from the second
look at a crawl on. *Twice*: two answers go wrong, then the API recovers. *For ever*: it does not, and
\`outage-timeout\` (here 1 s) or the answer itself ends the wait.

What passes is survived. What does not pass ends in an outcome that says what it was, and never in
green, a hang, a stack trace or a guess.

${[
  line(['fault', 'what the server does', 'twice', 'for ever', 'what the step then says']),
  line(['---', '---', '---', '---', '---']),
  ...rows.map(({ name, fault, twice, forEver }) =>
    line([`\`${name}\``, fault.about, outcome(twice), outcome(forEver), why(forEver)]),
  ),
].join('\n')}
`;
}

const startedAt = performance.now();
const rows = await tellAll();
const problems = rows.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
const page = render(rows);
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
