import type { Paint } from '../ports/runner.ts';
import type { CrawlResult } from '../result.ts';
import type { EvaluatedRule } from '../rules/metrics.ts';
import { crawlLabel } from './progress.ts';

/** The most lines; a rule that is left out is still in the summary and in `result`. */
const MAX_LINES = 8;

/**
 * The rules for the log, those that are not met first: what was required, and the actual value.
 *
 * @param together whether one line speaks for all crawls
 */
export function ruleLines(
  crawls: readonly CrawlResult[],
  { together, paint }: { together: boolean; paint: Paint },
): string[] {
  const rules = crawls.flatMap(({ rules: ofCrawl, datasourceId }, index) => {
    const label = crawlLabel(index, crawls.length, datasourceId);
    return ofCrawl.map((rule) => ({ ...rule, label }));
  });
  if (rules.length === 0) return [];
  const count = `${rules.filter(({ met }) => met).length} of ${rules.length} rules met`;
  if (together) return [count];

  const lines = rules
    .toSorted((one, other) => Number(one.met) - Number(other.met))
    .map((rule) => `  ${mark(rule, paint)} ${rule.label}${rule.rule.text}: ${found(rule)}`);
  const hidden = lines.length - MAX_LINES;
  const rest = hidden > 0 ? [`  … and ${hidden} more`] : [];
  return [`${count}:`, ...lines.slice(0, MAX_LINES), ...rest];
}

function found({ actual, unknown }: EvaluatedRule): string {
  return unknown === undefined ? `actual ${actual}` : `unknown, because ${actual}`;
}

function mark({ rule, met }: EvaluatedRule, paint: Paint): string {
  if (met) return paint('green', '✓');
  return rule.level === 'require' ? paint('red', '✗') : paint('yellow', '!');
}
