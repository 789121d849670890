/**
 * `npm run preview [-- --story NAME] [--to FOLDER]`: the job summary of every story as GitHub shows
 * it (its flavor of Markdown, its style sheet, real Mermaid), light and dark, and the log of some,
 * as pictures. Stories with charts that matter are drawn with every supported Mermaid, and what
 * each drew is compared. The pictures of the README come from the story "second-example".
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AnsiUp } from 'ansi_up';
import { drawnLines, MERMAID_PACKAGES } from '../test/support/drawn-chart.ts';
import { tell } from '../test/support/virtual-world.ts';
import { playStory } from './demo-runner.ts';
import { renderMarkdown } from './github-markdown.ts';
import { inVirtualTime, type Preview, README_STORY, storiesFor } from './stories.ts';

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
  throw new Error('Chromium not found. Install it, or set the variable CHROMIUM to its path.');
}

const require = createRequire(import.meta.url);
type MermaidPackage = (typeof MERMAID_PACKAGES)[number];
const NEWEST = 'mermaid' satisfies MermaidPackage;
const mermaidSource = (name: MermaidPackage) =>
  readFileSync(require.resolve(`${name}/dist/mermaid.min.js`), 'utf8');
const styles = {
  light: readFileSync(require.resolve('github-markdown-css/github-markdown-light.css'), 'utf8'),
  dark: readFileSync(require.resolve('github-markdown-css/github-markdown-dark.css'), 'utf8'),
};

function page(markdown: string, theme: 'light' | 'dark', mermaid: MermaidPackage = NEWEST): string {
  const [mermaidTheme, background] = theme === 'light' ? ['default', '#fff'] : ['dark', '#0d1117'];
  return `<!doctype html><meta charset="utf-8"><style>${styles[theme]}
body { background: ${background}; margin: 0; padding: 24px; } .mermaid { text-align: center; }</style>
<body class="markdown-body">${renderMarkdown(markdown)}
<script>${mermaidSource(mermaid)}</script>
<script>mermaid.initialize({ startOnLoad: false, theme: '${mermaidTheme}' });
mermaid.run({ querySelector: '.mermaid' }).then(() => {
  const left = (element) => Math.ceil(element.getBoundingClientRect().left);
  const cut = [
    ...[...document.querySelectorAll('table')].filter((each) => each.scrollWidth > each.clientWidth),
    ...[...document.querySelectorAll('svg text')].filter((each) => left(each) < left(each.closest('svg')) - 1),
  ];
  document.body.dataset.cut = cut.map((each) => each.textContent.trim().slice(0, 40)).join('; ');
});</script>`;
}

/** GitHub shows logs light on dark, whatever the theme. */
function logPage(log: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
body { background: #0d1117; color: #e6edf3; margin: 0; padding: 16px 24px;
  font: 12px/20px ui-monospace, 'DejaVu Sans Mono', monospace; white-space: pre-wrap; }</style>
<body>${new AnsiUp().ansi_to_html(log)}`;
}

type Size = Pick<Preview, 'width' | 'height'>;

/** Opens the page in an empty profile. @returns what the browser printed */
function open(browser: string, html: string, { width, height }: Size, action: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'crawl-gate-preview-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, html);
  const flags = [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ...['--hide-scrollbars', '--virtual-time-budget=10000', `--user-data-dir=${folder}/profile`],
    ...[`--window-size=${width ?? 900},${height ?? 1_400}`, action],
  ];
  try {
    return execFileSync(browser, [...flags, `file://${file}`], {
      encoding: 'utf8',
      maxBuffer: 100_000_000,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const VISITED_COLOR = '#218bff';
const TOTAL_COLOR = '#8c959f';

/** @throws Error when a version of Mermaid cuts a text, or ends its line elsewhere */
function compareLines(browser: string, summary: string, size: Size): void {
  const drawn = MERMAID_PACKAGES.map((name) => {
    const html = open(browser, page(summary, 'light', name), size, '--dump-dom');
    const cut = /data-cut="([^"]*)"/.exec(html)?.[1];
    if (cut !== '') throw new Error(`With ${name}, this is cut: ${cut}`);
    const [visited = []] = drawnLines(html, VISITED_COLOR);
    const [total = []] = drawnLines(html, TOTAL_COLOR);
    const [start, end, ceiling] = [visited[0], visited.at(-1), total.at(-1)].map(
      (point) => point?.y ?? 0,
    ) as [number, number, number];
    const percent = Math.round(((start - end) / (start - ceiling)) * 100);
    const text = `${visited.length} points, the last at ${percent}% of the total`;
    console.log(`${name}: ${text}`);
    return text;
  });
  if (new Set(drawn).size > 1) throw new Error('The versions of Mermaid drew different lines.');
}

async function main(): Promise<void> {
  const browser = findBrowser();
  mkdirSync(values.to, { recursive: true });
  const pictures: Record<string, () => Promise<void>> = {};
  const draw = (name: string, html: string, size: Size) => {
    const picture = join(values.to, `${name}.png`);
    open(browser, html, size, `--screenshot=${picture}`);
    console.log(picture);
  };
  for (const [name, { demo, preview, ...story }] of storiesFor('preview')) {
    if (preview.summary !== false) {
      pictures[name] = async () => {
        const { summary } = await tell(inVirtualTime(story));
        for (const theme of ['light', 'dark'] as const) {
          draw(`${name}-${theme}`, page(summary, theme), preview);
          if (name === README_STORY) {
            const from = join(values.to, `${name}-${theme}.png`);
            copyFileSync(from, join(root, 'docs', 'pictures', `rejected-${theme}.png`));
          }
          for (const other of preview.everyMermaid ? MERMAID_PACKAGES : []) {
            draw(`${name}-${theme}-${other}`, page(summary, theme, other), preview);
          }
        }
        if (preview.everyMermaid) compareLines(browser, summary, preview);
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
