import { type CrawlPlan, type CrawlState, inBursts, longTail, playCrawl } from './crawl-plan.ts';

/** A story that the emulator plays for one datasource. */
export interface Scenario {
  /** What it shows, in one line. */
  about: string;
  /** The crawl at a second after the first look; `undefined`: the API knows no such job. */
  job(second: number): CrawlState | undefined;
  /** Seconds before the first look by which all times of the crawl lie earlier. */
  began: number;
  /** The crawl before this one, in seconds before the first look; `null`: there was none. */
  lastCrawl: { startedAgo: number | null; completedAgo: number; error: string | null } | null;
  /** From which second on the datasource shows its active crawl. */
  activeFrom: number;
  /** Whether the API knows the datasource. */
  known: boolean;
  displayName: string;
  pageStats: { synced: number; pending: number; error: number; excluded: number };
  /** Fields beside the documented ones, or in their place. */
  jobFields: Record<string, unknown>;
}

const WEEK = 7 * 24 * 3_600;

function scenario(about: string, plan: CrawlPlan, changes: Partial<Scenario> = {}): Scenario {
  return {
    about,
    job: playCrawl(plan),
    began: 0,
    lastCrawl: { startedAgo: WEEK + 600, completedAgo: WEEK, error: null },
    activeFrom: 0,
    known: true,
    displayName: 'Help centre',
    pageStats: { synced: 790, pending: 0, error: 6, excluded: 16 },
    jobFields: {},
    ...changes,
  };
}

/** No crawl runs; the datasource tells only of its last finished one. */
function idle(about: string, lastCrawl: Scenario['lastCrawl']): Scenario {
  return scenario(about, {}, { job: () => undefined, activeFrom: Infinity, lastCrawl });
}

/** From this second on the API knows the job, and until that one. */
function visible(plan: CrawlPlan, from: number, until = Infinity): Scenario['job'] {
  const play = playCrawl(plan);
  return (second) => (second >= from && second < until ? play(second) : undefined);
}

const HOSTILE = [
  '::error::the runner obeyed',
  '##[error]and again ##[group]x',
  '\u202E<img src=x onerror=alert(1)> [click](https://evil.example) ![pixel](https://evil.example/p.png)',
  '@everyone ```` `code` | cell | </details> https://evil.example <!-- hidden -->\u0007\u200B',
].join('\r\n');

