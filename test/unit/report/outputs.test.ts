import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lastFinishedCrawl } from '../../../src/api/schemas.ts';
import type { CrawlFacts } from '../../../src/crawl.ts';
import { outputsOf } from '../../../src/report/outputs.ts';
import { datasourceResponse, facts } from '../../support/crawl-builders.ts';
import { crawlReport, crawlThat, idOf, runReport } from '../../support/run-results.ts';

const ofOne = (overrides: Partial<CrawlFacts>) =>
  outputsOf(runReport([crawlReport({ facts: facts(overrides) })]));

const COUNTERS = [
  'total-pages',
  'completed-pages',
  'new-pages',
  'updated-pages',
  'removed-pages',
  'unchanged-pages',
] as const;

describe('the outputs of one crawl', () => {
  it('are all that action.yml declares', () => {
    const action = parse(readFileSync(join(import.meta.dirname, '../../../action.yml'), 'utf8'));
    const declared = Object.keys(action.outputs).sort();
    expect(Object.keys(outputsOf(runReport())).sort()).toEqual(declared);
    expect(Object.keys(outputsOf(runReport([], { outcome: 'invalid-input' }))).sort()).toEqual(
      declared,
    );
  });

  it('tell its last known state', () => {
    const report = runReport([crawlReport()], { requests: 14, waitedMs: 93_210 });
    const { result, ...outputs } = outputsOf(report);
    expect(outputs).toEqual({
      outcome: 'succeeded',
      message: report.message,
      status: 'completed',
      'datasource-id': crawlReport().datasourceId,
      'job-id': crawlReport().jobId,
      'total-pages': '800',
      'completed-pages': '800',
      'new-pages': '6',
      'updated-pages': '12',
      'removed-pages': '4',
      'unchanged-pages': '778',
      changed: 'true',
      'error-message': '',
      'created-at': '2026-11-23T09:59:00.000Z',
      'started-at': '2026-11-23T10:00:00.000Z',
      'completed-at': '2026-11-23T10:20:00.000Z',
      'updated-at': '2026-11-23T10:20:01.000Z',
      'duration-seconds': '1200',
      'waited-seconds': '93.2',
      requests: '14',
    });
    expect(JSON.parse(result ?? '')).toMatchObject({ outcome: 'succeeded' });
  });

  it('tell it after a timeout too', () => {
    const scraping = facts({ status: 'scraping', completed_at: null, completed_pages: 300 });
    const outputs = outputsOf(runReport([crawlThat('timed-out', 1, { facts: scraping })]));
    expect(outputs).toMatchObject({
      outcome: 'timed-out',
      status: 'scraping',
      'completed-pages': '300',
      'completed-at': '',
      'duration-seconds': '',
    });
  });

  it.each([
    ['total_pages', 'total-pages'],
    ['created_at', 'created-at'],
    ['started_at', 'started-at'],
    ['completed_at', 'completed-at'],
    ['updated_at', 'updated-at'],
    ['error_message', 'error-message'],
  ] as const)('are empty where %s is null', (field, output) => {
    expect(ofOne({ [field]: null })[output]).toBe('');
  });

  it('are never empty for 0', () => {
    const outputs = ofOne({ total_pages: 0, completed_pages: 0, new_pages: 0 });
    expect(outputs).toMatchObject({ 'total-pages': '0', 'completed-pages': '0', 'new-pages': '0' });
  });

  it.each(['started_at', 'completed_at'])('know no duration without %s', (field) => {
    expect(ofOne({ [field]: null })['duration-seconds']).toBe('');
  });

  it('give the duration to a tenth of a second', () => {
    expect(
      ofOne({ started_at: '2026-11-23T10:00:00.000Z', completed_at: '2026-11-23T10:00:01.260Z' })[
        'duration-seconds'
      ],
    ).toBe('1.3');
  });

  it('put the error message on one line', () => {
    expect(ofOne({ error_message: 'quota\nreached \n now' })['error-message']).toBe(
      'quota reached now',
    );
  });

  it('are all on one line', () => {
    const outputs = ofOne({ status: 'a\nb', error_message: 'a\nb' });
    for (const [name, value] of Object.entries(outputs)) {
      if (!name.endsWith('-id')) expect(value, name).not.toMatch(/[\r\n]/);
    }
  });

  it('are empty, but for what the step knows, when nothing was seen', () => {
    const unseen = crawlThat('unreachable', 1, { facts: undefined, jobId: undefined });
    const { outcome, message, result, ...rest } = outputsOf(
      runReport([unseen], { requests: 3, waitedMs: 5_000 }),
    );
    expect(outcome).toBe('unreachable');
    expect(message).not.toBe('');
    expect(result).not.toBe('');
    const known = { 'datasource-id': idOf(1), requests: '3', 'waited-seconds': '5' };
    for (const [name, value] of Object.entries(rest)) {
      expect(`${name}: ${value}`).toBe(`${name}: ${(known as Record<string, string>)[name] ?? ''}`);
    }
  });

  it('tell of a crawl that only the datasource told of', () => {
    const crawl = lastFinishedCrawl(
      datasourceResponse() as Parameters<typeof lastFinishedCrawl>[0],
    );
    const outputs = outputsOf(runReport([crawlReport({ jobId: undefined, facts: crawl })]));
    expect(outputs).toMatchObject({
      status: '',
      'job-id': '',
      changed: '',
      'started-at': '2026-11-22T10:00:00.000Z',
      'completed-at': '2026-11-22T10:20:00.000Z',
      'duration-seconds': '1200',
    });
    for (const name of COUNTERS) expect(outputs[name]).toBe('');
  });
});

describe('a run without a crawl', () => {
  it('does not know whether anything changed', () => {
    expect(outputsOf(runReport([], { outcome: 'invalid-input' }))['changed']).toBe('');
  });
});
