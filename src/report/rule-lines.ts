import type { JudgedRule } from '../rules/rule.ts';
import type { Paint } from './paint.ts';
import { crawlLabel } from './progress.ts';
import type { CrawlReport } from './report.ts';

/** The most lines; a rule that is left out still stands in summary and `result`. */
const MOST_LINES = 20;

/**
 * The rules for the log, those that do not hold first: what was required and what was found.
 *
 * @param together whether one line speaks for all crawls
 */
export function ruleLines(
  crawls: readonly CrawlReport[],
  { together, paint }: { together: boolean; paint: Paint },
): string[] {
  const judged = crawls.flatMap(({ rules, datasourceId }, index) => {
    const label = crawlLabel(index, crawls.length, datasourceId);
    return rules.map((rule) => ({ ...rule, label }));
  });
  if (judged.length === 0) return [];
  const holding = judged.filter(({ holds }) => holds).length;
  const count = `${holding} of ${judged.length} ${judged.length === 1 ? 'rule holds' : 'rules hold'}`;
  if (together) return [count];

  const lines = judged
    .toSorted((one, other) => Number(one.holds) - Number(other.holds))
    .map((rule) => `  ${mark(rule, paint)} ${rule.label}${rule.rule.text}: found ${rule.actual}`);
  const hidden = lines.length - MOST_LINES;
  const rest = hidden > 0 ? [`  … and ${hidden} more`] : [];
  return [`${count}:`, ...lines.slice(0, MOST_LINES), ...rest];
}

function mark({ rule, holds }: JudgedRule, paint: Paint): string {
  if (holds) return paint('green', '✓');
  return rule.level === 'require' ? paint('red', '✗') : paint('yellow', '!');
}
