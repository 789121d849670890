/** What the codes of Node's network errors mean, in words that people search for. */
export const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the hostname could not be resolved',
  EAI_AGAIN: 'the DNS lookup failed',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed unexpectedly',
  EPIPE: 'the connection was closed unexpectedly',
  ECONNABORTED: 'the connection was closed unexpectedly',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  HPE_HEADER_OVERFLOW: 'the headers of the response are too large',
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "the server's certificate is self-signed (to trust your own CA, set NODE_EXTRA_CA_CERTS)",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the server's certificate is signed by an unknown authority (to trust your own CA, set NODE_EXTRA_CA_CERTS)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the server's certificate is signed by an unknown authority (to trust your own CA, set NODE_EXTRA_CA_CERTS)",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the server's certificate is signed by an unknown authority (to trust your own CA, set NODE_EXTRA_CA_CERTS)",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for a different host",
};

/** Why a response is missing, from what Node threw: a few words and Node's code. */
export function explain(error: unknown): string {
  const code = codeOf(error);
  if (Object.hasOwn(EXPLANATIONS, code)) return `${EXPLANATIONS[code]} (${code})`;
  if (isBrokenEncoding(error)) return `the response could not be decompressed (${code})`;
  if (code.startsWith('HPE_')) return `the response is not valid HTTP (${code})`;
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}

/** What zlib throws: there was a response, but not one that an API sends. */
export function isBrokenEncoding(error: unknown): boolean {
  return /^(Z_|ERR__?ZLIB|ERR_BROTLI)/.test(codeOf(error));
}

/** Node's code of an error, such as `ECONNREFUSED`; empty without one. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
