import { AwsError } from '../emulated-service.ts';

const DEFAULT_RESULTS = 100;

/** Which part of a list a caller asks for; 0 results mean the default. */
export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/**
 * A page of a list, by the key of its last item, so that new items at the front shift nothing.
 * @throws AwsError InvalidToken for a token that names no item of the list
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  request: PageRequest,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const start = request.nextToken === undefined ? 0 : positionAfter(items, keyOf, request.nextToken);
  const end = start + (request.maxResults || DEFAULT_RESULTS);
  const page = items.slice(start, end);
  const last = page.at(-1);
  const hasMore = end < items.length && last !== undefined;
  return { items: page, nextToken: hasMore ? Buffer.from(keyOf(last)).toString('base64url') : undefined };
}

function positionAfter<T>(items: readonly T[], keyOf: (item: T) => string, nextToken: string): number {
  const key = Buffer.from(nextToken, 'base64url').toString();
  const position = items.findIndex((item) => keyOf(item) === key);
  if (position < 0) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return position + 1;
}
