import { runGate } from './gate.ts';
import { readRunContext } from './github/event.ts';
import { systemClock } from './node/clock.ts';
import { exitNow } from './node/exit.ts';
import { createHttpClient } from './node/http-client.ts';
import { proxySecrets, routeTo } from './node/proxy.ts';
import { createRunner } from './node/toolkit.ts';
import { WaitAborted } from './wait/context.ts';
import { workflowCancelled } from './wait/verdicts.ts';

/** What `index.ts` ends the step with: a signal, or an error that nobody caught. */
export type Interruption = { signal: NodeJS.Signals } | { error: unknown };

/**
 * Wires Node and the toolkit to the gate, runs the step, and ends the process.
 *
 * @param interrupted aborts with an `Interruption`; it can have done so already
 * @throws what the gate cannot report itself
 */
export async function main(interrupted: AbortSignal): Promise<void> {
  const { env } = process;
  const http = createHttpClient(env, systemClock);
  const green = await runGate({
    runner: createRunner(env),
    clock: systemClock,
    random: Math.random,
    http,
    secrets: proxySecrets(env),
    routeProblem({ apiUrl, usesGithub }) {
      const github = env['GITHUB_API_URL'] || 'https://api.github.com';
      const urls = [apiUrl, usesGithub ? github : ''].filter((url) => URL.canParse(url));
      const routes = urls.map((url) => routeTo(url, env));
      return routes.find((route) => route.kind === 'unusable')?.problem;
    },
    ignoresCertificates: env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0',
    openGithub: async (token) => {
      const context = readRunContext(env);
      // The toolkit would read the event again, and throw or print what is wrong with it.
      delete env['GITHUB_EVENT_PATH'];
      // A bundle of its own, which is read only when it is wanted.
      const { createGithubClient } = await import(/* webpackIgnore: true */ './github/client.ts');
      return createGithubClient(token, context, { http, clock: systemClock });
    },
    signal: reasonsOf(interrupted),
  });
  // When all that was written before is out.
  process.stdout.write('', () => exitNow(green ? 0 : 1));
}

/** The signal with the reasons that the gate knows. */
function reasonsOf(interrupted: AbortSignal): AbortSignal {
  const stop = new AbortController();
  const pass = () => {
    const reason: Interruption = interrupted.reason;
    stop.abort(
      'signal' in reason ? new WaitAborted(workflowCancelled(reason.signal)) : reason.error,
    );
  };
  if (interrupted.aborted) pass();
  else interrupted.addEventListener('abort', pass, { once: true });
  return stop.signal;
}
