// @actions/core wants an HTTP client for one thing, OIDC tokens, which the gate never asks for.
// The real one loads undici: half of the time that the gate takes to start (docs/performance.md).
// `overrides` in package.json puts this in its place for @actions/core alone.
export class HttpClient {
  constructor() {
    throw new Error('this bundle has no HTTP client for OIDC tokens');
  }
}
