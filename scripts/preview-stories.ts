import type { Story } from '../test/support/virtual-world.ts';

/** A story whose summary is drawn. */
export interface PreviewStory extends Story {
  /** Pixels of the picture. */
  width?: number;
  height?: number;
  /** Draws it with every Mermaid of `MERMAID_PACKAGES`. */
  everyMermaid?: true;
}

/** Its pictures stand in the README, beside the log of the same run. */
export const README_STORY = 'rejected';

const RULES = {
  require: 'removed_pages <= 5%\nindexed_pages >= 500\nstarted_at >= 2026-11-23T09:30:00Z',
  warn: 'error_pages == 0',
};

/** Every story by the name of its pictures. */
export const STORIES: Readonly<Record<string, PreviewStory>> = {
  succeeded: { scenarios: ['steady'], active: true, inputs: RULES },
  rejected: { scenarios: ['lost-pages'], inputs: RULES, height: 1_390, everyMermaid: true },
  failed: { scenarios: ['failed'] },
  'error-of-lines': { scenarios: ['completed-with-error'] },
  first: { scenarios: ['first'] },
  growing: { scenarios: ['growing'] },
  slow: { scenarios: ['slow'] },
  empty: { scenarios: ['empty'], height: 700 },
  cancelled: { scenarios: ['cancelled'] },
  stalled: { scenarios: ['stalled'] },
  'timed-out': { scenarios: ['slow'], inputs: { timeout: '10m' } },
  tolerated: { scenarios: ['slow'], inputs: { timeout: '10m', tolerate: 'timed-out' } },
  unreachable: {
    scenarios: ['slow'],
    wrong: ({ count }) => (count > 12 ? { status: 503 } : undefined),
  },
  'not-found': { scenarios: ['idle'], active: true, height: 500 },
  old: { scenarios: ['idle'], active: true, inputs: { require: 'age < 1h' }, height: 700 },
  'invalid-input': { scenarios: ['steady'], inputs: { timeout: '30' }, height: 500 },
  hostile: { scenarios: ['hostile'] },
  several: {
    scenarios: ['steady', 'lost-pages', 'growing', 'failed'],
    inputs: { require: 'removed_pages <= 5%' },
    height: 900,
  },
  'several-narrow': {
    scenarios: ['steady', 'lost-pages', 'growing', 'failed'],
    inputs: { require: 'removed_pages <= 5%' },
    width: 500,
    height: 1_200,
    everyMermaid: true,
  },
  many: {
    scenarios: Array.from({ length: 30 }, (_, index) =>
      index === 4 ? 'failed' : index === 19 ? 'empty' : 'steady',
    ),
    height: 1_000,
  },
  narrow: {
    scenarios: ['lost-pages'],
    inputs: RULES,
    width: 500,
    height: 1_500,
    everyMermaid: true,
  },
};

/** Stories of the demo whose log is drawn. */
export const LOGS = ['steady', 'rejected', 'outage', 'several', 'many', 'aborted', 'hostile'];
