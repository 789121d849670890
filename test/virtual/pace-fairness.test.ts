import { describe, expect, it } from 'vitest';
import { type Sent, tell } from '../support/virtual-world.ts';

const SECOND = 1_000;
const MANY = 11;

/** One crawl at 770 of 800 pages, among eleven at 10 of 800, and the requests for each in order. */
async function among(position: number) {
  const scenarios = Array<string>(MANY).fill('just-started');
  scenarios.splice(position, 0, 'nearly-finished');
  const told = await tell({ scenarios, inputs: { summary: 'false' } });
  const result = JSON.parse(told.outputs['result'] ?? '');
  const path = told.sent.find(({ path }) => path.endsWith(result.crawls[position].job_id))?.path;
  return { told, path, of: told.sent.filter((sent) => sent.path === path) };
}

/** The requests after the first one of each crawl. */
function afterFirstRound(sent: readonly Sent[]): readonly Sent[] {
  return sent.filter(({ path }, index) => sent.findIndex((one) => one.path === path) < index);
}

describe('a crawl that is near its end when the step starts', () => {
  it.each([0, 5, MANY])('comes first from the second round on: number %i', async (position) => {
    const { told, path, of } = await among(position);
    const [second] = afterFirstRound(told.sent);
    expect(second?.path).toBe(path);
    // 30 pages at 4 a second: it finishes 7.5 s after its first check.
    const [first, last] = [of[0], of.at(-1)];
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(7 * SECOND);
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(10.5 * SECOND);
    expect(told.outputs['outcome']).toBe('succeeded');
  });

  it('is checked no more often for it, and the others still get their share', async () => {
    const { told, path, of } = await among(0);
    expect(of.length).toBeLessThanOrEqual(6);
    const others = new Map<string, number>();
    for (const sent of told.sent) {
      if (sent.path !== path) others.set(sent.path, (others.get(sent.path) ?? 0) + 1);
    }
    expect(others.size).toBe(MANY);
    for (const requests of others.values()) expect(requests).toBeGreaterThan(7);
  });
});
