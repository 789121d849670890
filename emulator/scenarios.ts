import { type CrawlPlan, type CrawlState, inBursts, longTail, playCrawl } from './crawl-plan.ts';

/** What the emulator plays for one datasource. */
export interface Scenario {
  /** What happens, in one line. */
  about: string;
  /** The crawl at a second after the first request; `undefined`: the API does not know the job. */
  job(second: number): CrawlState | undefined;
  /** All times of the crawl are this number of seconds earlier. */
  startedAgo: number;
  /** The crawl before this one, in seconds before the first request; `null`: none. */
  lastCrawl: { startedAgo: number | null; completedAgo: number; error: string | null } | null;
  /** The second from which the datasource shows its active crawl. */
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
    startedAgo: 0,
    lastCrawl: { startedAgo: WEEK + 600, completedAgo: WEEK, error: null },
    activeFrom: 0,
    known: true,
    displayName: 'Documentation',
    pageStats: { synced: 790, pending: 0, error: 6, excluded: 16 },
    jobFields: {},
    ...changes,
  };
}

/** No crawl is running; the datasource reports only the last finished one. */
function idle(about: string, lastCrawl: Scenario['lastCrawl']): Scenario {
  return scenario(about, {}, { job: () => undefined, activeFrom: Infinity, lastCrawl });
}

/** 800 pages at 4 a second, and so many seconds of them before the first request. */
function underWay(about: string, seconds: number): Scenario {
  const play = playCrawl({ scraping: 200, pages: 800 });
  return scenario(about, {}, { startedAgo: seconds, job: (second) => play(second + seconds) });
}

/** The API knows the job between two seconds. */
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
export const SCENARIOS = {
  steady: scenario('812 pages at an even speed; 4 of 800 removed', {}),
  growing: scenario('the total grows while pages are discovered', { total: 'discovered' }),
  'no-total': scenario('the total is never known', { total: 'unknown' }),
  queued: scenario('queued for half a minute', { queued: 30 }),
  slow: scenario('5,000 pages in twenty minutes', { scraping: 1_200, pages: 5_000 }),
  bursts: scenario('pages come in bursts', { progress: inBursts }),
  tail: scenario('the last pages take most of the time', { progress: longTail }),
  plateau: scenario('all pages visited, then half a minute of indexing', { indexing: 30 }),
  tiny: scenario('three pages', { queued: 0, scraping: 2, pages: 3, added: 1, updated: 0 }),
  finished: scenario(
    'finished before the first request',
    { queued: 0, scraping: 0 },
    { startedAgo: 90 },
  ),
  unchanged: scenario('no changes', { added: 0, updated: 0, removed: 0 }),
  first: scenario(
    'the first crawl: every page is new',
    { added: 812, updated: 0, removed: 0 },
    { lastCrawl: null },
  ),
  'lost-pages': scenario(
    '94 of 796 pages removed',
    { pages: 702, added: 0, removed: 94 },
    { pageStats: { synced: 690, pending: 0, error: 8, excluded: 4 } },
  ),
  'page-errors': scenario(
    'many pages of the site have errors',
    {},
    { pageStats: { synced: 410, pending: 12, error: 380, excluded: 10 } },
  ),
  failed: scenario('fails halfway with a reason', {
    stopsAt: 0.4,
    end: 'failed',
    error: 'Robots.txt of help.example.com forbids the crawler',
  }),
  'failed-silently': scenario('fails without a reason', { stopsAt: 0.4, end: 'failed' }),
  'completed-with-error': scenario('completed with an error message', {
    error: '17 pages returned 500\nand the sitemap could not be read',
  }),
  'completed-with-empty-error': scenario('completed with an empty error message', { error: '' }),
  cancelled: scenario('canceled', { stopsAt: 0.3, end: 'cancelled' }),
  'cancelled-with-error': scenario('canceled with a reason', {
    stopsAt: 0.3,
    end: 'cancelled',
    error: 'Cancelled by an administrator',
  }),
  empty: scenario('finishes without a page', {
    scraping: 4,
    pages: 0,
    added: 0,
    updated: 0,
    removed: 0,
  }),
  stalled: scenario('stalls at 40%', { stopsAt: 0.4, end: 'never' }),
  pending: scenario('never starts', { queued: Infinity, end: 'never' }),
  'passing-error': scenario('reports an error while it runs, and recovers', {
    passingError: 'A page timed out, trying again',
  }),
  'odd-status': scenario('an undocumented status, then completed', {
    names: { scraping: 'indexing' },
  }),
  'odd-end': scenario('finishes with an undocumented status', { endStatus: 'archived' }),
  'upper-case': scenario('statuses in capital letters', {
    names: { pending: 'PENDING', scraping: 'SCRAPING', completed: 'COMPLETED' },
  }),
  'extra-fields': scenario(
    'undocumented fields',
    {},
    { jobFields: { depth_limit: 5, crawler: { version: '3.1', regions: ['eu', 'us'] } } },
  ),
  hostile: scenario(
    'texts that attack the log, the summary, and the comment',
    { stopsAt: 0.4, end: 'failed', error: HOSTILE },
    { displayName: HOSTILE, jobFields: { [HOSTILE]: HOSTILE } },
  ),
  leaky: scenario(
    'repeats the API key, also encoded',
    { stopsAt: 0.4, end: 'failed', error: 'The key {token} ({base64}, {encoded}) was refused' },
    { displayName: '{token}', jobFields: { '{token}': ['{base64}', '{encoded}'] } },
  ),
  'late-job': scenario('the job is visible after six seconds', {}, { job: visible({}, 6) }),
  gone: scenario('the job disappears halfway', {}, { job: visible({}, 0, 25) }),
  'no-job': scenario('the job does not exist', {}, { job: () => undefined, activeFrom: Infinity }),
  'no-datasource': scenario(
    'the datasource does not exist',
    {},
    { job: () => undefined, known: false },
  ),
  'late-active': scenario('the active crawl is visible after six seconds', {}, { activeFrom: 6 }),
  scheduled: scenario(
    'a crawl that started forty minutes ago',
    { queued: 0 },
    { startedAgo: 2_400 },
  ),
  'just-started': underWay('10 of 800 pages at the first request', 4.5),
  'nearly-finished': underWay('770 of 800 pages at the first request', 194.5),
  idle: idle('no crawl is running; the last one finished two hours ago', {
    startedAgo: 7_800,
    completedAgo: 7_200,
    error: null,
  }),
  'idle-fresh': idle('no crawl is running; the last one finished a minute ago', {
    startedAgo: 300,
    completedAgo: 60,
    error: null,
  }),
  'idle-failed': idle('no crawl is running; the last one finished a minute ago with an error', {
    startedAgo: 300,
    completedAgo: 60,
    error: 'The entry address returned 503',
  }),
  'idle-started-later': idle(
    'no crawl is running; the last start is later than the last completion',
    {
      startedAgo: 60,
      completedAgo: 300,
      error: null,
    },
  ),
  'idle-never': idle('no crawl is running, and none has ever finished', null),
} satisfies Readonly<Record<string, Scenario>>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;

/** @throws Error with all names if there is no such scenario */
export function findScenario(name: string): Scenario {
  const found = Object.entries(SCENARIOS).find(([known]) => known === name);
  if (found !== undefined) return found[1];
  throw new Error(`"${name}" is not a scenario. Scenarios: ${Object.keys(SCENARIOS).join(', ')}.`);
}
