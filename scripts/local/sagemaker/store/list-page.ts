import type { ListInput } from '../api/members.ts';
import { validationError } from '../api/validation.ts';

/** What List operations select and sort by. */
export interface Listed {
  readonly name: string;
  readonly creationTimeMs: number;
  readonly lastModifiedTimeMs?: number;
  readonly status?: string;
}

/**
 * One page of a List operation: filtered, sorted (newest first unless asked otherwise), at most `MaxResults` (10).
 * @param defaultOrder what the operation sorts by when the request does not say.
 */
export function listPage<T extends Listed>(
  items: readonly T[],
  input: ListInput,
): { page: T[]; nextToken?: string } {
  const matching = items.filter((item) => matches(item, input)).sort((a, b) => compare(a, b, input));
  const start = readToken(input.NextToken);
  const end = start + (input.MaxResults ?? 10);
  const page = matching.slice(start, end);
  return end < matching.length ? { page, nextToken: Buffer.from(String(end)).toString('base64') } : { page };
}

function matches(item: Listed, input: ListInput): boolean {
  const created = item.creationTimeMs / 1000;
  const modified = (item.lastModifiedTimeMs ?? item.creationTimeMs) / 1000;
  return (
    (input.NameContains === undefined || item.name.includes(input.NameContains)) &&
    (input.StatusEquals === undefined || item.status === input.StatusEquals) &&
    created > (input.CreationTimeAfter ?? Number.NEGATIVE_INFINITY) &&
    created < (input.CreationTimeBefore ?? Number.POSITIVE_INFINITY) &&
    modified > (input.LastModifiedTimeAfter ?? Number.NEGATIVE_INFINITY) &&
    modified < (input.LastModifiedTimeBefore ?? Number.POSITIVE_INFINITY)
  );
}

function compare(a: Listed, b: Listed, input: ListInput): number {
  const direction = (input.SortOrder ?? 'Descending') === 'Ascending' ? 1 : -1;
  if (input.SortBy === 'Name') return direction * a.name.localeCompare(b.name);
  if (input.SortBy === 'Status') return direction * (a.status ?? '').localeCompare(b.status ?? '');
  return direction * (a.creationTimeMs - b.creationTimeMs || a.name.localeCompare(b.name));
}

function readToken(token: string | undefined): number {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString('latin1'));
  if (!Number.isInteger(start) || start < 0) throw validationError('Invalid NextToken.');
  return start;
}
