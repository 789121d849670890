import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

/** The kinds of responses that `openapi.yaml` describes. */
export type Described = 'CrawlJob' | 'Datasource' | 'Error';

/** Lists what is wrong with a response; empty if it is as described. */
export type Describe = (kind: Described, response: unknown) => string[];

/** Reads `openapi.yaml`, the written description of the API. */
export function readDescription(): Describe {
  const file = join(import.meta.dirname, 'openapi.yaml');
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(parse(readFileSync(file, 'utf8')) as object, 'api');
  return (kind, response) => {
    const validate = ajv.getSchema(`api#/components/schemas/${kind}`);
    if (validate === undefined) throw new Error(`openapi.yaml does not describe ${kind}`);
    if (validate(response)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || 'the response'} ${message}`,
    );
  };
}
