import { describe, expect, it } from 'vitest';
import { createFetch } from '../../../src/github/fetch.ts';
import type { HttpRequest, HttpResponse } from '../../../src/ports/http.ts';

const URL_OF_STATUS = 'https://api.github.example/statuses/1';

/** Sends a POST to a server that gives these responses in turn, the last one again and again. */
async function post(...responses: Partial<HttpResponse>[]) {
  const sent: HttpRequest[] = [];
  const http = {
    async send(request: HttpRequest) {
      sent.push(request);
      const given = responses[sent.length - 1] ?? responses.at(-1);
      return { status: 200, headers: {}, body: '', ...given };
    },
  };
  const response = await createFetch(http, 1_000)(URL_OF_STATUS, {
    method: 'POST',
    body: '{}',
    headers: { Authorization: 'token x' },
  });
  return { sent, response };
}

const redirect = (status: number, location: string) => ({ status, headers: { location } });

describe('the fetch of the GitHub toolkit', () => {
  it.each([301, 302, 307, 308])('follows a %i with the same method and body', async (status) => {
    const { sent, response } = await post(redirect(status, '/moved'), { status: 201, body: '{}' });
    expect(response.status).toBe(201);
    expect(sent.map(({ method, url, body }) => ({ method, url, body }))).toEqual([
      { method: 'POST', url: URL_OF_STATUS, body: '{}' },
      { method: 'POST', url: 'https://api.github.example/moved', body: '{}' },
    ]);
    expect(sent[1]?.headers['authorization']).toBe('token x');
  });

  it.each([
    ['another host', redirect(307, 'https://other.example/')],
    ['another protocol', redirect(307, 'http://api.github.example/')],
    ['another method', redirect(303, '/moved')],
    ['nowhere', { status: 307, headers: {} }],
    ['what is not a URL', redirect(307, 'https://')],
  ])('does not follow a redirect to %s', async (_, response) => {
    const { sent, response: received } = await post(response);
    expect(received.status).toBe(response.status);
    expect(sent).toHaveLength(1);
  });

  it('follows three redirects in a row', async () => {
    const { sent, response } = await post(redirect(307, '/again'));
    expect(response.status).toBe(307);
    expect(sent).toHaveLength(4);
  });

  it.each([204, 304, 205])('has no body with status %i', async (status) => {
    const { response } = await post({ status });
    expect(await response.text()).toBe('');
  });

  it.each([
    [999, 599],
    [101, 200],
  ])('has a status that a Response allows: %i', async (status, expected) => {
    const { response } = await post({ status });
    expect(response.status).toBe(expected);
  });
});
