import { expect, it } from 'vitest';
import { describeProblem, describeStatus, type ResponseProblem } from '../../../src/api/problem.ts';

const PROBLEMS: readonly [ResponseProblem, string][] = [
  [{ kind: 'network', text: 'the connection was refused' }, 'the connection was refused'],
  [{ kind: 'status', status: 503 }, '503 Service Unavailable'],
  [{ kind: 'page', status: 403 }, 'a CDN or a proxy responded with an HTML page (403 Forbidden)'],
  [{ kind: 'stale', ageMs: 61_000 }, 'a cache responded with a copy that is 1m1s old'],
  [{ kind: 'not-json' }, 'the response is not JSON'],
  [{ kind: 'field', field: '' }, 'the response is not a JSON object'],
  [
    { kind: 'field', field: 'status' },
    'the response field status does not match the API documentation',
  ],
  [{ kind: 'other-id', of: 'crawl job' }, 'the response is for a different crawl job'],
];

it.each(PROBLEMS)('%j is "%s"', (problem, described) => {
  expect(describeProblem(problem)).toBe(described);
});

it('names the statuses that an API sends, and no other', () => {
  expect(describeStatus(422)).toBe('422 Unprocessable Content');
  expect(describeStatus(404)).toBe('404 Not Found');
  expect(describeStatus(599)).toBe('599');
});
