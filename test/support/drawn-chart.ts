/**
 * The packages of every Mermaid that the charts are drawn with, the newest last. Which one GitHub
 * runs is not published (contract, section What people see).
 */
export const MERMAID_PACKAGES = [
  'mermaid-10.9',
  'mermaid-11.4',
  'mermaid-11.12',
  'mermaid',
] as const;

export interface Point {
  x: number;
  y: number;
}

/** The corners of every line that Mermaid drew in this color, in pixels from the top left. */
export function drawnLines(svg: string, color: string): Point[][] {
  const paths = [...svg.matchAll(/<path\b[^>]*>/g)].map(([path]) => path);
  return paths
    .filter((path) => path.includes(`stroke="${color}"`))
    .map((path) =>
      [...(/ d="([^"]*)"/.exec(path)?.[1] ?? '').matchAll(/([\d.]+),([\d.]+)/g)].map(
        ([, x, y]) => ({ x: Number(x), y: Number(y) }),
      ),
    );
}

/** The lengths of the bars that Mermaid drew in this color, in pixels; those of length 0 left out. */
export function drawnBars(svg: string, color: string): number[] {
  const bars = [...svg.matchAll(/<rect\b[^>]*>/g)].map(([bar]) => bar);
  return bars
    .filter((bar) => bar.includes(`fill="${color}"`))
    .map((bar) => Number(/ width="([\d.]+)"/.exec(bar)?.[1] ?? 0))
    .filter((length) => length > 0);
}
