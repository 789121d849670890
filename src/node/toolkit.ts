import { randomUUID } from 'node:crypto';
import { appendFileSync, statSync, truncateSync } from 'node:fs';
import { EOL } from 'node:os';
import { styleText } from 'node:util';
import * as core from '@actions/core';
import type { Runner } from '../ports/runner.ts';

/** The workflow runner, through GitHub's own toolkit. */
export function createRunner(env: NodeJS.ProcessEnv): Runner {
  const repository = env['GITHUB_ACTION_REPOSITORY'];
  return {
    input: (name) => core.getInput(name, { trimWhitespace: false }),
    mask: core.setSecret,
    info: core.info,
    // The page of a run shows colors although the log is not a terminal; other places might not.
    paint: (color, text) =>
      env['RUNNER_OS'] && !env['NO_COLOR']
        ? styleText(color, text, { validateStream: false })
        : text,
    annotate: ({ level, title, message }) =>
      (level === 'error' ? core.error : core.warning)(message, { title }),
    writeOutputs: (outputs) => writeOutputs(env['GITHUB_OUTPUT'], outputs),
    async writeSummary(markdown) {
      await core.summary.addRaw(markdown, true).write();
    },
    repositoryUrl: repository
      ? `${env['GITHUB_SERVER_URL'] || 'https://github.com'}/${repository}`
      : undefined,
  };
}

/**
 * Appends all outputs to the runner's file in one write, in its format for values of several lines.
 * The toolkit writes them one by one, so that a full disk would leave some of them.
 *
 * @throws Error when they could not be written; what was written of them is taken back
 */
function writeOutputs(file: string | undefined, outputs: Readonly<Record<string, string>>): void {
  if (!file) {
    // An old runner, which reads them from the log.
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
    return;
  }
  const block = Object.entries(outputs).map(([name, value]) => {
    const delimiter = `ghadelimiter_${randomUUID()}`;
    return `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`;
  });
  const { size } = statSync(file);
  try {
    appendFileSync(file, block.join(''));
  } catch (error) {
    truncateSync(file, size);
    throw error;
  }
}
