import { type CrawlFacts, hasFinished, isDocumentedStatus } from './crawl.ts';
import { printCount } from './page-count.ts';

/** What a crawl that has not finished is doing, as the end of a sentence: `scraping, 3 of 8 pages`. */
export function describeState(crawl: CrawlFacts): string {
  const status = crawl.status ?? '';
  const state = isDocumentedStatus(status) ? status : 'in an undocumented state';
  return `${state}, ${describePages(crawl)}`;
}

/** `312 of 800 pages`, or `312 pages so far` while the total is unknown. */
export function describePages(crawl: CrawlFacts): string {
  const { completed_pages, total_pages } = crawl;
  const done = printCount(completed_pages ?? 0);
  return total_pages === null
    ? `${done} ${completed_pages === 1 ? 'page' : 'pages'}${hasFinished(crawl) ? '' : ' so far'}`
    : `${done} of ${printCount(total_pages)} ${total_pages === 1 ? 'page' : 'pages'}`;
}
