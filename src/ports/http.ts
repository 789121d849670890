/** One request. Nothing is added to its headers but what HTTP itself needs. */
export interface HttpRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** The largest body of a 2xx response. A larger one is a malformed response. */
  maxBodyBytes: number;
  /** Milliseconds for all of it: DNS lookup, connection, TLS, proxy, body. */
  timeout: number;
  signal: AbortSignal;
  /** Is called when it is sent once more, because the server had closed the kept connection. */
  resent?: () => void;
}

/** One response of any status. */
export interface HttpResponse {
  status: number;
  /** Names in lower case; of a repeated header the first value. */
  headers: Readonly<Record<string, string | undefined>>;
  /**
   * Complete when the status is 2xx. The body of another status only explains that status: it is
   * empty when it is large, slow, or broken.
   */
  body: string;
}

/** No complete response came from the network or from what is in between. */
export class NetworkError extends Error {
  /** There was a response, but not one that an API sends: too large, or in a broken encoding. */
  readonly malformed: boolean;
  /** The timeout of the request passed. */
  readonly timedOut: boolean;

  constructor(
    message: string,
    {
      malformed = false,
      timedOut = false,
      cause,
    }: { malformed?: boolean; timedOut?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'NetworkError';
    this.malformed = malformed;
    this.timedOut = timedOut;
  }
}

/** Sends requests; a parameter, so that the wait can be tested without a network. */
export interface HttpClient {
  /**
   * Sends one request. Redirects are not followed.
   *
   * @throws NetworkError when no complete response came, the signal's reason when it aborts
   */
  send(request: HttpRequest): Promise<HttpResponse>;
}
