import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkAction, checkWorkflow, listWorkflows } from '../../scripts/check-workflows.ts';

const root = resolve(import.meta.dirname, '../..');
const examples = listWorkflows().filter((path) => path.startsWith('examples/'));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('the examples', () => {
  it('exist', () => {
    expect(examples.length).toBeGreaterThanOrEqual(7);
  });

  it.each(examples)('%s is a valid workflow, and matches action.yml', async (path) => {
    expect(await checkWorkflow(path)).toEqual([]);
  });

  it.each(examples)('%s is in the README', (path) => {
    expect(readme).toContain(`(${path})`);
  });
});

describe('action.yml', () => {
  it('is valid', () => {
    expect(checkAction()).toEqual([]);
  });
});
