/**
 * `npm run demo [-- --story NAME]`: the built action, started as a workflow runner starts it, against
 * the emulator. The exit code is 0 if the step has the outcome of the story, which can be a failure.
 */
import { parseArgs } from 'node:util';
import { marked } from 'marked';
import { markedTerminal } from 'marked-terminal';
import type { RunResult } from '../emulator/runner.ts';
import { playStory } from './demo-runner.ts';
import { storiesFor } from './stories.ts';

const { values } = parseArgs({
  options: {
    story: { type: 'string', default: 'steady' },
    list: { type: 'boolean', default: false },
  },
});
const stories = new Map(storiesFor('demo'));

function heading(text: string): void {
  console.log(`\n──── ${text} ${'─'.repeat(Math.max(0, 70 - text.length))}`);
}

function showInputs(inputs: Record<string, string>): void {
  heading('Step');
  console.log('- uses: owner/opencx-crawl-gate@v1\n  with:');
  for (const [name, value] of Object.entries(inputs)) {
    const block = value.includes('\n') ? `|\n      ${value.replaceAll('\n', '\n      ')}` : value;
    console.log(`    ${name}: ${name === 'token' ? '${{ secrets.OPENCX_API_KEY }}' : block}`);
  }
  heading('Log');
}

function showResult({ outputs, summary, exitCode, took }: RunResult): void {
  heading('Outputs');
  for (const [name, value] of Object.entries(outputs)) {
    console.log(`${name.padEnd(16)} ${value.replaceAll('\n', `\n${' '.repeat(17)}`)}`);
  }
  heading('Summary');
  marked.use(markedTerminal({ reflowText: true, width: 100 }) as never);
  const charts = /```mermaid\n[\s\S]*?\n```/g;
  console.log(marked.parse(summary.replace(charts, '_(a chart: see `npm run preview`)_')));
  heading(`${exitCode === 0 ? 'Passed' : 'Failed'} after ${(took / 1_000).toFixed(1)} s`);
}

async function main(): Promise<void> {
  if (values.list) {
    for (const [name, { about }] of stories) console.log(`${name.padEnd(22)} ${about}`);
    return;
  }
  const story = stories.get(values.story);
  if (story === undefined) {
    throw new Error(
      `"${values.story}" is not a story. Stories: ${[...stories.keys()].join(', ')}.`,
    );
  }
  if (story.demo.cancelAfter !== undefined && process.platform === 'win32') {
    throw new Error('This story needs a signal, which cannot be sent to a process on Windows.');
  }
  heading(`${values.story}: ${story.about}`);
  const result = await playStory(story, {
    onInputs: showInputs,
    onLog: (text) => process.stdout.write(text),
  });
  showResult(result);
  if (result.outputs['outcome'] !== story.outcome) {
    throw new Error(`The outcome is ${result.outputs['outcome']} instead of ${story.outcome}.`);
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
