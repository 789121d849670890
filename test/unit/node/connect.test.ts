import { describe, expect, it, vi } from 'vitest';
import { alternateFamilies, connectToFirst } from '../../../src/node/connect.ts';

/** Attempts that connect or fail on command. */
function attempts() {
  const started: string[] = [];
  const destroyed: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<{ address: string; destroy(): void }>>();
  return {
    started,
    destroyed,
    attempt(address: string, signal: AbortSignal) {
      const end = Promise.withResolvers<{ address: string; destroy(): void }>();
      signal.addEventListener('abort', () => end.reject(signal.reason), { once: true });
      started.push(address);
      ends.set(address, end);
      return end.promise;
    },
    connect: (address: string) =>
      ends.get(address)?.resolve({ address, destroy: () => destroyed.push(address) }),
    fail: (address: string) => ends.get(address)?.reject(new Error(`${address} failed`)),
  };
}

const never = () => new AbortController().signal;

describe('the addresses of a host', () => {
  it('are tried side by side, and none is given up', async () => {
    const { attempt, connect, started } = attempts();
    const connection = connectToFirst(['slow', 'dead', 'dead too'], attempt, never(), 1);
    await vi.waitFor(() => expect(started).toEqual(['slow', 'dead', 'dead too']));
    connect('slow');
    expect(await connection).toMatchObject({ address: 'slow' });
  });

  it('are tried at once after one that failed', async () => {
    const { attempt, connect, fail, started } = attempts();
    const connection = connectToFirst(['refused', 'good'], attempt, never());
    fail('refused');
    await new Promise(setImmediate);
    expect(started).toEqual(['refused', 'good']);
    connect('good');
    expect(await connection).toMatchObject({ address: 'good' });
  });

  it('fail with what the first of them failed with', async () => {
    const { attempt, fail } = attempts();
    const connection = connectToFirst(['one', 'other'], attempt, never());
    fail('one');
    await new Promise(setImmediate);
    fail('other');
    await expect(connection).rejects.toThrow('one failed');
  });

  it('are left as soon as the signal aborts', async () => {
    const { attempt, started } = attempts();
    const stop = new AbortController();
    const connection = connectToFirst(['one', 'other'], attempt, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(connection).rejects.toThrow();
    expect(started).toEqual(['one']);
  });

  it('leave no second connection behind', async () => {
    const { attempt, connect, destroyed, started } = attempts();
    const connection = connectToFirst(['one', 'other'], attempt, never(), 1);
    await vi.waitFor(() => expect(started).toHaveLength(2));
    connect('one');
    connect('other');
    const { address } = await connection;
    await new Promise(setImmediate);
    expect([address, ...destroyed].sort()).toEqual(['one', 'other']);
  });

  it('take turns by family, in the order of the system', () => {
    const six = (address: string) => ({ address, family: 6 });
    const four = (address: string) => ({ address, family: 4 });
    expect(alternateFamilies([six('a'), six('b'), six('c'), four('1')])).toEqual([
      'a',
      '1',
      'b',
      'c',
    ]);
  });
});
