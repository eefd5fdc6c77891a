import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, unlink, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../emulated-service.ts';
import { type ChecksumAlgorithm, type RunningChecksum, startChecksum } from './checksums.ts';
import type { ContentFile } from './types.ts';

/** A reader that began before an overwrite may still be reading; after this time the old file goes. */
const removalDelayMs = 60_000;

/** What was written and what it hashes to. */
export interface StoredContent extends ContentFile {
  /** Hexadecimal. */
  readonly md5: string;
  /** Base64 by algorithm, for the algorithms that were asked for. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
}

/** Bytes `from` to `to`, both included. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** The content files of one bucket. A file is written once, under a new name, and never changed. */
export class ContentStore {
  readonly #folder: string;
  readonly #removals = new Set<NodeJS.Timeout>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Writes a stream to a new file and hashes it on the way. Nothing stays when it rejects. */
  async write(
    source: Readable | AsyncIterable<Buffer>,
    algorithms: readonly ChecksumAlgorithm[],
    maxSizeBytes: number,
  ): Promise<StoredContent> {
    const file = randomUUID();
    const md5 = createHash('md5');
    const running = new Map(algorithms.map((algorithm) => [algorithm, startChecksum(algorithm)]));
    let sizeBytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, callback) {
        sizeBytes += chunk.length;
        md5.update(chunk);
        for (const checksum of running.values()) checksum.update(chunk);
        callback(sizeBytes > maxSizeBytes ? tooLarge(sizeBytes, maxSizeBytes) : null, chunk);
      },
    });
    try {
      await pipeline(source, measure, createWriteStream(path.join(this.#folder, file), { flags: 'wx' }));
    } catch (error) {
      unlink(path.join(this.#folder, file), () => undefined);
      throw error;
    }
    return { file, sizeBytes, md5: md5.digest('hex'), checksums: await digests(running) };
  }

  /** Streams a range of files that follow one another; rejects before the first byte when the first cannot be opened. */
  async read(files: readonly ContentFile[], range?: ByteRange): Promise<Readable> {
    const pieces = piecesOf(files, range);
    const [first] = pieces;
    if (first === undefined) return Readable.from([]);
    if (pieces.length > 1) return Readable.from(this.#readPieces(pieces));
    const handle = await open(path.join(this.#folder, first.file));
    return handle.createReadStream({ start: first.from, end: first.to });
  }

  /** Removes files that no version refers to any more. */
  remove(files: readonly ContentFile[]): void {
    if (files.length === 0) return;
    const timer = setTimeout(() => {
      this.#removals.delete(timer);
      for (const { file } of files) unlink(path.join(this.#folder, file), () => undefined);
    }, removalDelayMs).unref();
    this.#removals.add(timer);
  }

  /** Removes what crashes and delayed removals left behind. */
  keepOnly(files: ReadonlySet<string>): void {
    for (const file of readdirSync(this.#folder)) {
      if (!files.has(file)) unlinkSync(path.join(this.#folder, file));
    }
  }

  /** Forgets delayed removals; `keepOnly` makes up for them at the next start. */
  stop(): void {
    for (const timer of this.#removals) clearTimeout(timer);
    this.#removals.clear();
  }

  async *#readPieces(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
    for (const { file, from, to } of pieces) {
      yield* createReadStream(path.join(this.#folder, file), {
        start: from,
        end: to,
      }) as AsyncIterable<Buffer>;
    }
  }
}

interface Piece extends ByteRange {
  readonly file: string;
}

function piecesOf(files: readonly ContentFile[], range: ByteRange | undefined): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const { file, sizeBytes } of files) {
    const from = Math.max(range?.from ?? 0, start) - start;
    const to = Math.min((range?.to ?? Number.POSITIVE_INFINITY) - start, sizeBytes - 1);
    if (from <= to) pieces.push({ file, from, to });
    start += sizeBytes;
  }
  return pieces;
}

async function digests(
  running: ReadonlyMap<ChecksumAlgorithm, RunningChecksum>,
): Promise<Partial<Record<ChecksumAlgorithm, string>>> {
  const values: Partial<Record<ChecksumAlgorithm, string>> = {};
  for (const [algorithm, checksum] of running) values[algorithm] = await checksum.digest();
  return values;
}

function tooLarge(sizeBytes: number, maxSizeBytes: number): AwsError {
  return new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
    ProposedSize: sizeBytes,
    MaxSizeAllowed: maxSizeBytes,
  });
}
