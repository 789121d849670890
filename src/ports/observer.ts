import type { CrawlFacts } from '../crawl.ts';
import type { Sample } from '../result.ts';

/** Is told of an outage as this crawl meets it. */
export interface OutageObserver {
  /** At every failed try: what came instead of a usable response, in our own words. */
  outage(why: string): void;
  /** This crawl is in the outage no more: the API responded, or the wait is over. */
  outageOver(recovered: boolean): void;
}

/** Is told what the wait for one crawl sees, as it sees it. */
export interface Observer extends OutageObserver {
  /** The job was found through its datasource. */
  found(jobId: string, startedAt: string | null): void;
  /** An active crawl started too early for the rules: the wait for a later one goes on. */
  skipped(jobId: string, startedAt: string): void;
  /** A usable response about the job, and the history with it. */
  sampled(crawl: CrawlFacts, history: readonly Sample[]): void;
  /** Something odd that a person should know: one warning for each text. */
  warnOnce(text: string): void;
}
