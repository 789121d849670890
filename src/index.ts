import { workflowCancelled } from './crawl/step.ts';
import { runGate } from './gate.ts';
import { machineClock } from './runner/clock.ts';
import { createHttp } from './runner/http.ts';
import { leave } from './runner/leave.ts';
import { readPlace } from './runner/place.ts';
import { createRunner } from './runner/toolkit.ts';

// Whatever goes wrong before the end: never green.
process.exitCode = 1;

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
}).catch((error: unknown) => {
  process.stderr.write(`The action itself failed: ${String(error)}\n`);
  return false;
});

// When all that was written before is out.
process.stdout.write('', () => leave(green ? 0 : 1));
