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
    // The page of a run shows colours although the log is no terminal; other places may not.
    paint: (colour, text) =>
      env['RUNNER_OS'] && !env['NO_COLOR']
        ? styleText(colour, text, { validateStream: false })
        : text,
    annotate: ({ level, title, message }) =>
      (level === 'error' ? core.error : core.warning)(message, { title }),
    output: core.setOutput,
    async writeSummary(markdown) {
      await core.summary.addRaw(markdown, true).write();
    },
    issues: repository
      ? `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${repository}/issues`
      : 'the repository of this action',
  };
}
