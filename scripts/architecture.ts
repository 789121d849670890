/**
 * `npm run architecture`: draws the imports between the layers of `src` into `docs/architecture.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import config, { LAYERS } from '../dependency-cruiser.config.ts';

/** The page that the picture is part of. */
export const ARCHITECTURE_PAGE = join(resolve(import.meta.dirname, '..'), 'docs/architecture.md');

function layerOf(file: string): string | undefined {
  return LAYERS.find(({ path }) => new RegExp(path).test(file))?.name;
}

/** Which layers each layer imports. */
async function readImports(): Promise<Map<string, Set<string>>> {
  const { output } = await cruise(['src'], { ...config.options, includeOnly: '^src/' });
  const imports = new Map(LAYERS.map(({ name }) => [name, new Set<string>()]));
  for (const { source, dependencies } of (output as ICruiseResult).modules) {
    const from = layerOf(source) ?? source;
    for (const { resolved } of dependencies) {
      const to = layerOf(resolved) ?? resolved;
      if (to !== from) imports.get(from)?.add(to);
    }
  }
  return imports;
}

/** Whether there is a way from one layer to the other over a third. */
function hasDetour(imports: Map<string, Set<string>>, from: string, to: string): boolean {
  const reaches = (layer: string): boolean =>
    layer === to || [...(imports.get(layer) ?? [])].some(reaches);
  return [...(imports.get(from) ?? [])].some((next) => next !== to && reaches(next));
}

/** A Mermaid flowchart. An arrow that follows from longer ways is left out. */
export async function drawLayers(): Promise<string> {
  const imports = await readImports();
  const top = LAYERS.toReversed();
  const boxes = top.map(({ name, about }) => `  ${name}["<b>${name}</b><br>${about}"]`);
  const arrows = top.flatMap(({ name: from }) =>
    top
      .map(({ name }) => name)
      .filter((to) => imports.get(from)?.has(to) && !hasDetour(imports, from, to))
      .map((to) => `  ${from} --> ${to}`),
  );
  return ['```mermaid', 'flowchart TD', ...boxes, ...arrows, '```'].join('\n');
}

/** The page with its picture as the source is now. */
export async function renderArchitecture(page: string): Promise<string> {
  const picture = await drawLayers();
  return page.replace(
    /(<!-- picture -->)[\s\S]*(<!-- \/picture -->)/,
    (_, open, close) => `${open}\n\n${picture}\n\n${close}`,
  );
}

if (import.meta.main) {
  writeFileSync(
    ARCHITECTURE_PAGE,
    await renderArchitecture(readFileSync(ARCHITECTURE_PAGE, 'utf8')),
  );
}
