import type { Color } from '../ports/runner.ts';

/** Green, tolerated or underway, red: the colour of a status or an outcome by its name. */
export function colorOf(name: string): Color {
  if (name === 'completed' || name === 'succeeded') return 'green';
  if (name === 'scraping') return 'cyan';
  if (name === 'pending') return 'dim';
  return name === 'failed' || name === 'rejected' || name === 'empty' ? 'red' : 'yellow';
}
