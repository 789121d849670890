/**
 * A number of pages as people read it: `5,000`. By hand, because the first call of `Intl` costs
 * more than all else that the gate does between its start and its first request.
 */
export function printCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The sum of counts; `null` when a part is unknown. */
export function sumCounts(counts: readonly (number | null)[]): number | null {
  return counts.reduce((sum, next) => (sum === null || next === null ? null : sum + next), 0);
}
