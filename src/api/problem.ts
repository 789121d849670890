import { roughDuration } from '../duration.ts';

/** What came instead of a usable response. */
export type ResponseProblem =
  /** No whole response, in the HTTP client's own words. */
  | { kind: 'network'; text: string }
  | { kind: 'status'; status: number }
  /** An HTML page with a status that is the API's to give: a CDN or a proxy gave it. */
  | { kind: 'page'; status: number }
  /** A cache says that it is this many milliseconds old. */
  | { kind: 'stale'; ageMs: number }
  | { kind: 'not-json' }
  /** The documented field that is missing or of another kind; empty: it is not an object. */
  | { kind: 'field'; field: string }
  /** The response is about another job or datasource. */
  | { kind: 'other-id'; of: 'crawl job' | 'datasource' };

/** The problem in our own words, as the end of a sentence: `503 Service Unavailable`. */
export function describeProblem(problem: ResponseProblem): string {
  switch (problem.kind) {
    case 'network':
      return problem.text;
    case 'status':
      return describeStatus(problem.status);
    case 'page':
      return `a CDN or a proxy responded with an HTML page (${describeStatus(problem.status)})`;
    case 'stale':
      return `a cache responded with a copy that is ${roughDuration(problem.ageMs)} old`;
    case 'not-json':
      return 'the response is not JSON';
    case 'field':
      return problem.field === ''
        ? 'the response is not a JSON object'
        : `the response field ${problem.field} does not match the API documentation`;
    case 'other-id':
      return `the response is for a different ${problem.of}`;
  }
}

/** `503 Service Unavailable`, in our own words, because a status line is untrusted text. */
export function describeStatus(status: number): string {
  const name = STATUS_NAMES[status];
  return name === undefined ? `${status}` : `${status} ${name}`;
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  425: 'Too Early',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
