/** One answer of the API, its body read to the end. */
export interface HttpAnswer {
  status: number;
  /** As it was sent, or `undefined`. */
  retryAfter: string | undefined;
  body: string;
}

/** The network, or what stands between, gave no whole answer. */
export class NetworkError extends Error {
  /** The answer was there, but it cannot be an answer of the API: too large, broken encoding. */
  readonly malformed: boolean;

  constructor(
    message: string,
    { malformed = false, cause }: { malformed?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'NetworkError';
    this.malformed = malformed;
  }
}

/** Sends GET requests; a parameter, so that the watch can be told stories without a network. */
export interface Http {
  /**
   * One GET. Redirects are not followed.
   *
   * @param timeout milliseconds for all of it: name look-up, connection, TLS, proxy, body
   * @throws NetworkError when no whole answer came, the signal's reason when it aborts
   */
  get(url: string, options: { timeout: number; signal: AbortSignal }): Promise<HttpAnswer>;
}
