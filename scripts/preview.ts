/**
 * `npm run preview [-- --story NAME] [--to FOLDER]`: the job summary of every story as GitHub shows
 * it (its flavour of Markdown, its style sheet, real Mermaid), light and dark, and the log of some,
 * as pictures.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AnsiUp } from 'ansi_up';
import { tell } from '../test/support/virtual-world.ts';
import { playStory } from './demo-runner.ts';
import { renderMarkdown } from './github-markdown.ts';
import { inVirtualTime, type Preview, storiesFor } from './stories.ts';

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

/** GitHub shows logs light on dark, whatever the page. */
function logPage(log: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
body { background: #0d1117; color: #e6edf3; margin: 0; padding: 16px 24px;
  font: 12px/20px ui-monospace, 'DejaVu Sans Mono', monospace; white-space: pre-wrap; }</style>
<body>${new AnsiUp().ansi_to_html(log)}`;
}

function shoot(
  browser: string,
  html: string,
  picture: string,
  { width, height }: { width?: number; height?: number },
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
  const pictures: Record<string, () => Promise<void>> = {};
  const draw = (name: string, html: string, size: Preview) => {
    const picture = join(values.to, `${name}.png`);
    shoot(browser, html, picture, size);
    console.log(picture);
  };
  for (const [name, { demo, preview, ...story }] of storiesFor('preview')) {
    if (preview.summary !== false) {
      pictures[name] = async () => {
        const { summary } = await tell(inVirtualTime(story));
        draw(`${name}-light`, page(summary, 'light'), preview);
        draw(`${name}-dark`, page(summary, 'dark'), preview);
      };
    }
    if (preview.log && demo !== undefined) {
      pictures[`log-${name}`] = async () => {
        let log = '';
        await playStory(
          { ...story, demo },
          {
            onLog: (text) => {
              log += text;
            },
          },
        );
        draw(`log-${name}`, logPage(log), { height: 20 * (log.split('\n').length + 4) });
      };
    }
  }
  const names = Object.keys(pictures).filter((name) => [undefined, name].includes(values.story));
  if (names.length === 0) {
    throw new Error(`There is no story "${values.story}": ${Object.keys(pictures).join(', ')}.`);
  }
  for (const name of names) await pictures[name]?.();
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
