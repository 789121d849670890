// The first file that runs. It is not bundled, and everything in it works with Node 16, because
// some runners of other forges start an action with the Node that they find.
import { appendFileSync } from 'node:fs';
import type { Interruption } from './main.ts';

const NEEDED_NODE = 24;

// Whatever goes wrong before the end: never green.
process.exitCode = 1;

// Before any other code is read, so that the earliest signal is not missed.
const interruption = new AbortController();
const interrupt = (reason: Interruption) => interruption.abort(reason);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupt({ signal }));
}
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => interrupt({ error }));
}
// Node prints its warnings about the environment as they are, secrets included.
process.removeAllListeners('warning');

if (Number(process.versions.node.split('.')[0]) < NEEDED_NODE) {
  fail(
    `This action needs Node.js ${NEEDED_NODE}, but the runner started it with Node.js ${process.versions.node}. ` +
      `Update the runner, or use a job container with Node.js ${NEEDED_NODE} or later.`,
  );
} else {
  let isLoaded = false;
  try {
    const { main } = await import('./main.ts');
    isLoaded = true;
    await main(interruption.signal);
  } catch (error) {
    fail(
      isLoaded
        ? // What it says is not shown, because the secrets have not been taken out of it.
          "The action hit an internal error that it could not report. Open an issue in the action's repository."
        : `The code of this action could not be loaded: ${String(error)}`,
    );
  }
}

/** Ends the step in red, when the gate cannot do it (contract, section Outcomes). */
function fail(reason: string): void {
  const message = reason.replace(/\s+/g, ' ');
  const escaped = message.replace(/%/g, '%25');
  const command = `::error title=The action hit an internal error::${escaped}\n`;
  // First, because the file might be what is broken.
  process.stdout.write(command, () => process.exit(1));
  const outputs = process.env['GITHUB_OUTPUT'];
  if (outputs) appendFileSync(outputs, `outcome=internal-error\nmessage=${message}\n`);
}
