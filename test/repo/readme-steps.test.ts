import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { START, tell } from '../support/virtual-world.ts';

const readme = readFileSync(join(resolve(import.meta.dirname, '../..'), 'README.md'), 'utf8');

interface Step {
  with?: { require: string };
}

/** The rules of the steps that the README shows, with a deployment two minutes before the step. */
const [freshness = '', deployment = ''] = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)]
  .flatMap(([, yaml = '']) => {
    const parsed = parse(yaml) as Step[] | { jobs: { crawl: { steps: Step[] } } };
    return Array.isArray(parsed) ? parsed : parsed.jobs.crawl.steps;
  })
  .flatMap((step) => step.with?.require ?? [])
  .map((rules) => rules.replace(/\$\{\{.*?\}\}/, new Date(START - 120_000).toISOString()));

const outcomeOf = async (scenario: string, require: string) =>
  (await tell({ scenarios: [scenario], active: true, inputs: { require } })).outputs['outcome'];

describe('the first example of the README', () => {
  it.each([
    ['no crawl is running', 'idle', 'succeeded'],
    ['a crawl is running', 'steady', 'succeeded'],
    ['no crawl has ever finished', 'idle-never', 'not-found'],
  ])('ends as expected when %s', async (_, scenario, outcome) => {
    expect(await outcomeOf(scenario, freshness)).toBe(outcome);
  });
});

describe('the second example of the README', () => {
  it.each([
    ['the crawl starts with the step', 'steady', 'succeeded'],
    ['the crawl is visible later', 'late-active', 'succeeded'],
    ['the crawl finished before the step', 'finished', 'succeeded'],
    ['the crawl lost pages', 'lost-pages', 'rejected'],
    ['only an older crawl has finished', 'idle', 'rejected'],
  ])('ends as expected when %s', async (_, scenario, outcome) => {
    expect(await outcomeOf(scenario, deployment)).toBe(outcome);
  });
});
