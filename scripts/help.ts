/** `npm run help`: what each script is for. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ABOUT: Readonly<Record<string, string>> = {
  build: 'compiles src and bundles it into dist',
  test: 'the tests; npm cit installs first',
  check: 'types, lint, action.yml, workflows and examples',
  format: 'formats and mends what the linter can',
  demo: 'the built action against a local API; -- --list names the stories',
  emulator: 'the local API alone; -- --help explains it',
  e2e: 'the workflows of test/workflows, run by act; needs act or Go',
  preview: 'pictures of the job summary, light and dark; needs Chromium',
  readme: 'makes the README’s tables and its log anew',
  messages: 'lets the action say all it can say, and writes docs/messages.md',
  reliability: 'tells every fault to the built action and writes docs/reliability.md',
  bench: 'all benchmarks, some minutes',
  'bench:pace': 'requests and lag of the pace, replayed in virtual time',
  'bench:start-up': 'the whole process against a script that fetches once',
  'bench:scale': 'one step that waits for 1, 10 and 100 crawls',
  mutation:
    'changes the product in small ways and sees what the tests miss; -- src/duration.ts for one file',
  'publish-as': 'put the name of the real repository into every file; -- acme/opencx-crawl-gate',
  help: 'this list',
};

const file = join(resolve(import.meta.dirname, '..'), 'package.json');
const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts: Record<string, string> };
for (const name of Object.keys(scripts)) {
  console.log(`npm run ${name.padEnd(16)} ${ABOUT[name] ?? ''}`);
}
const silent = Object.keys(scripts).filter((name) => ABOUT[name] === undefined);
if (silent.length > 0) {
  console.error(`No word on: ${silent.join(', ')}`);
  process.exitCode = 1;
}
