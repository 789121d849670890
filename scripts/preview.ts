/**
 * `npm run preview [-- --story NAME] [--to FOLDER]`: the job summary of every story as GitHub shows
 * it (its flavour of Markdown, its style sheet, real Mermaid), light and dark, as pictures.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { tell } from '../test/virtual-world.ts';
import { renderMarkdown } from './github-markdown.ts';
import { type PreviewStory, STORIES } from './preview-stories.ts';

const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    story: { type: 'string' },
    to: { type: 'string', default: join(root, 'preview') },
  },
});

const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];

/** @throws Error when there is no browser */
function findBrowser(): string {
  const asked = process.env['CHROMIUM'];
  const found = [...(asked ? [asked] : []), ...BROWSERS].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (found !== undefined) return found;
  throw new Error('There is no Chromium here: install one, or name it in the variable CHROMIUM.');
}

const require = createRequire(import.meta.url);
const mermaid = readFileSync(require.resolve('mermaid/dist/mermaid.min.js'), 'utf8');
const styles = {
  light: readFileSync(require.resolve('github-markdown-css/github-markdown-light.css'), 'utf8'),
  dark: readFileSync(require.resolve('github-markdown-css/github-markdown-dark.css'), 'utf8'),
};

function page(markdown: string, theme: 'light' | 'dark'): string {
  const [mermaidTheme, ground] = theme === 'light' ? ['default', '#fff'] : ['dark', '#0d1117'];
  return `<!doctype html><meta charset="utf-8"><style>${styles[theme]}
body { background: ${ground}; margin: 0; padding: 24px; } .mermaid { text-align: center; }</style>
<body class="markdown-body">${renderMarkdown(markdown)}
<script>${mermaid}</script>
<script>mermaid.initialize({ startOnLoad: false, theme: '${mermaidTheme}' });
mermaid.run({ querySelector: '.mermaid' });</script>`;
}

function shoot(
  browser: string,
  html: string,
  picture: string,
  { width, height }: PreviewStory,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-preview-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, html);
  const flags = [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ...['--hide-scrollbars', '--virtual-time-budget=10000', `--user-data-dir=${folder}/profile`],
    ...[`--window-size=${width ?? 900},${height ?? 1_400}`, `--screenshot=${picture}`],
  ];
  execFileSync(browser, [...flags, `file://${file}`], { stdio: 'ignore', timeout: 60_000 });
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const browser = findBrowser();
  mkdirSync(values.to, { recursive: true });
  const chosen = Object.entries(STORIES).filter(
    ([name]) => values.story === undefined || name === values.story,
  );
  if (chosen.length === 0) {
    throw new Error(`There is no story "${values.story}": ${Object.keys(STORIES).join(', ')}.`);
  }
  for (const [name, story] of chosen) {
    const { summary } = await tell(story);
    for (const theme of ['light', 'dark'] as const) {
      const picture = join(values.to, `${name}-${theme}.png`);
      shoot(browser, page(summary, theme), picture, story);
      console.log(picture);
    }
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
