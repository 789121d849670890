import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../../emulator/certificate.ts';
import { play } from '../support/play.ts';

describe.concurrent('a runner on which something is wrong', () => {
  it.runIf(process.platform === 'linux')(
    'has a full disk: no report says success when later steps would see no outputs',
    async () => {
      const played = await play({ scenario: 'tiny', env: { GITHUB_OUTPUT: '/dev/full' } });
      expect(played.exitCode).toBe(1);
      expect(played.annotations).toMatchObject([
        { level: 'error', title: 'OpenCX crawl: internal-error' },
      ]);
      expect(played.annotations[0]?.message).toContain('Could not write the outputs');
      expect(played.annotations[0]?.message).toContain('disk space');
      expect(played.summary).toContain('❌');
      expect(played.summary).not.toContain('✅');
    },
  );

  it('turns certificates off: they are verified all the same, and one warning says so', async () => {
    const played = await play({
      tls: await makeCertificate(['127.0.0.1']),
      inputs: { 'outage-timeout': '0s' },
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    });
    expect(played.outputs['outcome']).toBe('unreachable');
    expect(played.emulator.requests).toEqual([]);
    const warnings = played.annotations.filter(({ level }) => level === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain('NODE_EXTRA_CA_CERTS');
    expect(played.stderr).toBe('');
  });

  it('has a proxy whose credentials end with a line break: they are shown nowhere', async () => {
    const played = await play({
      apiUrl: () => 'https://api.example.test',
      inputs: { 'outage-timeout': '0s' },
      env: { HTTPS_PROXY: 'http://me:pass-word%@127.0.0.1:9\n' },
    });
    expect(played.outputs['outcome']).toBe('unreachable');
    expect(played.outputs['message']).toContain('the proxy 127.0.0.1:9');
    const shown = played.everything.replaceAll(/^::add-mask::.*$/gm, '');
    expect(shown).not.toContain('pass-word');
  });
});
