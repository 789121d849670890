import { startEmulator } from '../emulator/emulator.ts';
import { type RunResult, startAction, unescapeData } from '../emulator/runner.ts';
import type { Demo, Story } from './stories.ts';

const KEY = 'demo-key';
/** Seconds of a crawl for each second. */
const SPEED = 6;

/** Receives what the demo shows while the step runs. */
export interface DemoListener {
  onInputs?: (inputs: Record<string, string>) => void;
  /** Each piece of the log, as a runner shows it. */
  onLog: (text: string) => void;
}

/** Plays a story to the built action. */
export async function playStory(
  { scenarios, active, ...story }: Story & { demo: Demo },
  { onInputs = () => {}, onLog }: DemoListener,
): Promise<RunResult> {
  const { faults = [], refused = false, cancelAfter } = story.demo;
  const emulator = await startEmulator({
    scenarios,
    faults,
    speed: SPEED,
    token: refused ? 'another-key' : KEY,
  });
  const inputs = {
    token: KEY,
    'datasource-id': emulator.sites.map(({ datasourceId }) => datasourceId).join('\n'),
    'job-id': active ? 'active' : emulator.sites.map(({ jobId }) => jobId).join('\n'),
    'api-url': emulator.url,
    ...story.inputs,
    ...story.demo.inputs,
  };
  onInputs(inputs);
  const run = startAction({ inputs, onLog: (text) => onLog(asRunnerShows(text)) });
  if (cancelAfter !== undefined) {
    void emulator.seen(cancelAfter).then(() => run.process.kill('SIGINT'));
  }
  const result = await run.done;
  await emulator.close();
  return result;
}

/** A runner hides some commands, and shows others in color, with a word instead of the title. */
function asRunnerShows(log: string): string {
  return log
    .replace(/^::add-mask::.*\n/gm, '')
    .replace(/^::(error|warning) .*?::(.*)$/gm, (_, level, message) =>
      level === 'error'
        ? `\u001B[31mError: ${unescapeData(message)}\u001B[39m`
        : `\u001B[33mWarning: ${unescapeData(message)}\u001B[39m`,
    );
}
