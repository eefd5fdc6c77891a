import { Transform, type TransformCallback } from 'node:stream';
import { AwsError } from '../emulated-service.ts';

const maxLineBytes = 16 * 1024;

/**
 * Takes the framing of `Content-Encoding: aws-chunked` off: `<hex size>[;chunk-signature=…]\r\n<data>\r\n … 0\r\n<trailers>\r\n`.
 * Trailing headers, such as a checksum, are in `trailers` when the stream has ended. Chunk signatures are not verified; the
 * request itself is.
 */
export class AwsChunkedDecoder extends Transform {
  readonly trailers: Record<string, string> = {};
  #pending: Buffer = Buffer.alloc(0);
  #dataLeft = 0;
  #state: 'size' | 'data' | 'data-end' | 'trailers' | 'done' = 'size';

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    try {
      while (this.#step());
      callback();
    } catch (error) {
      callback(error as Error);
    }
  }

  override _flush(callback: TransformCallback): void {
    const isWhole = this.#state === 'done' || (this.#state === 'trailers' && this.#pending.length === 0);
    callback(isWhole ? null : incomplete());
  }

  /** Takes one frame element off the pending bytes; false when more bytes are needed. */
  #step(): boolean {
    if (this.#state === 'done' || this.#pending.length === 0) return false;
    if (this.#state === 'data') return this.#takeData();
    const line = this.#takeLine();
    if (line === undefined) return false;
    if (this.#state === 'size') this.#startChunk(line);
    else if (this.#state === 'data-end') this.#state = 'size';
    else this.#takeTrailer(line);
    return true;
  }

  #takeData(): boolean {
    const data = this.#pending.subarray(0, this.#dataLeft);
    this.#pending = this.#pending.subarray(data.length);
    this.#dataLeft -= data.length;
    if (this.#dataLeft === 0) this.#state = 'data-end';
    this.push(data);
    return true;
  }

  #takeLine(): string | undefined {
    const end = this.#pending.indexOf('\r\n');
    if (end < 0) {
      if (this.#pending.length > maxLineBytes) throw incomplete();
      return undefined;
    }
    const line = this.#pending.toString('latin1', 0, end);
    this.#pending = this.#pending.subarray(end + 2);
    return line;
  }

  #startChunk(line: string): void {
    const size = line.split(';', 1)[0] ?? '';
    if (!/^[0-9a-f]+$/i.test(size)) throw incomplete();
    this.#dataLeft = Number.parseInt(size, 16);
    this.#state = this.#dataLeft === 0 ? 'trailers' : 'data';
  }

  #takeTrailer(line: string): void {
    const colon = line.indexOf(':');
    if (colon < 0) this.#state = 'done';
    else this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
}
