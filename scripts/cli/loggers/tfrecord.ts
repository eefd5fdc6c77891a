import { Crc32c } from '@aws-crypto/crc32c';

const headerBytes = 12;
const footerBytes = 4;
const maskDelta = 0xa282ead8;

/**
 * Records of a TFRecord file (tensorflow.org, TFRecord format): length (8 bytes), its masked CRC-32C, data, its masked CRC-32C. Ends where
 * a record is cut off or damaged, as a writer that was killed leaves it; `onDamage` is told where.
 */
export function* tfRecords(file: Buffer, onDamage: (offset: number) => void): Generator<Buffer> {
  let offset = 0;
  while (offset < file.length) {
    const length =
      offset + headerBytes <= file.length ? Number(file.readBigUInt64LE(offset)) : Number.POSITIVE_INFINITY;
    const end = offset + headerBytes + length + footerBytes;
    const isWhole =
      end <= file.length && file.readUInt32LE(offset + 8) === maskedCrc(file.subarray(offset, offset + 8));
    const data = isWhole ? file.subarray(offset + headerBytes, end - footerBytes) : undefined;
    if (data === undefined || file.readUInt32LE(end - footerBytes) !== maskedCrc(data)) {
      onDamage(offset);
      return;
    }
    yield data;
    offset = end;
  }
}

function maskedCrc(bytes: Uint8Array): number {
  const crc = new Crc32c().update(bytes).digest();
  return (((crc >>> 15) | (crc << 17)) + maskDelta) >>> 0;
}
