/**
 * `npm run bench:start-up`: the whole process, from its start to its exit on a crawl that has
 * already ended, against a three-line script that fetches the same address once.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmulator } from '../emulator/emulator.ts';
import { runAction } from '../emulator/runner.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '30' }, json: { type: 'boolean', default: false } },
});

const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-bench-'));
const script = join(folder, 'fetch.mjs');
writeFileSync(
  script,
  `const response = await fetch(process.argv[2], { headers: { authorization: 'Bearer key' } });
const job = await response.json();
console.log(job.status);
`,
);
const empty = join(folder, 'empty.mjs');
writeFileSync(empty, '');

function timeOf(...args: string[]): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    spawn(process.execPath, args, { stdio: 'ignore' })
      .once('error', reject)
      .once('exit', () => resolve(performance.now() - startedAt));
  });
}

function median(numbers: readonly number[]): number {
  return (
    numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN
  );
}

const emulator = await startEmulator({ scenarios: ['finished'], token: 'key' });
const [site] = emulator.sites;
const inputs = {
  token: 'key',
  'datasource-id': site?.datasourceId ?? '',
  'job-id': site?.jobId ?? '',
  'api-url': emulator.url,
};
const address = `${emulator.url}/crawl/${site?.datasourceId}/crawls/${site?.jobId}`;
const rounds = [];
for (let round = 0; round < Number(values.runs); round += 1) {
  const bare = await timeOf(script, address);
  const gate = (await runAction({ inputs })).took;
  const respondedAt = emulator.requests.findLast(({ kind }) => kind === 'job')?.at ?? 0;
  const end = Date.now() - respondedAt;
  const quiet = (await runAction({ inputs: { ...inputs, summary: 'false' } })).took;
  rounds.push({ bare, gate, quiet, end, node: await timeOf(empty) });
}
await emulator.close();
rmSync(folder, { recursive: true, force: true });

const result = {
  runs: rounds.length,
  node: process.version,
  ratio: median(rounds.map(({ bare, gate }) => gate / bare)),
  ratio_without_summary: median(rounds.map(({ bare, quiet }) => quiet / bare)),
  from_completed_to_exit_ms: median(rounds.map(({ end }) => end)),
  fetch_ms: median(rounds.map(({ bare }) => bare)),
  gate_ms: median(rounds.map(({ gate }) => gate)),
  empty_node_ms: median(rounds.map(({ node }) => node)),
};
console.log(
  values.json
    ? JSON.stringify(result)
    : Object.entries(result)
        .map(
          ([name, value]) =>
            `${name.padEnd(26)} ${typeof value === 'number' ? Number(value.toFixed(2)) : value}`,
        )
        .join('\n'),
);
