/** One request as it came in, before an API is chosen. */
export interface GatewayRequest {
  readonly requestId: string;
  readonly method: string;
  /** Percent-encoded path within the stage, beginning with a slash. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly rawQuery: string;
  /** In the order and with the letter case of the sender. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly receivedAtMs: number;
}

/** What goes back to the caller. */
export interface GatewayAnswer {
  readonly status: number;
  /** Names may repeat, as `set-cookie` does. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Buffer;
  /** What access logs and metrics want to know of how it came about. */
  readonly trace?: AnswerTrace;
}

export interface AnswerTrace {
  readonly routeKey?: string;
  readonly resourcePath?: string;
  readonly integrationLatencyMs?: number;
  readonly integrationError?: string;
  readonly authorizerError?: string;
  readonly errorType?: string;
  readonly apiKeyId?: string;
  readonly principalId?: string;
}

/** Header by its lower-case name; several of the same name joined with a comma. */
export function headerOf(request: GatewayRequest, lowerCaseName: string): string | undefined {
  const values = request.headers
    .filter(([name]) => name.toLowerCase() === lowerCaseName)
    .map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(',');
}

/** An answer with a JSON body. */
export function jsonAnswer(
  status: number,
  body: unknown,
  headers: GatewayAnswer['headers'] = [],
): GatewayAnswer {
  return {
    status,
    headers: [['content-type', 'application/json'], ...headers],
    body: JSON.stringify(body),
  };
}

/** What an HTTP API says of a body above its own 10 MB, and of an event above the 6 MB that Lambda takes. */
export const requestTooLarge = (): GatewayAnswer => jsonAnswer(413, { message: 'Request Entity Too Large' });

/** Time as API Gateway writes it: `12/Mar/2025:19:03:58 +0000`. */
export function clfTime(timeMs: number): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(new Date(timeMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
