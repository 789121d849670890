import { runGate } from './gate.ts';
import { readRunContext } from './github/event.ts';
import { systemClock } from './node/clock.ts';
import { exitNow } from './node/exit.ts';
import { createHttpClient } from './node/http-client.ts';
import { createRunner } from './node/toolkit.ts';
import { WaitAborted } from './wait/context.ts';
import { workflowCancelled } from './wait/verdicts.ts';

// Whatever goes wrong before the end: never green.
process.exitCode = 1;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => stop.abort(new WaitAborted(workflowCancelled(signal))));
}
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => stop.abort(error));
}

const green = await runGate({
  runner: createRunner(process.env),
  clock: systemClock,
  random: Math.random,
  connect: ({ apiUrl }) => createHttpClient(apiUrl, process.env),
  openGithub: async (token) =>
    // A bundle of its own, which is read only when it is wanted.
    (await import(/* webpackIgnore: true */ './github/client.ts')).createGithubClient(
      token,
      readRunContext(process.env),
    ),
  signal: stop.signal,
}).catch((error: unknown) => {
  process.stderr.write(`The action itself failed: ${String(error)}\n`);
  return false;
});

// When all that was written before is out.
process.stdout.write('', () => exitNow(green ? 0 : 1));
