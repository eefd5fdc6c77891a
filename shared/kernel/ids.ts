import { monotonicFactory } from 'ulid';

/** Makes identifiers that sort by the time they were made (ULID, 26 characters of Crockford base 32). */
export interface IdGenerator {
  next(): string;
}

const monotonic = monotonicFactory();
export const ulidGenerator: IdGenerator = { next: () => monotonic() };

/** Identifiers for tests: `<prefix>0001`, `<prefix>0002`, … */
export function sequentialIds(prefix: string): IdGenerator {
  let count = 0;
  return { next: () => `${prefix}${String(++count).padStart(4, '0')}` };
}
