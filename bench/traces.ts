/** What a crawl job showed, and from which second on: its `updated_at`. */
export interface TraceState {
  /** Seconds since the first check; negative for what happened before it. */
  at: number;
  status: string;
  completed_pages: number;
  total_pages: number | null;
}

/**
 * A crawl up to its end, in seconds since the first check. The first state that is not `pending`
 * is its `started_at`, and the last one is the finished one.
 */
export interface Trace {
  name: string;
  kind: string;
  end: number;
  states: TraceState[];
}

/** Numbers from 0 to 1, the same ones for the same seed. */
export type Random = () => number;

/** A small random number generator that everybody can repeat (mulberry32's recurrence). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Range = readonly [least: number, most: number];

/** Between which limits the crawls of a set differ. Lengths are seconds, shares are from 0 to 1. */
interface Ranges {
  length: Range;
  tinyLength: Range;
  /** Pages in each second of the crawl, and seconds between two updates of the API's numbers. */
  pagesPerSecond: Range;
  updateEvery: Range;
  /** How far a crawl strays from its course, as a share of its pages. */
  wobble: Range;
  /** Shares of the length: in the queue, after the last page, before the first check. */
  queued: Range;
  indexing: Range;
  underWay: Range;
  /** The share of the total that is never visited. */
  leftOver: Range;
  /** By how much of its length a crawl ends earlier or later than its pace promises. */
  offBy: Range;
  /** The power of a long tail, the steepness of a sigmoid. */
  tail: Range;
  steepness: Range;
  /** The share of the pages that come slowly at the end, and how many times as slowly. */
  slowPages: Range;
  slower: Range;
  /** How often the speed changes, and by how much (the deviation of its logarithm). */
  speeds: Range;
  speedDeviation: Range;
  bursts: Range;
  workers: Range;
  heapsOfEach: Range;
  /** The share of the total that is known at the start, when it grows to the end. */
  knownAtStart: Range;
  /** The share of the visit at which a crawl breaks off. */
  breakAt: Range;
}

/** The set that the numbers of `poll-interval.ts` were found with. */
const TUNED: Ranges = {
  length: [20, 3_600],
  tinyLength: [5, 20],
  pagesPerSecond: [0.5, 20],
  updateEvery: [0.5, 10],
  wobble: [0, 0.06],
  queued: [0.05, 0.5],
  indexing: [0.03, 0.35],
  underWay: [0.15, 0.95],
  leftOver: [0.005, 0.1],
  offBy: [-0.03, 0.03],
  tail: [1.5, 4.5],
  steepness: [3, 9],
  slowPages: [0.02, 0.15],
  slower: [2, 6],
  speeds: [10, 50],
  speedDeviation: [0.1, 0.6],
  bursts: [3, 23],
  workers: [2, 8],
  heapsOfEach: [3, 30],
  knownAtStart: [0.15, 0.7],
  breakAt: [0.1, 0.9],
};

/** A set that nothing was tuned with: other crawls, and other limits for each number. */
const HELD_OUT: Ranges = {
  length: [30, 2_700],
  tinyLength: [3, 30],
  pagesPerSecond: [0.2, 8],
  updateEvery: [0.2, 5],
  wobble: [0, 0.08],
  queued: [0.02, 0.7],
  indexing: [0.01, 0.25],
  underWay: [0.1, 0.98],
  leftOver: [0.003, 0.1],
  offBy: [-0.04, 0.04],
  tail: [1.3, 5],
  steepness: [2, 11],
  slowPages: [0.01, 0.2],
  slower: [1.5, 8],
  speeds: [6, 80],
  speedDeviation: [0.05, 0.7],
  bursts: [4, 30],
  workers: [3, 12],
  heapsOfEach: [2, 40],
  knownAtStart: [0.1, 0.8],
  breakAt: [0.05, 0.95],
};

/** The pages that are visited at a share of the time, as a share of all. */
type Progress = (share: number) => number;

/** How a kind of crawl goes. */
interface Course {
  group: Group;
  /** An even one when left out. */
  progress?: (ranges: Ranges, random: Random) => Progress;
  /** How much of the total the job says; all of it when left out. */
  total?: 'discovered' | 'growing' | 'unknown';
  /** How it ends other than with its last page. */
  end?: 'short' | 'off' | 'failed' | 'cancelled';
  queued?: boolean;
  indexing?: boolean;
  underWay?: boolean;
  tiny?: boolean;
}

/** What can be known of the end. */
export const GROUPS = {
  promised: 'end when their counters say so',
  short: 'end with a part of the total left over',
  'under way': 'were under way before the first check',
  uneven: 'end earlier or later than their speed predicts',
  irregular: 'visit pages in bursts, find pages to the end, or index for long',
  unforeseeable: 'have no total, or break off',
} as const;
export type Group = keyof typeof GROUPS;

