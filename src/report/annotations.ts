import { outcomeTitle } from '../outcomes.ts';
import type { Annotation } from '../ports/runner.ts';
import { decidingCrawl, fixOf, isGreen, type RunResult } from '../result.ts';
import { describeActual } from '../rules/metrics.ts';

/**
 * One for an outcome that is not `succeeded`, and one for each `warn` rule that does not hold
 * (contract, section What people see).
 */
export function annotationsOf(report: RunResult): Annotation[] {
  const { outcome, message, crawls } = report;
  const annotations: Annotation[] = [];
  if (outcome !== 'succeeded') {
    const green = isGreen(report);
    annotations.push({
      level: green ? 'warning' : 'error',
      title: green ? `${outcomeTitle(outcome)} (tolerated)` : outcomeTitle(outcome),
      message: [message, whichCrawl(report), fixOf(report)]
        .filter((part) => part !== '')
        .join('\n'),
    });
  }
  for (const { datasourceId, rules } of crawls) {
    for (const judged of rules) {
      const { rule, met } = judged;
      if (rule.level !== 'warn' || met) continue;
      const where = crawls.length > 1 ? ` for datasource ${datasourceId}` : '';
      annotations.push({
        level: 'warning',
        title: 'A rule of `warn` does not hold',
        message: `The rule "${rule.text}" was not met${where}: ${describeActual(judged)}.`,
      });
    }
  }
  return annotations.filter(
    ({ message }, index) => annotations.findIndex((other) => other.message === message) === index,
  );
}

function whichCrawl(report: RunResult): string {
  const crawl = decidingCrawl(report);
  if (crawl === undefined) return '';
  const { jobId, datasourceId } = crawl;
  // With several crawls the message has named the datasource already.
  if (report.crawls.length > 1) return jobId === undefined ? '' : `Crawl job ${jobId}.`;
  return jobId === undefined
    ? `Datasource ${datasourceId}.`
    : `Crawl job ${jobId}, datasource ${datasourceId}.`;
}
