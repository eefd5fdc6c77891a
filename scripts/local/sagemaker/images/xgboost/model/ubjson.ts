/**
 * Universal Binary JSON (draft 12, https://ubjson.org) as far as XGBoost writes it: big-endian numbers, keys without the
 * `S` marker, arrays of one number type as `[$<type>#L<count>`. Model files come from uploads, so the reader treats every
 * length and depth as hostile.
 */

/** A value that the writer can encode. Typed arrays become typed UBJSON arrays. */
export type UbjsonValue =
  | string
  | number
  | Float32Array
  | Int32Array
  | Uint8Array
  | BigInt64Array
  | readonly UbjsonValue[]
  | { readonly [key: string]: UbjsonValue };

/** What the reader gives: arrays of numbers come back as `Float64Array`, objects without a prototype. */
export type DecodedUbjson =
  | string
  | number
  | boolean
  | null
  | Float64Array
  | DecodedUbjson[]
  | { [key: string]: DecodedUbjson };

const MAX_DEPTH = 32;
const NUMBER_BYTES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };

/** Encodes a value. Whole numbers use the smallest integer type, others 32-bit floats. */
export function encodeUbjson(value: UbjsonValue): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: UbjsonValue, parts: Buffer[]): void {
  if (typeof value === 'string') parts.push(Buffer.from('S'), encodedText(value));
  else if (typeof value === 'number') parts.push(encodedNumber(value));
  else if (value instanceof Float32Array)
    writeTyped('d', value, 4, (b, x, at) => b.writeFloatBE(x, at), parts);
  else if (value instanceof Int32Array) writeTyped('l', value, 4, (b, x, at) => b.writeInt32BE(x, at), parts);
  else if (value instanceof Uint8Array) writeTyped('U', value, 1, (b, x, at) => b.writeUInt8(x, at), parts);
  else if (value instanceof BigInt64Array)
    writeTyped('L', value, 8, (b, x, at) => b.writeBigInt64BE(x, at), parts);
  else if (isList(value)) {
    parts.push(Buffer.from('[#'), encodedLength(value.length));
    for (const item of value) write(item, parts);
  } else {
    parts.push(Buffer.from('{'));
    for (const [key, item] of Object.entries(value)) {
      parts.push(encodedText(key));
      write(item, parts);
    }
    parts.push(Buffer.from('}'));
  }
}

function isList(value: UbjsonValue): value is readonly UbjsonValue[] {
  return Array.isArray(value);
}

function writeTyped<T>(
  type: string,
  values: ArrayLike<T>,
  itemBytes: number,
  put: (buffer: Buffer, value: T, at: number) => void,
  parts: Buffer[],
): void {
  const body = Buffer.alloc(values.length * itemBytes);
  for (let i = 0; i < values.length; i++) put(body, values[i] as T, i * itemBytes);
  parts.push(Buffer.from(`[$${type}#`), encodedLength(values.length), body);
}

function encodedLength(length: number): Buffer {
  const out = Buffer.alloc(9);
  out.write('L', 0, 'latin1');
  out.writeBigInt64BE(BigInt(length), 1);
  return out;
}

function encodedText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([encodedLength(bytes.length), bytes]);
}

function encodedNumber(value: number): Buffer {
  const out = Buffer.alloc(5);
  if (Number.isInteger(value) && value >= -128 && value <= 127) {
    out.write('i', 0, 'latin1');
    out.writeInt8(value, 1);
    return out.subarray(0, 2);
  }
  if (Number.isInteger(value) && Math.abs(value) <= 0x7fffffff) {
    out.write('l', 0, 'latin1');
    out.writeInt32BE(value, 1);
    return out;
  }
  out.write('d', 0, 'latin1');
  out.writeFloatBE(value, 1);
  return out;
}

/** Decodes one document that fills `bytes`. Throws `Error` naming the byte offset where it is not what XGBoost writes. */
export function decodeUbjson(bytes: Buffer): DecodedUbjson {
  const reader = new Reader(bytes);
  const value = reader.value(reader.marker(), 0);
  if (reader.at !== bytes.length) throw reader.error(`${bytes.length - reader.at} bytes follow the document`);
  return value;
}

class Reader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  error(problem: string): Error {
    return new Error(`UBJSON: ${problem} (at byte ${this.at})`);
  }

  marker(): string {
    return String.fromCharCode(this.#bytes[this.#take(1)] as number);
  }

  value(marker: string, depth: number): DecodedUbjson {
    if (depth > MAX_DEPTH) throw this.error(`nested deeper than ${MAX_DEPTH} levels`);
    if (marker === '{') return this.#object(depth);
    if (marker === '[') return this.#array(depth);
    if (marker === 'S') return this.#text();
    if (marker === 'T') return true;
    if (marker === 'F') return false;
    if (marker === 'Z') return null;
    if (marker in NUMBER_BYTES) return this.#number(marker);
    throw this.error(`unknown type marker ${JSON.stringify(marker)}`);
  }

  #take(count: number): number {
    const start = this.at;
    if (count > this.#bytes.length - start)
      throw this.error(`${count} bytes are announced but the file ends`);
    this.at += count;
    return start;
  }

  #number(type: string): number {
    const start = this.#take(NUMBER_BYTES[type] as number);
    if (type === 'i') return this.#bytes.readInt8(start);
    if (type === 'U') return this.#bytes.readUInt8(start);
    if (type === 'I') return this.#bytes.readInt16BE(start);
    if (type === 'l') return this.#bytes.readInt32BE(start);
    if (type === 'd') return this.#bytes.readFloatBE(start);
    if (type === 'D') return this.#bytes.readDoubleBE(start);
    return Number(this.#bytes.readBigInt64BE(start));
  }

  /** A count or length; no element is smaller than one byte, so more than what is left of the file is a lie. */
  #length(): number {
    const type = this.marker();
    if (!'iUIlL'.includes(type)) throw this.error(`a length has type ${JSON.stringify(type)}`);
    const length = this.#number(type);
    if (length < 0 || length > this.#bytes.length - this.at)
      throw this.error(`length ${length} is impossible`);
    return length;
  }

  #text(): string {
    const length = this.#length();
    const start = this.#take(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  #object(depth: number): DecodedUbjson {
    const out: { [key: string]: DecodedUbjson } = Object.create(null);
    while (String.fromCharCode(this.#bytes[this.at] ?? 0) !== '}') {
      const key = this.#text();
      out[key] = this.value(this.marker(), depth + 1);
    }
    this.#take(1);
    return out;
  }

  #array(depth: number): DecodedUbjson {
    let marker = this.marker();
    if (marker === '$') return this.#typedArray();
    const out: DecodedUbjson[] = [];
    if (marker === '#') {
      const count = this.#length();
      for (let i = 0; i < count; i++) out.push(this.value(this.marker(), depth + 1));
      return out;
    }
    for (; marker !== ']'; marker = this.marker()) out.push(this.value(marker, depth + 1));
    return out;
  }

  #typedArray(): Float64Array {
    const type = this.marker();
    const itemBytes = NUMBER_BYTES[type];
    if (itemBytes === undefined) throw this.error(`an array has element type ${JSON.stringify(type)}`);
    if (this.marker() !== '#') throw this.error('an array has a type but no count');
    const count = this.#length();
    if (count * itemBytes > this.#bytes.length - this.at) throw this.error(`length ${count} is impossible`);
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = this.#number(type);
    return out;
  }
}