const COURSES: Readonly<Record<string, Course>> = {
  even: { group: 'promised' },
  discovered: { group: 'promised', total: 'discovered' },
  queued: { group: 'promised', queued: true },
  tiny: { group: 'promised', tiny: true },
  'short end': { group: 'short', end: 'short' },
  'short end, discovered': { group: 'short', end: 'short', total: 'discovered' },
  'under way': { group: 'under way', underWay: true },
  'under way, discovered': { group: 'under way', underWay: true, total: 'discovered' },
  'early or late': { group: 'uneven', end: 'off' },
  tail: { group: 'uneven', progress: longTail },
  'slow end': { group: 'uneven', progress: slowEnd },
  'changing speed': { group: 'uneven', progress: changingSpeed },
  sigmoid: { group: 'uneven', progress: sigmoid },
  bursts: { group: 'uneven', progress: bursts },
  heaps: { group: 'irregular', progress: heaps },
  'growing total': { group: 'irregular', total: 'growing' },
  indexing: { group: 'irregular', indexing: true },
  'no total': { group: 'unforeseeable', total: 'unknown' },
  failed: { group: 'unforeseeable', end: 'failed' },
  cancelled: { group: 'unforeseeable', end: 'cancelled' },
};

/** Crawls that anybody can make again. */
export interface TraceSet {
  ranges: Ranges;
  seed: number;
  ofEachKind: number;
}

/** What the numbers of `poll-interval.ts` were tuned with. */
export const TUNED_SET: TraceSet = { ranges: TUNED, seed: 2026, ofEachKind: 40 };
/** What nothing is tuned with. */
export const HELD_OUT_SET: TraceSet = { ranges: HELD_OUT, seed: 90_210, ofEachKind: 20 };

/** The project's own crawls: so many of each kind, from some seconds to more than an hour. */
export function makeTraces({ ranges, seed, ofEachKind }: TraceSet): Trace[] {
  const random = seeded(seed);
  return Object.entries(COURSES).flatMap(([kind, course]) =>
    Array.from({ length: ofEachKind }, (_, index) =>
      makeTrace(`${kind}-${index + 1}`, kind, course, ranges, random),
    ),
  );
}

/** What of a crawl's end can be known; `undefined` for a kind that is not the project's own. */
export function groupOf(kind: string): Group | undefined {
  return COURSES[kind]?.group;
}

function makeTrace(
  name: string,
  kind: string,
  course: Course,
  ranges: Ranges,
  random: Random,
): Trace {
  const within = (range: Range) => between(range, random());
  const length = betweenPowers(course.tiny ? ranges.tinyLength : ranges.length, random());
  const queued = course.queued ? length * within(ranges.queued) : Math.min(2, length / 10);
  const indexing = course.indexing ? length * within(ranges.indexing) : random() * 1.5;
  const visit = Math.max(1, length - queued - indexing);
  const rate = betweenPowers(ranges.pagesPerSecond, random());
  const pages = Math.max(3, Math.min(5_000, Math.round(visit * rate)));
  const progress = course.progress?.(ranges, random) ?? even(ranges, random);
  const knownAtStart = within(ranges.knownAtStart);
  const end = endOf(course, ranges, random);
  const updateEvery = betweenPowers(ranges.updateEvery, random());
  const saysWhenNothingMoved = random() < 0.5;

  const states: TraceState[] = [
    { at: 0, status: 'pending', completed_pages: 0, total_pages: null },
  ];
  const total = (share: number, completed: number) =>
    course.total === 'unknown'
      ? null
      : Math.max(completed, Math.ceil(pages * totalKnown(course, knownAtStart, share)));
  let completed = 0;
  const lastUpdate = visit * end.share;
  for (let passed = 0; passed < lastUpdate; passed += updateEvery) {
    const share = passed / visit;
    completed = Math.max(
      completed,
      Math.min(end.pagesBefore(pages), visited(progress, share, pages)),
    );
    const state = {
      at: queued + passed,
      status: 'scraping',
      completed_pages: completed,
      total_pages: total(share, completed),
    };
    if (saysWhenNothingMoved || !sameCounters(states.at(-1), state)) states.push(state);
  }
  const final = end.visitsAll ? pages : completed;
  const shown = {
    completed_pages: final,
    total_pages: total(end.visitsAll ? 1 : end.share, final),
  };
  const visitedAll = queued + lastUpdate;
  const finished = end.visitsAll ? visitedAll + indexing : visitedAll;
  if (end.visitsAll) states.push({ at: visitedAll, status: 'scraping', ...shown });
  states.push({ at: finished, status: end.status, ...shown });
  return shifted(
    { name, kind, end: finished, states },
    course.underWay ? within(ranges.underWay) : 0,
  );
}

/** The same crawl, when so much of its length has passed before the first check. */
function shifted(trace: Trace, share: number): Trace {
  const before = trace.end * share;
  return {
    ...trace,
    end: round(trace.end - before),
    states: trace.states.map((state) => ({ ...state, at: round(state.at - before) })),
  };
}

interface End {
  status: string;
  /** The share of the visit at which it ends. */
  share: number;
  visitsAll: boolean;
  /** The most pages that it shows before. */
  pagesBefore: (pages: number) => number;
}

