import { outcomeTitle } from '../outcome.ts';
import { sayFound } from '../rules/rule.ts';
import { decidingCrawl, isGreen, type RunReport, remedyOf } from './report.ts';

/** A line that GitHub shows on the run's page. */
export interface Annotation {
  level: 'error' | 'warning';
  title: string;
  message: string;
}

/**
 * One for an outcome that is not `succeeded`, and one for each `warn` rule that does not hold
 * (contract, section What people see).
 */
export function annotationsOf(report: RunReport): Annotation[] {
  const { outcome, message, crawls } = report;
  const annotations: Annotation[] = [];
  if (outcome !== 'succeeded') {
    const green = isGreen(report);
    annotations.push({
      level: green ? 'warning' : 'error',
      title: green ? `${outcomeTitle(outcome)} (tolerated)` : outcomeTitle(outcome),
      message: [message, whichCrawl(report), remedyOf(report)]
        .filter((part) => part !== '')
        .join('\n'),
    });
  }
  for (const { datasourceId, rules } of crawls) {
    for (const judged of rules) {
      const { rule, holds } = judged;
      if (rule.level !== 'warn' || holds) continue;
      const where = crawls.length > 1 ? ` for datasource ${datasourceId}` : '';
      annotations.push({
        level: 'warning',
        title: 'A rule of `warn` does not hold',
        message: `"${rule.text}" does not hold${where}${sayFound(judged)}.`,
      });
    }
  }
  return annotations.filter(
    ({ message }, index) => annotations.findIndex((other) => other.message === message) === index,
  );
}

function whichCrawl(report: RunReport): string {
  const crawl = decidingCrawl(report);
  if (crawl === undefined) return '';
  const { jobId, datasourceId } = crawl;
  // With several crawls the message has named the datasource already.
  if (report.crawls.length > 1) return jobId === undefined ? '' : `Crawl job ${jobId}.`;
  return jobId === undefined
    ? `Datasource ${datasourceId}.`
    : `Crawl job ${jobId}, datasource ${datasourceId}.`;
}
