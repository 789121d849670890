import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** A key and its self-signed certificate, both PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/**
 * Makes a self-signed certificate for names and IP addresses.
 *
 * @param notAfter when it expires. Default: in a year
 */
export async function makeCertificate(
  hosts: readonly string[],
  notAfter: Date = new Date(Date.now() + 365 * 86_400_000),
): Promise<Certificate> {
  const { private: key, cert } = await generate(
    [{ name: 'commonName', value: hosts[0] ?? 'localhost' }],
    {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(Date.now() - 2 * 365 * 86_400_000),
      notAfterDate: notAfter,
      extensions: [
        { name: 'basicConstraints', cA: true },
        {
          name: 'subjectAltName',
          altNames: hosts.map((host) =>
            isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host },
          ),
        },
      ],
    },
  );
  return { key, cert };
}
