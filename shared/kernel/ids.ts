import { createHash } from 'node:crypto';
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

/** The name-based UUID of RFC 9562 (version 5): the same namespace and name always give the same id. Throws for a namespace that is no UUID. */
export function uuidOfName(namespace: string, name: string): string {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (space.length !== 16) throw new Error(`'${namespace}' is no UUID.`);
  const bytes = createHash('sha1').update(space).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
