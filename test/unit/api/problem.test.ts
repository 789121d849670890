import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
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

describe('a status', () => {
  const named = [301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 410, 421, 425];

  it.each([...named, 429, 500, 502, 503, 504])('%d has the name that Node has for it', (status) => {
    expect(describeStatus(status)).toBe(`${status} ${STATUS_CODES[status]}`);
  });

  it('422 has its present name, and one that an API does not give has none', () => {
    expect(describeStatus(422)).toBe('422 Unprocessable Content');
    expect(describeStatus(418)).toBe('418');
    expect(describeStatus(599)).toBe('599');
  });
});
