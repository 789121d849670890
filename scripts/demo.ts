/**
 * `npm run demo [-- --scenario NAME]`: the built action, started as a workflow runner starts it,
 * against the emulator. Its exit code tells whether the story ended as it should, red ones too.
 */
import { parseArgs } from 'node:util';
import { marked } from 'marked';
import { markedTerminal } from 'marked-terminal';
import type { RunResult } from '../emulator/runner.ts';
import { playStory, STORIES, type Story } from './demo-stories.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'steady' },
    list: { type: 'boolean', default: false },
  },
});

function heading(text: string): void {
  console.log(`\n──── ${text} ${'─'.repeat(Math.max(0, 70 - text.length))}`);
}

async function tell(story: Story): Promise<RunResult> {
  return playStory(story, {
    onStep(inputs) {
      heading('the step');
      console.log('- uses: owner/opencx-crawl-gate@v1\n  with:');
      for (const [name, value] of Object.entries(inputs)) {
        const block = value.includes('\n')
          ? `|\n      ${value.replaceAll('\n', '\n      ')}`
          : value;
        console.log(`    ${name}: ${name === 'token' ? '${{ secrets.OPENCX_API_KEY }}' : block}`);
      }
      heading('its log, as it comes');
    },
    onLog: (text) => process.stdout.write(text),
  });
}

function show({ outputs, summary, exitCode, took }: RunResult): void {
  heading('its outputs');
  for (const [name, value] of Object.entries(outputs)) {
    console.log(`${name.padEnd(16)} ${value.replaceAll('\n', `\n${' '.repeat(17)}`)}`);
  }
  heading('its summary');
  marked.use(markedTerminal({ reflowText: true, width: 100 }) as never);
  const pictures = /```mermaid\n[\s\S]*?\n```/g;
  console.log(marked.parse(summary.replace(pictures, '_(a picture: `npm run preview` draws it)_')));
  heading(`${exitCode === 0 ? 'green' : 'red'} after ${(took / 1_000).toFixed(1)} s`);
}

async function main(): Promise<void> {
  if (values.list) {
    for (const [name, { about }] of Object.entries(STORIES)) {
      console.log(`${name.padEnd(22)} ${about}`);
    }
    return;
  }
  const story = Object.hasOwn(STORIES, values.scenario) ? STORIES[values.scenario] : undefined;
  if (story === undefined) {
    throw new Error(
      `There is no scenario "${values.scenario}". There are: ${Object.keys(STORIES).join(', ')}.`,
    );
  }
  if (story.cancelAfter !== undefined && process.platform === 'win32') {
    throw new Error('This story needs a signal, which cannot be sent to a process on Windows.');
  }
  heading(`${values.scenario}: ${story.about}`);
  const result = await tell(story);
  show(result);
  if (result.outputs['outcome'] !== story.outcome) {
    throw new Error(`The outcome should have been ${story.outcome}.`);
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
