import { describe, expect, it } from 'vitest';
import { describePages, describeState } from '../../src/wording.ts';
import { facts } from '../support/crawl-builders.ts';

describe('the pages of a crawl', () => {
  it.each([
    [{ status: 'scraping', completed_pages: 312, total_pages: 800 }, '312 of 800 pages'],
    [{ status: 'scraping', completed_pages: 0, total_pages: 1 }, '0 of 1 page'],
    [{ status: 'scraping', completed_pages: 312, total_pages: null }, '312 pages so far'],
    [{ status: 'scraping', completed_pages: 1, total_pages: null }, '1 page so far'],
    [{ status: 'completed', completed_pages: 312, total_pages: null }, '312 pages'],
    [{ status: 'scraping', completed_pages: null, total_pages: 8 }, '0 of 8 pages'],
  ])('of %j are "%s"', (crawl, described) => {
    expect(describePages(facts({ completed_at: null, ...crawl }))).toBe(described);
  });
});

describe('the state of a crawl', () => {
  it.each([
    ['pending', 'pending, 3 of 8 pages'],
    ['archived', 'in an undocumented state, 3 of 8 pages'],
    [undefined, 'in an undocumented state, 3 of 8 pages'],
  ])('of status %s is "%s"', (status, described) => {
    expect(describeState(facts({ status, completed_pages: 3, total_pages: 8 }))).toBe(described);
  });
});
