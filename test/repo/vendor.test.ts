import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const toolkit = join(root, 'node_modules', '@actions');

/** What the stand-ins under `vendor` have: by module, its exports, and the methods of `HttpClient`. */
const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  '@actions/exec': ['getExecOutput'],
  '@actions/http-client': ['HttpClient'],
  '@actions/http-client/lib/auth': ['BearerCredentialHandler'],
  undici: ['fetch'],
};
const HTTP_CLIENT_METHODS = ['getAgent', 'getAgentDispatcher', 'getJson'];

const sources = ['core', 'github']
  .map((name) => join(toolkit, name, 'lib'))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );

/** Every use of a replaced module: `module name`, or `module *` for one that cannot be read. */
function usesIn(source: string): string[] {
  const imports = source.matchAll(
    /^import (?:\{(?<names>[^}]*)\}|\* as (?<namespace>\w+)|.*) from '(?<module>[^']+)'/gm,
  );
  return [...imports].flatMap(({ groups = {} }) => {
    const { names, namespace, module = '' }: Record<string, string | undefined> = groups;
    if (!isReplaced(module)) return [];
    const used =
      namespace === undefined
        ? (names ?? '*').split(',').map((name) => name.trim().replace(/ as .*/, ''))
        : [...source.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, 'g'))].map(([, name]) => name);
    return used.map((name) => `${module} ${name}`);
  });
}

function isReplaced(module: string): boolean {
  return /^(@actions\/(exec|http-client)|undici)(\/|$)/.test(module);
}

describe('the stand-ins of vendor', () => {
  it('have everything that the toolkit imports', () => {
    const had = Object.entries(STAND_INS).flatMap(([module, names]) =>
      names.map((name) => `${module} ${name}`),
    );
    expect([...new Set(sources.flatMap(usesIn))].sort()).toEqual(had.sort());
  });

  it('are imported in no other way', () => {
    const mentions = sources
      .join('\n')
      .match(/['"](@actions\/(?:exec|http-client)|undici)[^'"]*['"]/g);
    expect(mentions).toHaveLength(
      sources.flatMap(
        (source) =>
          source.match(/^import .* from '(@actions\/(?:exec|http-client)|undici)/gm) ?? [],
      ).length,
    );
  });

  it('have every method that the toolkit calls', () => {
    const called = sources
      .filter((source) => usesIn(source).includes('@actions/http-client HttpClient'))
      .flatMap((source) => [...source.matchAll(/\b(?:hc|httpclient)\s*\.(\w+)\(/g)])
      .map(([, method]) => method);
    expect([...new Set(called)].sort()).toEqual(HTTP_CLIENT_METHODS);
  });

  it.each(Object.entries(STAND_INS))('export what is listed here: %s', async (module, names) => {
    expect(Object.keys(await import(module))).toEqual(names);
  });

  it('name their methods as listed here', async () => {
    const module: string = '@actions/http-client';
    const { HttpClient } = await import(module);
    const methods = Object.getOwnPropertyNames(HttpClient.prototype).filter(
      (name) => name !== 'constructor',
    );
    expect(methods.sort()).toEqual(HTTP_CLIENT_METHODS);
  });
});
