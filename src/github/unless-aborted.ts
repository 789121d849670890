import { GithubError } from '../ports/github.ts';

/**
 * The same promise, for those that do not notice a signal.
 *
 * @throws GithubError when the signal aborts first
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new GithubError('no-response', 'GitHub did not respond in time'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
