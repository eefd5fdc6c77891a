import { createHash, randomUUID } from 'node:crypto';
import type jsonata from 'jsonata';

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
const MAX_RANGE_ITEMS = 1000;

/** A function that Step Functions adds to JSONata, with the signature that JSONata checks arguments by. */
interface QueryFunction {
  readonly name: string;
  readonly signature: string;
  readonly implementation: Parameters<jsonata.Expression['registerFunction']>[1];
}

/** The functions that Step Functions adds to JSONata: $partition, $range, $hash, $random, $uuid and $parse. */
export const queryFunctions: readonly QueryFunction[] = [
  { name: 'partition', signature: '<an:a>', implementation: partition },
  { name: 'range', signature: '<nnn:a<n>>', implementation: range },
  { name: 'hash', signature: '<xs:s>', implementation: hash },
  { name: 'random', signature: '<n?:n>', implementation: random },
  { name: 'uuid', signature: '<:s>', implementation: () => randomUUID() },
  { name: 'parse', signature: '<s:x>', implementation: (text: string): unknown => JSON.parse(text) },
];

function partition(items: readonly unknown[], size: number): unknown[][] {
  const chunk = Math.trunc(size);
  if (chunk < 1) throw new RangeError(`$partition: chunk size ${size} must be a positive integer`);
  const chunks: unknown[][] = [];
  for (let start = 0; start < items.length; start += chunk) chunks.push(items.slice(start, start + chunk));
  return chunks;
}

/** Both ends are included. */
function range(first: number, last: number, step: number): number[] {
  const [from, to, by] = [Math.trunc(first), Math.trunc(last), Math.trunc(step)];
  if (by === 0) throw new RangeError('$range: the step must not be 0');
  const count = Math.max(0, Math.floor((to - from) / by) + 1);
  if (count > MAX_RANGE_ITEMS)
    throw new RangeError(`$range: ${count} items exceed the limit of ${MAX_RANGE_ITEMS}`);
  return Array.from({ length: count }, (_, index) => from + index * by);
}

function hash(value: unknown, algorithm: string): string {
  const name = HASHES[algorithm];
  if (name === undefined)
    throw new RangeError(`$hash: unknown algorithm ${algorithm}; allowed: ${Object.keys(HASHES).join(', ')}`);
  return createHash(name)
    .update(typeof value === 'string' ? value : JSON.stringify(value))
    .digest('hex');
}

/** At least 0 and below 1; the same for the same seed (mulberry32, a public-domain generator). */
function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  let mixed = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}
