import { expect, test } from 'vitest';
import { compareRuns, stepsToOneComment } from '../../../src/github/upsert-comment.ts';
import type { PullRequestComment, RunNumber } from '../../../src/ports/github.ts';

const bodyOf = (id: number, attempt = 1) =>
  `<!-- opencx-crawl-gate: x --><!-- run ${id} attempt ${attempt} -->\n### Run ${id}`;
const comment = (id: number, body: string): PullRequestComment => ({
  id,
  body,
  author: { id: 1, kind: 'bot' },
});
const wanted = (id: number, { attempt = 1, create = true } = {}) => ({
  run: { id, attempt },
  body: bodyOf(id, attempt),
  create,
});

test('the first run creates the comment, once', () => {
  expect(stepsToOneComment([], wanted(1), false)).toEqual([{ kind: 'create', body: bodyOf(1) }]);
  expect(stepsToOneComment([], wanted(1), true)).toEqual([]);
});

test('with on-failure nothing is created, and what exists is edited', () => {
  const quiet = wanted(2, { create: false });
  expect(stepsToOneComment([], quiet, false)).toEqual([]);
  expect(stepsToOneComment([comment(5, bodyOf(1))], quiet, false)).toEqual([
    { kind: 'edit', id: 5, body: bodyOf(2) },
  ]);
});

test.each([
  ['an older run', bodyOf(1)],
  ['an older attempt', bodyOf(7, 1)],
  ['an earlier version of the action', '<!-- opencx-crawl-gate: x -->\n### Old'],
])('the comment of %s is edited', (_, body) => {
  expect(stepsToOneComment([comment(5, body)], wanted(7, { attempt: 2 }), false)).toEqual([
    { kind: 'edit', id: 5, body: bodyOf(7, 2) },
  ]);
});

test('the comment of a newer run or attempt is kept', () => {
  expect(stepsToOneComment([comment(5, bodyOf(8))], wanted(7), false)).toEqual([]);
  expect(stepsToOneComment([comment(5, bodyOf(7, 2))], wanted(7), false)).toEqual([]);
});

test('of several, the oldest says what the newest run found', () => {
  const own = [comment(5, bodyOf(8)), comment(6, bodyOf(9)), comment(7, bodyOf(7))];
  const deletions = [
    { kind: 'delete', id: 6 },
    { kind: 'delete', id: 7 },
  ];
  expect(stepsToOneComment(own, wanted(7), true)).toEqual([
    { kind: 'edit', id: 5, body: bodyOf(9) },
    ...deletions,
  ]);
  expect(stepsToOneComment(own, wanted(10), false)).toEqual([
    { kind: 'edit', id: 5, body: bodyOf(10) },
    ...deletions,
  ]);
});

test('two jobs of one run do not overwrite each other for ever', () => {
  const other = comment(5, `${bodyOf(7)} of another job`);
  expect(stepsToOneComment([other], wanted(7), false)).toHaveLength(1);
  expect(stepsToOneComment([other], wanted(7), true)).toEqual([]);
});

test('runs are compared by number, then by attempt', () => {
  const run = (id: number, attempt = 1): RunNumber => ({ id, attempt });
  expect(compareRuns(run(99), run(100))).toBeLessThan(0);
  expect(compareRuns(run(5, 2), run(5, 1))).toBeGreaterThan(0);
  expect(compareRuns(run(5), run(5))).toBe(0);
  expect(compareRuns(undefined, run(1))).toBeLessThan(0);
  expect(compareRuns(run(1), undefined)).toBeGreaterThan(0);
  expect(compareRuns(undefined, undefined)).toBe(0);
});