function endOf(course: Course, ranges: Ranges, random: Random): End {
  const all = (pages: number) => pages;
  switch (course.end) {
    case undefined:
      return { status: 'completed', share: 1, visitsAll: true, pagesBefore: all };
    case 'short': {
      const share = 1 - between(ranges.leftOver, random());
      return { status: 'completed', share, visitsAll: false, pagesBefore: all };
    }
    case 'off': {
      const share = 1 + between(ranges.offBy, random());
      // The last page keeps a late crawl waiting, or what comes after it.
      const kept = random() < 0.5 ? 0 : 1;
      const pagesBefore = (pages: number) => pages - kept;
      return { status: 'completed', share, visitsAll: random() < 0.5 || share > 1, pagesBefore };
    }
    default: {
      const share = between(ranges.breakAt, random());
      return { status: course.end, share, visitsAll: false, pagesBefore: all };
    }
  }
}

/** The share of the total that is known at a share of the time. */
function totalKnown({ total }: Course, knownAtStart: number, share: number): number {
  if (total === 'growing') return knownAtStart + (1 - knownAtStart) * Math.min(1, share);
  // Most pages are discovered early.
  return total === 'discovered' ? Math.min(1, 0.15 + 1.3 * share) : 1;
}

function visited(progress: Progress, share: number, pages: number): number {
  return Math.floor(pages * Math.min(1, progress(Math.min(1, share))));
}

function sameCounters(one: TraceState | undefined, other: TraceState): boolean {
  return (
    one?.status === other.status &&
    one.completed_pages === other.completed_pages &&
    one.total_pages === other.total_pages
  );
}

function even(ranges: Ranges, random: Random): Progress {
  return wobbling((share) => share, ranges, random);
}

function longTail(ranges: Ranges, random: Random): Progress {
  const power = between(ranges.tail, random());
  return wobbling((share) => 1 - (1 - share) ** power, ranges, random);
}

/** Even, until the last pages take longer: large files, or retries. */
function slowEnd(ranges: Ranges, random: Random): Progress {
  const slowPages = between(ranges.slowPages, random());
  const slower = between(ranges.slower, random());
  const slowTime = (slowPages * slower) / (slowPages * slower + 1 - slowPages);
  const turn = 1 - slowTime;
  return wobbling(
    (share) =>
      share < turn
        ? ((1 - slowPages) * share) / turn
        : 1 - slowPages + (slowPages * (share - turn)) / slowTime,
    ranges,
    random,
  );
}

function changingSpeed(ranges: Ranges, random: Random): Progress {
  const count = Math.floor(between(ranges.speeds, random()));
  const deviation = between(ranges.speedDeviation, random());
  const reached = [0];
  for (let part = 0; part < count; part += 1) {
    const normal = Array.from({ length: 12 }, random).reduce((sum, one) => sum + one, -6);
    reached.push((reached.at(-1) ?? 0) + Math.exp(deviation * normal));
  }
  const all = reached.at(-1) ?? 1;
  return (share) => {
    const part = Math.min(count - 1, Math.floor(share * count));
    const [from, to] = [reached[part] ?? 0, reached[part + 1] ?? all];
    return (from + (to - from) * (share * count - part)) / all;
  };
}

function sigmoid(ranges: Ranges, random: Random): Progress {
  const steepness = between(ranges.steepness, random());
  const at = (share: number) => 1 / (1 + Math.exp(steepness * (0.5 - share)));
  return wobbling((share) => (at(share) - at(0)) / (at(1) - at(0)), ranges, random);
}

function bursts(ranges: Ranges, random: Random): Progress {
  const count = Math.floor(between(ranges.bursts, random()));
  return (share) => (share >= 1 ? 1 : Math.floor(share * count) / count);
}

/** Several workers, each of which hands in a heap of pages at a time. */
function heaps(ranges: Ranges, random: Random): Progress {
  const workers = Math.floor(between(ranges.workers, random()));
  const ofEach = Math.floor(between(ranges.heapsOfEach, random()));
  const times = Array.from({ length: workers }, () => {
    let at = random() * 0.5;
    return Array.from({ length: ofEach }, () => {
      at += 0.6 + 0.8 * random();
      return at;
    });
  })
    .flat()
    .toSorted((one, other) => one - other);
  const last = times.at(-1) ?? 1;
  return (share) =>
    share >= 1 ? 1 : times.filter((time) => time / last <= share).length / times.length;
}

/** No crawl keeps to its course: a slow wave, never backwards. */
function wobbling(course: Progress, ranges: Ranges, random: Random): Progress {
  const depth = between(ranges.wobble, random());
  const waves = 1 + random() * 5;
  return (share) =>
    share >= 1
      ? 1
      : Math.max(0, course(share) + depth * Math.sin(share * waves * 6) * share * (1 - share));
}

function between([least, most]: Range, share: number): number {
  return least + share * (most - least);
}

/** As many between 1 and 10 as between 10 and 100. */
function betweenPowers([least, most]: Range, share: number): number {
  return least * (most / least) ** share;
}

function round(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
