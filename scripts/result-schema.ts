/** `npm run result-schema`: writes docs/result.schema.json from the code. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { resultSchema } from '../src/report/result-schema.ts';

export const RESULT_SCHEMA_FILE = join(
  resolve(import.meta.dirname, '..'),
  'docs',
  'result.schema.json',
);

/** JSON Schema 2020-12 of the output `result` (contract, section Outputs). */
export function renderResultSchema(): string {
  const schema = {
    ...z.toJSONSchema(resultSchema, { target: 'draft-2020-12' }),
    title: 'The output "result" of OpenCX Crawl Gate',
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(RESULT_SCHEMA_FILE, renderResultSchema());
