import { open } from 'node:fs/promises';
import { FileRejection, unreadable } from './file-rejection.ts';
import type { compressions } from './reading.ts';

type Compression = (typeof compressions)[number];

/** Begins and ends every Parquet file (Apache Parquet format, file layout). */
const parquetMagic = Buffer.from('PAR1');
const gzipMagic = Buffer.from([0x1f, 0x8b]);
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** What people upload by mistake. */
const others: readonly [magic: number[], what: string, cure: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive or an Excel workbook', 'Export it as CSV'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an Excel workbook', 'Export it as CSV'],
  [[0x42, 0x5a, 0x68], 'compressed by bzip2', 'Compress with gzip or zstd'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'compressed by xz', 'Compress with gzip or zstd'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7z archive', 'Compress with gzip or zstd'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document', 'Upload CSV, JSON Lines or Parquet'],
  [[0x50, 0x41, 0x52, 0x45], 'encrypted Parquet', 'Upload it without encryption: the bucket encrypts it'],
  [[0x4f, 0x52, 0x43], 'an ORC file', 'Upload Parquet'],
  [[0x4f, 0x62, 0x6a, 0x01], 'an Avro file', 'Upload Parquet'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'an Arrow file', 'Upload Parquet'],
];

const begins = (head: Buffer, magic: Buffer): boolean => head.subarray(0, magic.byteLength).equals(magic);

export const isParquet = (head: Buffer): boolean => begins(head, parquetMagic);

/** How a file is compressed; throws FileRejection for what is nothing that can be read. */
export function compressionOf(head: Buffer): Compression | undefined {
  if (begins(head, gzipMagic)) return 'gzip';
  if (begins(head, zstdMagic)) return 'zstd';
  const other = others.find(([magic]) => begins(head, Buffer.from(magic)));
  if (!other) return undefined;
  const [, what, cure] = other;
  throw unreadable(`The file is ${what}, which cannot be read. ${cure}, then upload it again.`);
}

/** Throws UploadTooDeep for what is compressed again, or Parquet, inside a compressed file. */
export function assertDecompressed(head: Buffer, outer: Compression): void {
  const inner = isParquet(head) ? 'Parquet' : compressionOf(head);
  if (inner)
    throw new FileRejection(
      'UploadTooDeep',
      `The ${outer} file holds a ${inner} file. Upload that one: ${isParquet(head) ? 'Parquet is compressed already' : 'one compression is undone, not two'}.`,
    );
}

/** Throws TruncatedUpload where a Parquet file has no end. */
export async function assertParquetFrame(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(parquetMagic.byteLength);
    await file.read(end, 0, end.byteLength, Math.max(0, size - end.byteLength));
    // The shortest holds both marks, the length of its footer and something of a footer.
    if (size < 12 || !end.equals(parquetMagic))
      throw new FileRejection(
        'TruncatedUpload',
        'The Parquet file has no end. Write the file whole and upload it again.',
      );
  } finally {
    await file.close();
  }
}
