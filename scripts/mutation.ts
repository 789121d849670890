/**
 * `npm run mutation`: Stryker makes small changes to the source, and runs the tests on each. Every file
 * is tested with its own tests only, because all tests would take hours. The scores go to
 * `docs/mutation.md`. `npm run mutation -- src/duration.ts` runs one file.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const config = JSON.parse(readFileSync(join(root, 'stryker.config.json'), 'utf8')) as {
  mutate: string[];
  thresholds: { break: number };
  jsonReporter: { fileName: string };
};
const wanted = process.argv.slice(2);
const files = wanted.length > 0 ? wanted : globSync(config.mutate, { cwd: root });

interface Score {
  file: string;
  killed: number;
  survived: number;
}

const scores = files.map(mutate);
const score = ({ killed, survived }: Omit<Score, 'file'>) => (100 * killed) / (killed + survived);

// The page keeps the rows of the files that were not tested this time.
const page = join(root, 'docs/mutation.md');
const text = readFileSync(page, 'utf8');
const rows = new Map(
  [...text.matchAll(/^\| (src\/\S+) \| (\d+) \| (\d+) \|/gm)].map(([, file = '', all, lived]) => {
    const survived = Number(lived);
    return [file, { file, killed: Number(all) - survived, survived }];
  }),
);
for (const one of scores) rows.set(one.file, one);
const listed = globSync(config.mutate, { cwd: root }).flatMap((file) => rows.get(file) ?? []);
const sum = (pick: (one: Score) => number) => listed.reduce((all, one) => all + pick(one), 0);
const total = {
  file: 'all',
  killed: sum(({ killed }) => killed),
  survived: sum(({ survived }) => survived),
};
const table = [
  '| File | Mutants | Survived | Score |',
  '| :-- | --: | --: | --: |',
  ...[...listed, total].map(
    (one) =>
      `| ${one.file} | ${one.killed + one.survived} | ${one.survived} | ${score(one).toFixed(1)}% |`,
  ),
].join('\n');
console.log(table);
const date = new Date().toISOString().slice(0, 10);
writeFileSync(
  page,
  text.replace(
    /(<!-- scores -->\n)[\s\S]*(<!-- end of scores -->)/,
    `$1\nLatest results for each file, as of ${date}:\n\n${table}\n\n$2`,
  ),
);
const low = scores.filter((one) => !(score(one) >= config.thresholds.break));
if (low.length > 0) {
  console.error(`Below ${config.thresholds.break}%: ${low.map(({ file }) => file).join(', ')}`);
  process.exitCode = 1;
}

/**
 * The tests of a file, by convention: those of the same path under `test/unit`, or of the same
 * folder if there are none; all property tests; and for what only a whole step shows, the tests in
 * virtual time.
 */
function testsOf(file: string): string[] {
  const path = file.replace(/^src\/(.*)\.ts$/, '$1');
  const find = (...patterns: string[]) => globSync(patterns, { cwd: root });
  const own = find(`test/unit/${path}.test.ts`, `test/unit/${path}-*.test.ts`);
  const ofFolder = own.length > 0 ? [] : find(`test/unit/${dirname(path)}/*.test.ts`);
  const virtual = /^(wait\/|gate$|report\/log|github\/)/.test(path)
    ? find('test/virtual/**/*.test.ts')
    : [];
  return [...own, ...ofFolder, ...find('test/unit/properties/*.test.ts'), ...virtual];
}

/** Runs Stryker on one file. It prints the survivors. */
function mutate(file: string): Score {
  const tests = testsOf(file);
  console.log(`\n== ${file}, with ${tests.join(' ')}`);
  const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status } = spawnSync(process.execPath, [stryker, 'run', '--mutate', file], {
    cwd: root,
    // Far from UTC, so that a time that is read without its zone is noticed.
    env: { ...process.env, TZ: 'America/St_Johns', MUTATION_TESTS: tests.join(' ') },
    stdio: 'inherit',
  });
  if (status === null) throw new Error(`Stryker was killed at ${file}`);
  const report = JSON.parse(readFileSync(join(root, config.jsonReporter.fileName), 'utf8')) as {
    files: Record<string, { mutants: { status: string }[] }>;
  };
  const mutants = report.files[file]?.mutants;
  if (mutants === undefined) throw new Error(`Stryker did not report on ${file}`);
  const count = (...statuses: string[]) =>
    mutants.filter((mutant) => statuses.includes(mutant.status)).length;
  return {
    file,
    killed: count('Killed', 'Timeout'),
    survived: count('Survived', 'NoCoverage'),
  };
}