/** Every scenario by its name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  steady: scenario('812 pages at an even speed; 4 of 800 are gone', {}),
  growing: scenario('the total grows while pages are discovered', { total: 'discovered' }),
  'no-total': scenario('the total is never told', { total: 'unknown' }),
  queued: scenario('waits half a minute for its start', { queued: 30 }),
  slow: scenario('5,000 pages in twenty minutes', { scraping: 1_200, pages: 5_000 }),
  bursts: scenario('pages come in bursts', { progress: inBursts }),
  tail: scenario('the last pages take most of the time', { progress: longTail }),
  plateau: scenario('all pages visited, then half a minute of indexing', { indexing: 30 }),
  tiny: scenario('three pages', { queued: 0, scraping: 2, pages: 3, added: 1, updated: 0 }),
  finished: scenario('has ended before the first look', { queued: 0, scraping: 0 }, { began: 90 }),
  unchanged: scenario('nothing changed', { added: 0, updated: 0, removed: 0 }),
  first: scenario(
    'the first crawl: every page is new',
    { added: 812, updated: 0, removed: 0 },
    { lastCrawl: null },
  ),
  'lost-pages': scenario('94 of 796 pages are gone', { pages: 702, added: 0, removed: 94 }),
  'page-errors': scenario(
    'many pages of the site could not be read',
    {},
    { pageStats: { synced: 410, pending: 12, error: 380, excluded: 10 } },
  ),
  failed: scenario('fails in the middle and says why', {
    stopsAt: 0.4,
    end: 'failed',
    error: 'Robots.txt of help.example.com forbids the crawler',
  }),
  'failed-silently': scenario('fails and does not say why', { stopsAt: 0.4, end: 'failed' }),
  'completed-with-error': scenario('completed, but with an error message', {
    error: '17 pages answered 500\nand the sitemap could not be read',
  }),
  'completed-with-empty-error': scenario('completed, with an empty error message', { error: '' }),
  cancelled: scenario('somebody cancels it', { stopsAt: 0.3, end: 'cancelled' }),
  'cancelled-with-error': scenario('somebody cancels it and says why', {
    stopsAt: 0.3,
    end: 'cancelled',
    error: 'Cancelled by an administrator',
  }),
  empty: scenario('ends without a page', {
    scraping: 4,
    pages: 0,
    added: 0,
    updated: 0,
    removed: 0,
  }),
  stalled: scenario('stands still at 40 %', { stopsAt: 0.4, end: 'never' }),
  pending: scenario('never starts', { queued: Infinity, end: 'never' }),
  'passing-error': scenario('reports an error on its way, and recovers', {
    passingError: 'A page timed out, trying again',
  }),
  'odd-status': scenario('a status that nobody documented, then completed', {
    names: { scraping: 'indexing' },
  }),
  'odd-end': scenario('ends with a status that nobody documented', { endStatus: 'archived' }),
  'upper-case': scenario('statuses in capitals', {
    names: { pending: 'PENDING', scraping: 'SCRAPING', completed: 'COMPLETED' },
  }),
  'extra-fields': scenario(
    'fields that nobody documented',
    {},
    { jobFields: { depth_limit: 5, crawler: { version: '3.1', regions: ['eu', 'us'] } } },
  ),
  hostile: scenario(
    'texts that attack the log, the summary and the comment',
    { stopsAt: 0.4, end: 'failed', error: HOSTILE },
    { displayName: HOSTILE, jobFields: { [HOSTILE]: HOSTILE } },
  ),
  leaky: scenario(
    'repeats the API key, in its own and in other forms',
    { stopsAt: 0.4, end: 'failed', error: 'The key {token} ({base64}, {encoded}) was refused' },
    { displayName: '{token}', jobFields: { '{token}': ['{base64}', '{encoded}'] } },
  ),
  'late-job': scenario('the job shows only after six seconds', {}, { job: visible({}, 6) }),
  gone: scenario('the job vanishes in the middle', {}, { job: visible({}, 0, 25) }),
  'no-job': scenario('there is no such job', {}, { job: () => undefined, activeFrom: Infinity }),
  'no-datasource': scenario(
    'there is no such datasource',
    {},
    { job: () => undefined, known: false },
  ),
  'late-active': scenario('the active crawl shows only after six seconds', {}, { activeFrom: 6 }),
  scheduled: scenario('a crawl that began forty minutes ago', {}, { began: 2_400 }),
  idle: idle('no crawl runs; the last one ended two hours ago', {
    startedAgo: 7_800,
    completedAgo: 7_200,
    error: null,
  }),
  'idle-fresh': idle('no crawl runs; the last one ended a minute ago', {
    startedAgo: 300,
    completedAgo: 60,
    error: null,
  }),
  'idle-failed': idle('no crawl runs; the last one ended a minute ago with an error', {
    startedAgo: 300,
    completedAgo: 60,
    error: 'The entry address answered 503',
  }),
  'idle-started-later': idle('no crawl runs; the last start is later than the last completion', {
    startedAgo: 60,
    completedAgo: 300,
    error: null,
  }),
  'idle-never': idle('no crawl runs, and none has finished yet', null),
};

/** @throws Error that lists the names when there is no such scenario */
export function findScenario(name: string): Scenario {
  const found = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (found !== undefined) return found;
  throw new Error(
    `There is no scenario "${name}". There are: ${Object.keys(SCENARIOS).join(', ')}.`,
  );
}
