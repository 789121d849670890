import { workflowCancelled } from './crawl/step.ts';
import { runGate } from './gate.ts';
import { machineClock } from './runner/clock.ts';
import { createHttp } from './runner/http.ts';
import { readPlace } from './runner/place.ts';
import { createRunner } from './runner/toolkit.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stop.abort(workflowCancelled(signal)));
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
    // A bundle of its own, which is read only when it is wanted.
    (await import(/* webpackIgnore: true */ './runner/github.ts')).openGithub(
      token,
      readPlace(process.env),
    ),
  signal: stop.signal,
}).catch(() => false);

// A name look-up cannot be cancelled: without this it would hold the process after the end.
process.stdout.write('', () => process.exit(green ? 0 : 1));
