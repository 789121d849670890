/** `npm run emulator -- --help`: the emulator for people. */
import { parseArgs } from 'node:util';
import { type FaultPlan, startEmulator } from './emulator.ts';
import { FAULTS, JOB_FAULTS } from './faults.ts';
import { SCENARIOS } from './scenarios.ts';

const HELP = `A local OpenCX Crawl API.

  npm run emulator -- [--port 4010] [--scenario NAME[,NAME…]] [--speed 1] [--token KEY] [--fault FAULT]

  --scenario  one datasource with one crawl per name (default: steady)
  --speed     seconds of a crawl for each second of the clock
  --token     the only API key that is accepted (default: any)
  --fault     NAME, NAME*TIMES, or NAME*TIMES@FROM: this number of requests go wrong, starting with
              request FROM. Can be repeated
  --list      all scenarios and faults`;

function parseFault(text: string): FaultPlan {
  const [, fault = '', times, from] = /^([^*@]+)(?:\*(\d+))?(?:@(\d+))?$/.exec(text) ?? [];
  return {
    fault,
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(from === undefined ? {} : { from: Number(from) }),
  };
}

function list(): void {
  for (const [heading, entries] of [
    ['Scenarios', SCENARIOS],
    ['Faults', { ...FAULTS, ...JOB_FAULTS }],
  ] as const) {
    console.log(`\n${heading}`);
    for (const [name, { about }] of Object.entries(entries)) {
      console.log(`  ${name.padEnd(28)} ${about}`);
    }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      scenario: { type: 'string', default: 'steady' },
      speed: { type: 'string', default: '1' },
      token: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.list) return list();
  const speed = Number(values.speed);
  if (!(speed > 0))
    throw new Error(`--speed is "${values.speed}", but must be a number greater than 0`);

  const emulator = await startEmulator({
    scenarios: values.scenario.split(',').map((name) => name.trim()),
    speed,
    port: Number(values.port),
    faults: values.fault.map(parseFault),
    ...(values.token === undefined ? {} : { token: values.token }),
  });
  console.log(`OpenCX Crawl API at ${emulator.url}`);
  for (const { datasourceId, jobId, scenario } of emulator.sites) {
    console.log(`  datasource ${datasourceId}  job ${jobId}  ${scenario.about}`);
  }
  console.log('A crawl starts with the first request for it. Press Ctrl-C to stop.');
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
