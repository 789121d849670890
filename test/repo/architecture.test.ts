import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ARCHITECTURE_PAGE, renderArchitecture } from '../../scripts/architecture.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(ARCHITECTURE_PAGE, 'utf8').replaceAll('\r\n', '\n');

it('has the diagram of the present source', async () => {
  expect(page, 'run "npm run architecture"').toBe(await renderArchitecture(page));
});

it('names files that exist', () => {
  const named = [...page.matchAll(/`(src\/[\w/-]+(?:\.ts|\/)?)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
