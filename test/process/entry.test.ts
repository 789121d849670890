import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_SIGNALS, play } from '../support/play.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crawl-gate-entry-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A copy of the bundle whose second file starts with this code. */
function entryWith(name: string, code: string): string {
  const dist = join(folder, name);
  cpSync(dirname(process.env['ACTION_ENTRY'] ?? ''), dist, { recursive: true });
  const main = join(dist, 'main.js');
  writeFileSync(main, `${code}\n${readFileSync(main, 'utf8')}`);
  return join(dist, 'index.js');
}

const preloaded = (code: string) => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}`,
});

describe.concurrent('the entry of the built bundle', () => {
  it.runIf(HAS_SIGNALS).each(['SIGTERM', 'SIGINT'])(
    'obeys %s while the rest is still being loaded',
    async (signal) => {
      const code = `process.kill(process.pid, '${signal}');
        await new Promise((resolve) => setTimeout(resolve, 100));`;
      const played = await play({ scenario: 'slow', entry: entryWith(signal, code) });
      expect(played.outputs).toMatchObject({ outcome: 'aborted', requests: '0' });
      expect(played.outputs['message']).toContain(signal);
      expect(played.summary).not.toBe('');
      expect(played.exitCode).toBe(1);
      expect(played.emulator.requests).toEqual([]);
    },
  );

  it('says in one sentence that the rest cannot be loaded', async () => {
    const played = await play({
      entry: entryWith('broken', "throw new Error('50% of it is gone');"),
    });
    expect(played.outputs['outcome']).toBe('internal-error');
    expect(played.annotations).toEqual([
      expect.objectContaining({ level: 'error', message: expect.stringContaining('50% of it') }),
    ]);
    expect(played.exitCode).toBe(1);
    expect(played.everything).not.toContain('at file:');
  });

  it.each(['16.20.2', '18.20.8', '20.20.2', '22.11.0'])(
    'says in one sentence that Node %s is too old',
    async (version) => {
      const code = `Object.defineProperty(process.versions, 'node', { value: '${version}' });`;
      const played = await play({ env: preloaded(code) });
      expect(played.outputs['outcome']).toBe('internal-error');
      expect(played.outputs['message']).toContain(`with Node.js ${version}. Update the runner`);
      expect(played.annotations).toHaveLength(1);
      expect(played.exitCode).toBe(1);
      expect(played.emulator.requests).toEqual([]);
    },
  );
});
