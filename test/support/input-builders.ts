import { InputError, parseInputs, type Settings } from '../../src/inputs.ts';
import { DATASOURCE_ID, JOB_ID } from './crawl-builders.ts';

/** Inputs as a workflow gives them: the required ones, and every optional one left empty. */
export function given(overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    token: 'ocx_key',
    'datasource-id': DATASOURCE_ID,
    'job-id': JOB_ID,
    timeout: '',
    'start-timeout': '',
    'stall-timeout': '',
    'outage-timeout': '',
    'request-timeout': '',
    'poll-interval': '',
    require: '',
    warn: '',
    tolerate: '',
    summary: '',
    comment: '',
    'commit-status': '',
    sha: '',
    'github-token': '',
    'api-url': '',
    ...overrides,
  };
}

/** What such inputs mean. */
export function settingsOf(overrides: Readonly<Record<string, string>> = {}): Settings {
  const inputs = given(overrides);
  return parseInputs((name) => inputs[name] ?? '');
}

/** What is wrong with such inputs; nothing when they are right. */
export function problemsOf(overrides: Readonly<Record<string, string>>): string[] {
  try {
    settingsOf(overrides);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const problem of error.problems) {
      if (!error.message.includes(problem)) throw new Error(`the message lacks: ${problem}`);
    }
    return [...error.problems];
  }
}
