import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../emulator/scenarios.ts';
import { play, TOKEN } from '../support/play.ts';

/** Tells on stderr where every connection goes. */
const SPY = `
  import { Socket } from 'node:net';
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (...args) {
    const [{ host, port } = {}] = [args[0]].flat();
    process.stderr.write('connects to ' + host + ':' + port + '\\n');
    return connect.apply(this, args);
  };`;

const FORMS = [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('base64')];

/** The rest of what was written when the runner's own mask commands are left out. */
const shown = (everything: string) => everything.replace(/^::add-mask::.*$/gm, '');

const INPUTS = { timeout: '3s', require: 'error_pages <= 100%', warn: 'age < 1h' };

describe.concurrent('the API key stays where it is', () => {
  it.each(Object.keys(SCENARIOS))('with the scenario "%s"', async (scenario) => {
    const played = await play({
      scenario,
      inputs: INPUTS,
      env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(SPY)}` },
    });
    for (const form of FORMS) expect(shown(played.everything)).not.toContain(form);
    expect(played.masks).toContain(TOKEN);
    expect(played.outputs['outcome']).toMatch(/^[a-z-]+$/);

    const { host } = new URL(played.emulator.url);
    const connections = played.stderr.match(/connects to \S+/g) ?? [];
    expect(connections.length).toBeGreaterThan(0);
    expect(new Set(connections)).toEqual(new Set([`connects to ${host}`]));
    for (const { authorization } of played.emulator.requests) {
      expect(authorization).toBe(`Bearer ${TOKEN}`);
    }
  });

  it.each(['redirect-to-other-host', 'redirect-to-itself', '401', '400', 'html'])(
    'with the response "%s"',
    async (fault) => {
      const played = await play({
        faults: [{ fault }],
        inputs: { 'outage-timeout': '0s' },
      });
      for (const form of FORMS) expect(shown(played.everything)).not.toContain(form);
      expect(played.emulator.requests).toHaveLength(1);
    },
  );

  it('when it stands in an input that is wrong', async () => {
    const played = await play({
      inputs: { require: `${TOKEN} < 5`, timeout: TOKEN, 'api-url': `https://${TOKEN}@host` },
    });
    expect(played.outputs['outcome']).toBe('invalid-input');
    for (const form of FORMS) expect(shown(played.everything)).not.toContain(form);
  });
});
