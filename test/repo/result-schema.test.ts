import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RESULT_SCHEMA_FILE, renderResultSchema } from '../../scripts/result-schema.ts';
import { checkResult } from '../support/result-schema.ts';

it('docs/result.schema.json is that of the present source', () => {
  expect(readFileSync(RESULT_SCHEMA_FILE, 'utf8'), 'run "npm run result-schema"').toBe(
    renderResultSchema(),
  );
});

it.each([
  ['an unknown outcome', { outcome: 'fine' }],
  ['no crawls', { crawls: undefined }],
  ['text for a number', { requests: '5' }],
])('the schema refuses %s', (_, change) => {
  const valid = { outcome: 'succeeded', message: '', requests: 1, waited_seconds: 0.5, crawls: [] };
  expect(() => checkResult(JSON.stringify(valid))).not.toThrow();
  expect(() => checkResult(JSON.stringify({ ...valid, ...change }))).toThrow();
});
