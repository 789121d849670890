// See ../README.md.
export class HttpClient {
  // @actions/github asks for these when it is loaded, and uses neither with a `fetch` of our own.
  getAgent() {
    return undefined;
  }

  getAgentDispatcher() {
    return undefined;
  }

  // @actions/core asks for an OIDC token with it. This action never does.
  getJson() {
    throw new Error('this bundle has no HTTP client for OIDC tokens');
  }
}
