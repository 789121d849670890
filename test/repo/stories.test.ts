import { expect, it } from 'vitest';
import { WORKFLOW_TESTS } from '../../scripts/e2e-workflows.ts';
import { STORIES, storiesFor } from '../../scripts/stories.ts';
import { outcomes } from '../../src/outcomes.ts';

it('has a message for every outcome', () => {
  const covered = storiesFor('messages').map(([, { outcome }]) => outcome);
  expect([...new Set(covered)].sort()).toEqual([...outcomes].sort());
});

it('uses every story somewhere', () => {
  const inWorkflows = WORKFLOW_TESTS.flatMap(({ stories }) => stories);
  const unused = Object.entries(STORIES).filter(
    ([name, { demo, messages, preview }]) =>
      !(demo || messages || preview || inWorkflows.includes(name)),
  );
  expect(unused.map(([name]) => name)).toEqual([]);
});

it('has every story that a workflow test names', () => {
  for (const { stories } of WORKFLOW_TESTS) {
    for (const name of stories) expect(Object.keys(STORIES)).toContain(name);
  }
});
