import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { LoggedMetric, MetricPoint } from '../domain/run.ts';

/**
 * A block holds points of one or more metrics in columns: per metric its name, the number of points, then timestamps and steps as
 * differences to the one before (variable length, zigzag) and values as 64-bit doubles. A point of a metric that is logged once a
 * second takes about 11 bytes. The first byte says whether what follows is deflated; blocks of a few hundred bytes are not.
 */
const plain = 0;
const deflated = 1;
const deflateFromBytes = 256;
/** Differences of safe integers below this are safe integers themselves. */
const maxExact = 2 ** 51;
const asDifferences = 0;
const asDoubles = 1;

export type PointsByKey = ReadonlyMap<string, readonly MetricPoint[]>;

/** Points by the name of their metric, in the order in which they came. */
export function grouped(points: Iterable<LoggedMetric>): Map<string, MetricPoint[]> {
  const byKey = new Map<string, MetricPoint[]>();
  for (const { key, value, timestamp, step } of points) {
    const list = byKey.get(key);
    if (list) list.push({ value, timestamp, step });
    else byKey.set(key, [{ value, timestamp, step }]);
  }
  return byKey;
}

/** The same points in two blocks: half of the metrics each, or of the points where there is one metric. */
export function halves(points: PointsByKey): PointsByKey[] {
  const entries = [...points];
  const [first] = entries;
  if (entries.length === 1 && first) {
    const [key, list] = first;
    const middle = Math.ceil(list.length / 2);
    return [list.slice(0, middle), list.slice(middle)].map((half) => new Map([[key, half]]));
  }
  const middle = Math.ceil(entries.length / 2);
  return [new Map(entries.slice(0, middle)), new Map(entries.slice(middle))];
}

export function encodeBlock(points: PointsByKey): Uint8Array {
  const writer = new Writer();
  for (const [key, list] of points) {
    writer.text(key);
    writer.unsigned(list.length);
    writer.integers(list.map(({ timestamp }) => timestamp));
    writer.integers(list.map(({ step }) => step));
    for (const { value } of list) writer.double(value);
  }
  const bytes = writer.bytes();
  const packed = bytes.length < deflateFromBytes ? bytes : deflateRawSync(bytes, { level: 1 });
  const isSmaller = packed.length < bytes.length;
  return Buffer.concat([Buffer.of(isSmaller ? deflated : plain), isSmaller ? packed : bytes]);
}

/** The points of a block; those of other metrics than `only` are passed over. */
export function decodeBlock(block: Uint8Array, only?: string): Map<string, MetricPoint[]> {
  const content = Buffer.from(block.buffer, block.byteOffset + 1, block.byteLength - 1);
  const reader = new Reader(block[0] === deflated ? inflateRawSync(content) : content);
  const byKey = new Map<string, MetricPoint[]>();
  while (!reader.isAtEnd) {
    const key = reader.text();
    const count = reader.unsigned();
    const timestamps = reader.integers(count);
    const steps = reader.integers(count);
    if (only !== undefined && key !== only) {
      reader.skip(count * 8);
      continue;
    }
    const list = byKey.get(key) ?? [];
    for (let i = 0; i < count; i++)
      list.push({ value: reader.double(), timestamp: timestamps[i]!, step: steps[i]! });
    byKey.set(key, list);
  }
  return byKey;
}

class Writer {
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  text(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.unsigned(bytes);
    this.#reserve(bytes);
    this.#length += this.#buffer.write(text, this.#length);
  }

  /** Seven bits to a byte, the lowest first. */
  unsigned(number: number): void {
    this.#reserve(8);
    let rest = number;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  integers(numbers: readonly number[]): void {
    if (numbers.some((number) => Math.abs(number) >= maxExact)) {
      this.unsigned(asDoubles);
      for (const number of numbers) this.double(number);
      return;
    }
    this.unsigned(asDifferences);
    let before = 0;
    for (const number of numbers) {
      const difference = number - before;
      this.unsigned(difference < 0 ? -2 * difference - 1 : 2 * difference);
      before = number;
    }
  }

  double(number: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(number, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    this.#buffer = Buffer.concat([this.#buffer], Math.max(this.#buffer.length * 2, this.#length + bytes));
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  text(): string {
    const bytes = this.unsigned();
    this.#at += bytes;
    return this.#bytes.toString('utf8', this.#at - bytes, this.#at);
  }

  unsigned(): number {
    let number = 0;
    for (let place = 1; ; place *= 0x80) {
      const byte = this.#bytes[this.#at++]!;
      number += (byte & 0x7f) * place;
      if (byte < 0x80) return number;
    }
  }

  integers(count: number): number[] {
    if (this.unsigned() === asDoubles) return Array.from({ length: count }, () => this.double());
    let before = 0;
    return Array.from({ length: count }, () => {
      const coded = this.unsigned();
      before += coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
      return before;
    });
  }

  double(): number {
    this.#at += 8;
    return this.#bytes.readDoubleLE(this.#at - 8);
  }
}
