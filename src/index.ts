import { RunEnded } from './crawl/step.ts';
import { runGate } from './gate.ts';
import { machineClock } from './runner/clock.ts';
import { createHttp } from './runner/http.ts';
import { createRunner } from './runner/toolkit.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stop.abort(
      new RunEnded({
        outcome: 'aborted',
        reason: `The workflow was cancelled (${signal}) before the crawl had ended`,
      }),
    );
  });
}
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => stop.abort(error));
}

const green = await runGate({
  runner: createRunner(process.env),
  clock: machineClock,
  random: Math.random,
  connect: ({ apiUrl, token }) => createHttp(apiUrl, token, process.env),
  openGithub: async (token) =>
    // In the one bundle, but not run before it is wanted.
    (await import(/* webpackMode: "eager" */ './runner/github.ts')).openGithub(token, process.env),
  signal: stop.signal,
}).catch(() => false);

// A name look-up cannot be cancelled: without this it would hold the process after the end.
process.stdout.write('', () => process.exit(green ? 0 : 1));
