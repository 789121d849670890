/** One request. Nothing is added to its headers but what HTTP itself needs. */
export interface HttpRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body?: string;
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
   * Read to the end when the status is 2xx. Of other statuses it is read only if that goes well:
   * what they say is in the status, whatever comes after it.
   */
  body: string;
}

/** The network, or what is between, gave no whole response. */
export class NetworkError extends Error {
  /** The response was there, but it cannot be one of the API: too large, broken encoding. */
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

/** Sends requests; a parameter, so that the wait can be tested without a network. */
export interface HttpClient {
  /**
   * Sends one request. Redirects are not followed.
   *
   * @throws NetworkError when no whole response came, the signal's reason when it aborts
   */
  send(request: HttpRequest): Promise<HttpResponse>;
}
