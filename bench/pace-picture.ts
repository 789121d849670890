import type { Sample } from '../src/result.ts';
import { nextDelay, probabilityOfEnd } from '../src/wait/poll-interval.ts';
import { checksOf } from './pace-replay.ts';
import type { Trace } from './traces.ts';

/** One crawl that skips 1% of its pages: at its speed, it would visit 800 in 600 s. */
const CRAWL = { seconds: 600, pages: 800, left: 0.01 } as const;

const WIDTH = 880;
const COURSE = { left: 60, right: WIDTH - 36, top: 72, bottom: 250 } as const;
const BELIEF = { top: 348, bottom: 470, width: 216, gap: 72 } as const;
/** Seconds that are looked ahead. */
const AHEAD = 60;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .note { fill: #59636e }
  .panel { fill: #ffffff; stroke: #d1d9e0 }
  .axis { stroke: #818b98; fill: none }
  .pages { stroke: #0969da; stroke-width: 2; fill: none }
  .total { stroke: #818b98; stroke-dasharray: 5 4 }
  .check { fill: #0969da }
  .found { fill: #1a7f37 }
  .moment { stroke: #bc4c00; stroke-width: 1.5 }
  .moment-name { fill: #bc4c00; font-weight: 600 }
  .belief { stroke: #bc4c00; stroke-width: 2; fill: none }
  .lag { fill: #bc4c00; fill-opacity: 0.25 }
  .next { stroke: #0969da; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .panel { fill: #0d1117; stroke: #3d444d }
    .pages, .next { stroke: #4493f8 }
    .check { fill: #4493f8 }
    .found { fill: #3fb950 }
    .moment, .belief { stroke: #f0883e }
    .moment-name, .lag { fill: #f0883e }
  }`;

/** An SVG of one crawl with its checks, and of what was believed at three of them. */
export function drawPace(): string {
  const crawl = evenCrawl();
  const { samples, foundAt } = checksOf(crawl, nextDelay);
  const moments = [0.5, 0.9, 0.97].map((share) =>
    samples.findIndex(({ at }) => at >= share * CRAWL.seconds * 1_000),
  );
  const height = BELIEF.bottom + 60;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">One crawl with its ${samples.length + 1} checks, and the probability of its end at three of them</title>
<style>${STYLE}
</style>
<rect class="panel" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
${drawCourse(crawl, samples, foundAt, moments)}
${moments.map((index, order) => drawBelief(samples.slice(0, index + 1), order)).join('\n')}
</svg>
`;
}

function evenCrawl(): Trace {
  const end = CRAWL.seconds * (1 - CRAWL.left);
  const state = (at: number, status: string) => ({
    at,
    status,
    completed_pages: Math.floor((CRAWL.pages * at) / CRAWL.seconds),
    total_pages: CRAWL.pages,
  });
  const states = Array.from({ length: end }, (_, second) => state(second, 'scraping'));
  return { name: 'picture', kind: 'short end', end, states: [...states, state(end, 'completed')] };
}

function drawCourse(
  { states, end }: Trace,
  samples: readonly Sample[],
  foundAt: number,
  moments: readonly number[],
): string {
  const { left, right, top, bottom } = COURSE;
  const x = (seconds: number) => left + ((right - left) * seconds) / CRAWL.seconds;
  const y = (pages: number) => bottom - ((bottom - top) * pages) / CRAWL.pages;
  const line = states
    .filter(({ at }) => at % 8 === 0 || at === end)
    .map(({ at, completed_pages }) => point(x(at), y(completed_pages)));
  return [
    text(
      left,
      30,
      'title',
      `A crawl of ${CRAWL.pages} pages that skips the last ${CRAWL.left * 100}%`,
    ),
    text(
      left,
      50,
      'note',
      `${samples.length + 1} checks; the last one comes ${(foundAt - end).toFixed(1)} s after the end. Every 5 s would take ${Math.ceil(end / 5) + 1}.`,
    ),
    `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`,
    `<path class="total" d="M${left} ${y(CRAWL.pages)}H${right}"/>`,
    text(left + 8, y(CRAWL.pages) - 6, 'note', 'total'),
    `<path class="pages" d="M${line.join('L')}"/>`,
    ...samples.map(({ at, completed }) => dot('check', x(at / 1_000), y(completed))),
    dot('found', x(foundAt), y(states.at(-1)?.completed_pages ?? 0)),
    ...[0, 120, 240, 360, 480, 600].map((seconds) =>
      text(x(seconds), bottom + 18, 'note', `${seconds / 60} min`, 'middle'),
    ),
    ...[0, 400, 800].map((pages) => text(left - 8, y(pages) + 4, 'note', String(pages), 'end')),
    ...moments.map((index, order) => {
      const at = x((samples[index]?.at ?? 0) / 1_000);
      return `<path class="moment" d="M${round(at)} ${top}V${bottom}"/>${text(at, top - 6, 'moment-name', nameOf(order), 'middle')}`;
    }),
  ].join('\n');
}

function drawBelief(samples: readonly Sample[], order: number): string {
  const { top, bottom, width, gap } = BELIEF;
  const left = COURSE.left + order * (width + gap);
  const x = (seconds: number) => left + (width * seconds) / AHEAD;
  const y = (probability: number) => bottom - (bottom - top) * probability;
  const at = (seconds: number) => point(x(seconds), y(probabilityOfEnd(samples, seconds * 1_000)));
  const delay = nextDelay(samples) / 1_000;
  const curve = Array.from({ length: 61 }, (_, index) => at((index * AHEAD) / 60));
  const untilNext = Array.from({ length: 31 }, (_, index) => at((index * delay) / 30));
  const passed = (samples.at(-1)?.at ?? 0) / 1_000;
  return [
    text(left, top - 32, 'moment-name', `${nameOf(order)}: after ${passed.toFixed(0)} s`),
    text(left, top - 14, 'note', `next check in ${delay.toFixed(1)} s`),
    `<path class="axis" d="M${left} ${top}V${bottom}H${left + width}"/>`,
    `<path class="lag" d="M${point(x(0), bottom)}L${untilNext.join('L')}L${point(x(delay), bottom)}Z"/>`,
    `<path class="belief" d="M${curve.join('L')}"/>`,
    `<path class="next" d="M${round(x(delay))} ${top}V${bottom}"/>`,
    ...[0, 20, 40, 60].map((seconds) =>
      text(x(seconds), bottom + 18, 'note', `${seconds} s`, 'middle'),
    ),
    ...[0, 0.5, 1].map((share) => text(left - 8, y(share) + 4, 'note', `${share * 100}%`, 'end')),
    ...(order === 0
      ? [
          text(
            left,
            bottom + 42,
            'note',
            'Probability that the crawl has finished by then. The shaded area is the expected lag in seconds.',
          ),
        ]
      : []),
  ].join('\n');
}

function nameOf(order: number): string {
  return 'ABC'[order] ?? '';
}

function text(x: number, y: number, kind: string, words: string, anchor = 'start'): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${words}</text>`;
}

function dot(kind: string, x: number, y: number): string {
  return `<circle class="${kind}" cx="${round(x)}" cy="${round(y)}" r="3.5"/>`;
}

function point(x: number, y: number): string {
  return `${round(x)} ${round(y)}`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
