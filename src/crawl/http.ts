/** One answer of the API. */
export interface HttpAnswer {
  status: number;
  /** As it was sent, or `undefined`. */
  retryAfter: string | undefined;
  /**
   * Read to the end when the status is 2xx. Of 400 and 422 it is read only if that goes well, and
   * of others not at all: what they say stands in the status, whatever comes after it.
   */
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

/** How one request is sent. */
export interface RequestLimits {
  /** Milliseconds for all of it: name look-up, connection, TLS, proxy, body. */
  timeout: number;
  signal: AbortSignal;
  /** Is called when it is sent once more, because the server had closed the kept connection. */
  again?: () => void;
}

/** Sends GET requests; a parameter, so that the watch can be told stories without a network. */
export interface Http {
  /**
   * One GET. Redirects are not followed.
   *
   * @throws NetworkError when no whole answer came, the signal's reason when it aborts
   */
  get(url: string, limits: RequestLimits): Promise<HttpAnswer>;
}
