import { asCodeBlock } from '../foreign-text.ts';
import { outcomeRemedy, outcomeTitle } from '../outcome.ts';
import type { RunReport } from './report.ts';

/** The job summary as Markdown (contract, section What people see). */
export function renderSummary({ outcome, message }: RunReport): string {
  return [`## ${outcomeTitle(outcome)}`, asCodeBlock(message), outcomeRemedy(outcome)].join('\n\n');
}
