/** What a crawl job showed, and from which second on. */
export interface TraceState {
  at: number;
  status: string;
  completed_pages: number;
  total_pages: number | null;
}

/** A crawl from its first look to its end, in seconds. The last state is the ended one. */
export interface Trace {
  name: string;
  kind: string;
  end: number;
  states: TraceState[];
}

/** Numbers from 0 to 1, the same ones for the same seed. */
export type Random = () => number;

/** A small generator of random numbers that everybody can repeat (mulberry32's recurrence). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a kind of crawl goes; shares are from 0 to 1. */
interface Course {
  /** Seconds, shortest and longest. */
  length: [number, number];
  /** The share of the pages that is visited at a share of the time. */
  progress: (random: Random) => (share: number) => number;
  total?: 'known' | 'discovered' | 'unknown';
  /** The share of the length that is spent in the queue, and after the last page. */
  queued?: [number, number];
  indexing?: [number, number];
  /** The share of the visit at which it breaks off, and how. */
  breaksOff?: { at: [number, number]; status: string };
}

const even = (random: Random) => wobble(random, (share) => share);

const inBursts = (random: Random) => {
  const bursts = 3 + Math.floor(random() * 20);
  return (share: number) => (share >= 1 ? 1 : Math.floor(share * bursts) / bursts);
};

const longTail = (random: Random) => {
  const power = 1.5 + random() * 3;
  return wobble(random, (share) => 1 - (1 - share) ** power);
};

/** No crawl is perfectly even: a slow wave and some noise, never backwards. */
function wobble(random: Random, course: (share: number) => number): (share: number) => number {
  const depth = random() * 0.06;
  const waves = 1 + random() * 5;
  return (share) =>
    share >= 1
      ? 1
      : Math.max(0, course(share) + depth * Math.sin(share * waves * 6) * share * (1 - share));
}

const COURSES: Record<string, Course> = {
  even: { length: [20, 3_600], progress: even },
  discovered: { length: [20, 3_600], progress: even, total: 'discovered' },
  unknown: { length: [20, 3_600], progress: even, total: 'unknown' },
  bursts: { length: [30, 3_600], progress: inBursts },
  tail: { length: [30, 3_600], progress: longTail },
  plateau: { length: [30, 3_600], progress: even, indexing: [0.03, 0.35] },
  queued: { length: [20, 3_600], progress: even, queued: [0.05, 0.5] },
  failed: { length: [20, 3_600], progress: even, breaksOff: { at: [0.1, 0.9], status: 'failed' } },
  cancelled: {
    length: [20, 3_600],
    progress: even,
    breaksOff: { at: [0.1, 0.9], status: 'cancelled' },
  },
  tiny: { length: [5, 20], progress: even },
};

/** The project's own crawls: so many of each kind, from 5 s to 60 min. */
export function makeTraces(seed: number, ofEachKind: number): Trace[] {
  const random = seeded(seed);
  return Object.entries(COURSES).flatMap(([kind, course]) =>
    Array.from({ length: ofEachKind }, (_, index) =>
      makeTrace(`${kind}-${index + 1}`, kind, course, random),
    ),
  );
}

const between = (random: Random, [least, most]: [number, number]) =>
  least + random() * (most - least);

function makeTrace(name: string, kind: string, course: Course, random: Random): Trace {
  const [shortest, longest] = course.length;
  // As many short crawls as long ones.
  const length = shortest * (longest / shortest) ** random();
  const queued = course.queued ? length * between(random, course.queued) : Math.min(2, length / 10);
  const indexing = course.indexing ? length * between(random, course.indexing) : random() * 1.5;
  const visit = Math.max(1, length - queued - indexing);
  const pages = Math.max(3, Math.min(5_000, Math.round(visit * 0.5 * 40 ** random())));
  const progress = course.progress(random);
  const breakAt = course.breaksOff ? between(random, course.breaksOff.at) : 1;
  // How often the API's own numbers move.
  const grain = 0.5 * 20 ** random();

  const states: TraceState[] = [
    { at: 0, status: 'pending', completed_pages: 0, total_pages: null },
  ];
  let known = 0;
  let completed = 0;
  for (let at = queued; at < queued + visit * breakAt; at += grain) {
    const share = (at - queued) / visit;
    completed = Math.max(completed, Math.min(pages, Math.floor(pages * progress(share))));
    known = Math.max(known, discovered(pages, share, completed));
    states.push({
      at,
      status: 'scraping',
      completed_pages: completed,
      total_pages:
        course.total === 'unknown' ? null : course.total === 'discovered' ? known : pages,
    });
  }
  const end = queued + visit * breakAt + (course.breaksOff ? 0 : indexing);
  const total = course.total === 'unknown' ? null : pages;
  if (!course.breaksOff) {
    completed = pages;
    states.push({
      at: queued + visit,
      status: 'scraping',
      completed_pages: pages,
      total_pages: total,
    });
  }
  states.push({
    at: end,
    status: course.breaksOff?.status ?? 'completed',
    completed_pages: completed,
    total_pages: total,
  });
  return {
    name,
    kind,
    end: round(end),
    states: states.map((state) => ({ ...state, at: round(state.at) })),
  };
}

/** Pages that are known at a share of the time: most are found early. */
function discovered(pages: number, share: number, completed: number): number {
  return Math.max(completed, Math.ceil(pages * Math.min(1, 0.15 + 1.3 * share)));
}

function round(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
