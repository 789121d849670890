import type { Paint } from '../ports/runner.ts';
import type { CrawlResult } from '../result.ts';
import type { EvaluatedRule } from '../rules/metrics.ts';
import { crawlLabel } from './progress.ts';

/** The most lines; a rule that is left out still stands in summary and `result`. */
const MOST_LINES = 20;

/**
 * The rules for the log, those that do not hold first: what was required and what was found.
 *
 * @param together whether one line speaks for all crawls
 */
export function ruleLines(
  crawls: readonly CrawlResult[],
  { together, paint }: { together: boolean; paint: Paint },
): string[] {
  const judged = crawls.flatMap(({ rules, datasourceId }, index) => {
    const label = crawlLabel(index, crawls.length, datasourceId);
    return rules.map((rule) => ({ ...rule, label }));
  });
  if (judged.length === 0) return [];
  const holding = judged.filter(({ met }) => met).length;
  const count = `${holding} of ${judged.length} ${judged.length === 1 ? 'rule holds' : 'rules hold'}`;
  if (together) return [count];

  const lines = judged
    .toSorted((one, other) => Number(one.met) - Number(other.met))
    .map((rule) => `  ${mark(rule, paint)} ${rule.label}${rule.rule.text}: found ${rule.actual}`);
  const hidden = lines.length - MOST_LINES;
  const rest = hidden > 0 ? [`  … and ${hidden} more`] : [];
  return [`${count}:`, ...lines.slice(0, MOST_LINES), ...rest];
}

function mark({ rule, met }: EvaluatedRule, paint: Paint): string {
  if (met) return paint('green', '✓');
  return rule.level === 'require' ? paint('red', '✗') : paint('yellow', '!');
}
