/**
 * `npm run mutation`: changes the pure parts of the product, one small thing at a time, and looks
 * whether the tests notice. File by file, each against its own tests, because all tests against
 * every change would take hours. `npm run mutation -- src/duration.ts` does one file. The
 * scores go into `docs/mutation.md`.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** Tests beside those that have the file's own name. */
const MORE_TESTS: Readonly<Record<string, readonly string[]>> = {
  duration: ['properties/durations-and-times'],
  instant: ['properties/durations-and-times'],
  'foreign-text': ['properties/foreign-text'],
  outcome: ['properties/outcomes-and-inputs'],
  inputs: ['properties/outcomes-and-inputs'],
  judge: ['properties/rules'],
  parse: ['properties/rules'],
  rule: ['rules/parse', 'rules/judge', 'rules/judge-unknown', 'crawl/verdict', 'gate/finding'],
  job: ['properties/schema'],
  timeline: ['properties/timeline'],
  pace: ['gate/time'],
  ask: ['gate/time', 'gate/finding', 'gate/outages', 'properties/time'],
  api: ['properties/schema'],
  markdown: ['report/summary', 'report/summary-page', 'report/comment-page'],
  comment: ['properties/foreign-run'],
  'summary-crawl': ['report/summary', 'report/summary-page'],
  result: ['report/outputs'],
};

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

// The page keeps the rows of the files that were not looked at now.
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
  '| file | mutants | survived | score |',
  '| :-- | --: | --: | --: |',
  ...[...listed, total].map(
    (one) =>
      `| ${one.file} | ${one.killed + one.survived} | ${one.survived} | ${score(one).toFixed(1)} % |`,
  ),
].join('\n');
console.log(table);
const date = new Date().toISOString().slice(0, 10);
writeFileSync(
  page,
  text.replace(
    /(<!-- scores -->\n)[\s\S]*(<!-- end of scores -->)/,
    `$1\nThe latest run of each file, the last of ${date}:\n\n${table}\n\n$2`,
  ),
);
const low = scores.filter((one) => !(score(one) >= config.thresholds.break));
if (low.length > 0) {
  console.error(`Below ${config.thresholds.break} %: ${low.map(({ file }) => file).join(', ')}`);
  process.exitCode = 1;
}

/** Runs Stryker on one file; it prints the survivors. */
function mutate(file: string): Score {
  const name = basename(file, '.ts');
  const tests = [
    ...globSync([`test/${name}.test.ts`, `test/${name}-*.test.ts`], { cwd: root }),
    ...globSync([`test/{crawl,report,rules}/${name}{,-*}.test.ts`], { cwd: root }),
    ...(MORE_TESTS[name] ?? []).map((test) => `test/${test}.test.ts`),
  ];
  console.log(`\n== ${file}, with ${tests.join(' ')}`);
  const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status } = spawnSync(process.execPath, [stryker, 'run', '--mutate', file], {
    cwd: root,
    env: { ...process.env, MUTATION_TESTS: tests.join(' ') },
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
