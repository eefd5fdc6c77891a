import { Transform, type TransformCallback } from 'node:stream';

/** How the bytes of a text file are cut into records. */
export interface RecordCut {
  /** Bytes of a character that is not beyond ASCII: UTF-16 has two. */
  readonly unit: 'one' | 'two-little-endian' | 'two-big-endian';
  /** Within a pair of these a line feed ends no record; doubled ones need no care. Undefined where none is special (JSON Lines). */
  readonly quote?: string;
  /** Whether the first record names the columns. */
  readonly hasHeader: boolean;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Leaves out records by their number (the first is 1, a header and empty lines do not count) and passes every other byte on as it
 * is: encoding, quoting, line ends and byte order mark stay.
 */
export class DropRecords extends Transform {
  readonly #dropped: ReadonlySet<number>;
  readonly #quote: number | undefined;
  readonly #width: 1 | 2;
  readonly #low: 0 | 1;
  #record: number;
  #isEmpty = true;
  #isQuoted = false;
  #odd: Buffer = Buffer.alloc(0);

  constructor(dropped: ReadonlySet<number>, { unit, quote, hasHeader }: RecordCut) {
    super();
    this.#dropped = dropped;
    this.#quote = quote?.charCodeAt(0);
    this.#width = unit === 'one' ? 1 : 2;
    this.#low = unit === 'two-big-endian' ? 1 : 0;
    this.#record = hasHeader ? -1 : 0;
  }

  override _transform(part: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const chunk = this.#odd.length > 0 ? Buffer.concat([this.#odd, part]) : part;
    const end = chunk.length - (chunk.length % this.#width);
    this.#odd = chunk.subarray(end);
    let start = 0;
    for (let at = 0; at < end; at += this.#width) {
      const code = this.#codeAt(chunk, at);
      if (code === this.#quote) this.#isQuoted = !this.#isQuoted;
      const endsRecord = code === lineFeed && !this.#isQuoted;
      if (this.#isEmpty && !endsRecord && code !== carriageReturn) this.#begin();
      if (!endsRecord) continue;
      this.#pass(chunk.subarray(start, at + this.#width));
      start = at + this.#width;
      this.#isEmpty = true;
    }
    this.#pass(chunk.subarray(start, end));
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#pass(this.#odd);
    done();
  }

  #codeAt(chunk: Buffer, at: number): number {
    if (this.#width === 1) return chunk[at]!;
    return (chunk[at + 1 - this.#low]! << 8) | chunk[at + this.#low]!;
  }

  #begin(): void {
    this.#record++;
    this.#isEmpty = false;
  }

  /** Bytes of the current record, or of an empty line, which is nobody's and stays. */
  #pass(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#isEmpty || !this.#dropped.has(this.#record)) this.push(bytes);
  }
}
