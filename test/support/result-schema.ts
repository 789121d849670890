import { Ajv2020 } from 'ajv/dist/2020.js';
import { renderResultSchema } from '../../scripts/result-schema.ts';

const validate = new Ajv2020({ strict: false }).compile(JSON.parse(renderResultSchema()));

/** Every `result` of the tests passes here. @throws Error when it is not as the schema describes */
export function checkResult(json: string): void {
  if (validate(JSON.parse(json))) return;
  throw new Error(
    `not a valid result: ${JSON.stringify(validate.errors)} in ${json.slice(0, 500)}`,
  );
}
