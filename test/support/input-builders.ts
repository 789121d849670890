import { type Inputs, readInputs, type Settings } from '../../src/inputs.ts';
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
export function inputsOf(overrides: Readonly<Record<string, string>> = {}): Inputs {
  const inputs = given(overrides);
  return readInputs((name) => inputs[name] ?? '');
}

/** The settings of such inputs, which must be valid. */
export function settingsOf(overrides: Readonly<Record<string, string>> = {}): Settings {
  const { settings, problems } = inputsOf(overrides);
  if (settings === undefined) throw new Error(problems.join('; '));
  return settings;
}

/** What is wrong with such inputs; nothing when they are valid. */
export function problemsOf(overrides: Readonly<Record<string, string>>): string[] {
  return [...inputsOf(overrides).problems];
}
