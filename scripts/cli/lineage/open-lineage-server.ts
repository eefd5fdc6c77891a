import { setTimeout as sleep } from 'node:timers/promises';
import { CliFailure, exitCodes } from '../failure.ts';

/** Statuses after which the same request may succeed. */
const passingStatuses = new Set([408, 429, 500, 502, 503, 504]);
const maxAttempts = 5;
const timeoutMs = 30_000;
/** Where Marquez and others take events, unless the address has a path of its own. */
const eventsPath = '/api/v1/lineage';

/** The address that events are sent to. Throws CliFailure (usage) for one that is none. */
export function eventsUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new CliFailure(
      exitCodes.usage,
      `'${address}' is no address to send to. Write https://<host>[:port], and a path where it is not ${eventsPath}.`,
    );
  if (url.pathname === '/') url.pathname = eventsPath;
  return url;
}

/**
 * Sends one event, again where the server is busy or does not answer. Throws CliFailure: `refused` with the server's own words,
 * `unreachable` when it did not take the event in the end.
 */
export async function sendEvent(
  url: URL,
  event: unknown,
  {
    apiKey,
    pause = (attempt) => sleep(200 * 2 ** attempt),
  }: {
    readonly apiKey?: string | undefined;
    readonly pause?: (attempt: number) => Promise<unknown>;
  } = {},
): Promise<void> {
  const request = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
    },
    body: JSON.stringify(event),
  };
  let last = '';
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    if (attempt > 1) await pause(attempt);
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs) }).catch(
      (error: unknown) => String((error as Error).cause ?? error),
    );
    if (typeof answer === 'string') {
      last = answer;
      continue;
    }
    const text = await answer.text();
    if (answer.ok) return;
    last = `it answers ${answer.status} ${text.slice(0, 500)}`.trim();
    if (!passingStatuses.has(answer.status))
      throw new CliFailure(exitCodes.refused, `${url.href} refused the event: ${last}`);
  }
  throw new CliFailure(
    exitCodes.unreachable,
    `${url.href} took no event in ${maxAttempts} attempts: ${last}`,
  );
}
