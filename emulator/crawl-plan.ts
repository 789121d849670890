/** A crawl job at one moment. Counters are pages; times are seconds since the first request for it. */
export interface CrawlState {
  status: string;
  total: number | null;
  completed: number;
  added: number;
  updated: number;
  removed: number;
  unchanged: number;
  error: string | null;
  startedAt: number | null;
  completedAt: number | null;
  updatedAt: number;
}

/** How a crawl progresses. Times are seconds of the crawl. The defaults make a crawl that succeeds. */
export interface CrawlPlan {
  /** How long it is `pending`. */
  queued?: number;
  /** How long it visits pages. */
  scraping?: number;
  /** How long it stays `scraping` with all pages visited, while content is indexed. */
  indexing?: number;
  pages?: number;
  added?: number;
  updated?: number;
  removed?: number;
  /** Whether the total is known from the start, grows while pages are discovered, or is never known. */
  total?: 'known' | 'discovered' | 'unknown';
  /** The share of visited pages by the share of time, both from 0 to 1. */
  progress?: (share: number) => number;
  /** Progress stops at this share of the visit. */
  stopsAt?: number;
  /** How it finishes; `never` keeps the last status permanently. */
  end?: 'completed' | 'failed' | 'cancelled' | 'never';
  /** The `error_message` of the finished crawl. */
  error?: string | null;
  /** The `error_message` while it is still scraping. */
  passingError?: string;
  /** Other names for statuses, such as an undocumented one. */
  names?: Record<string, string>;
  /** The status of the finished crawl instead of `end`. */
  endStatus?: string;
}

/** Visits many pages at once, then none for a while. */
export const inBursts = (share: number): number => Math.floor(share * 8) / 8;

/** The last pages take most of the time. */
export const longTail = (share: number): number => 1 - (1 - share) ** 4;

/** Plays a plan: the state of the crawl at any second. */
export function playCrawl(plan: CrawlPlan): (second: number) => CrawlState {
  const {
    queued = 2,
    scraping = 60,
    indexing = 0,
    pages = 812,
    added = 12,
    updated = 31,
    removed = 4,
    total = 'known',
    progress = (share: number) => share,
    stopsAt = 1,
    end = 'completed',
    error = null,
    passingError,
    names = {},
    endStatus,
  } = plan;
  const moving = scraping * stopsAt;
  const endsAt = end === 'never' ? Number.POSITIVE_INFINITY : queued + moving + indexing;

  return (second) => {
    const ended = second >= endsAt;
    const started = second >= queued;
    const time = scraping === 0 ? 1 : Math.min(stopsAt, Math.max(0, second - queued) / scraping);
    const share = Math.min(1, Math.max(0, progress(time)));
    const completed = started ? Math.floor(pages * share) : 0;
    const part = (count: number) => Math.floor((count * completed) / Math.max(1, pages));
    const status = ended ? (endStatus ?? end) : started ? 'scraping' : 'pending';
    return {
      status: names[status] ?? status,
      total: totalAt({ total, started, ended, pages, completed }),
      completed,
      added: part(added),
      updated: part(updated),
      // Removed pages are known when every page has been visited.
      removed: completed === pages ? removed : 0,
      unchanged: completed - part(added) - part(updated),
      error: ended ? error : started ? (passingError ?? null) : null,
      startedAt: started ? queued : null,
      completedAt: ended ? endsAt : null,
      updatedAt: Math.min(second, Number.isFinite(endsAt) ? endsAt : queued + moving),
    };
  };
}

function totalAt({
  total,
  started,
  ended,
  pages,
  completed,
}: {
  total: 'known' | 'discovered' | 'unknown';
  started: boolean;
  ended: boolean;
  pages: number;
  completed: number;
}): number | null {
  if (total === 'unknown' || !started) return null;
  if (total === 'known' || ended) return pages;
  return Math.min(pages, completed + Math.ceil((pages - completed) / 3));
}
