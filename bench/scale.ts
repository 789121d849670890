/**
 * `npm run bench:scale`: what one step costs that waits for 1, 10 and 100 crawls of the emulator:
 * requests a minute, lag, peak memory and CPU seconds of the whole process; and whether memory
 * stays flat over hours of virtual time.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startEmulator } from '../emulator/emulator.ts';
import { runAction } from '../emulator/runner.ts';
import { tell } from '../test/support/virtual-world.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});

/** Writes on exit what the process used. */
const METER = (file: string) => `
  import { writeFileSync } from 'node:fs';
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(${JSON.stringify(file)}, JSON.stringify({ maxRSS, cpu: (userCPUTime + systemCPUTime) / 1e6 }));
  });`;

const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-bench-'));
const meter = join(folder, 'meter.mjs');
const used = join(folder, 'used.json');
writeFileSync(meter, METER(used));

async function measure(crawls: number) {
  const emulator = await startEmulator({
    scenarios: Array.from({ length: crawls }, () => 'slow'),
    speed: 1_200 / Number(values.seconds),
  });
  const { took, outputs } = await runAction({
    inputs: {
      token: 'key',
      'datasource-id': emulator.sites.map(({ datasourceId }) => datasourceId).join('\n'),
      'job-id': emulator.sites.map(({ jobId }) => jobId).join('\n'),
      'api-url': emulator.url,
    },
    env: { NODE_OPTIONS: `--import ${new URL(`file://${meter}`).href}` },
  });
  await emulator.close();
  // The scenario "slow" ends 1,202 of its seconds after its first check.
  const length = (1_202 / 1_200) * Number(values.seconds) * 1_000;
  const lags = emulator.sites.map(({ jobId, begunAt = 0 }) => {
    const last = emulator.requests.findLast(({ path }) => path.endsWith(jobId));
    return ((last?.at ?? 0) - begunAt - length) / 1_000;
  });
  const { maxRSS, cpu } = JSON.parse(readFileSync(used, 'utf8')) as { maxRSS: number; cpu: number };
  const requests = emulator.requests.length;
  return {
    crawls,
    outcome: outputs['outcome'],
    seconds: Math.round(took / 1_000),
    requests,
    requests_a_minute: Math.round((requests * 60_000) / took),
    mean_lag_s: Number((lags.reduce((sum, lag) => sum + lag, 0) / lags.length).toFixed(1)),
    peak_memory_mb: Math.round(maxRSS / 1_024),
    cpu_seconds: Number(cpu.toFixed(2)),
  };
}

/** Megabytes that are in use after each half hour of a wait of four, looking every two seconds. */
async function memoryOverHours(): Promise<number[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used: number[] = [];
  await tell({
    scenarios: ['slow'],
    speed: 1 / 12,
    forgetful: true,
    inputs: { timeout: '6h', 'poll-interval': '2s', summary: 'false' },
    onRequest: ({ count }) => {
      if (count % 900 !== 0) return;
      collect();
      used.push(Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(1)));
    },
  });
  return used;
}

const rows = [];
for (const crawls of [1, 10, 100]) rows.push(await measure(crawls));
rmSync(folder, { recursive: true, force: true });
const memory = await memoryOverHours();
if (values.json) console.log(JSON.stringify({ rows, memory_mb: memory }));
else {
  console.table(rows);
  const [one, , hundred] = rows;
  if (one && hundred) {
    console.log(
      `Peak memory with 100 crawls: ${(hundred.peak_memory_mb / one.peak_memory_mb).toFixed(2)} times that with one (wanted: at most 1.2).`,
    );
  }
  console.log(`Memory in use after each half hour of virtual time: ${memory.join(', ')} MB.`);
}
