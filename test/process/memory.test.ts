import { describe, expect, it } from 'vitest';
import { play } from '../support/play.ts';

const many = Array.from({ length: 40 }, () => 'steady');
const heap = (megabytes: number) => ({ NODE_OPTIONS: `--max-old-space-size=${megabytes}` });

describe('the built bundle in a small heap', () => {
  it.each(['too-large', 'many-fields'])('outlasts 40 crawls with %s responses', async (fault) => {
    const played = await play({
      scenarios: many,
      faults: [{ fault }],
      inputs: { timeout: '4s', 'outage-timeout': '3s', 'request-timeout': '2s' },
      env: heap(128),
    });
    expect(played.outputs['outcome']).toMatch(/^(invalid-response|unreachable|timed-out)$/);
    expect(JSON.parse(played.outputs['result'] ?? '').crawls).toHaveLength(40);
    expect(played.stderr).toBe('');
  });
});
