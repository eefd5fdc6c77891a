import { crc32 } from 'node:zlib';
import { CliFailure, exitCodes } from '../failure.ts';

/** `:W&B`, a magic number and a version. */
const magic = ':W&B';
const fileHeaderBytes = 7;
const blockBytes = 32_768;
const recordHeaderBytes = 7;
/** A record lies in one block, or begins in one, goes on in others and ends in one. */
const recordTypes = { full: 1, first: 2, middle: 3, last: 4 } as const;

/**
 * Records of a `.wandb` file: LevelDB's log format (blocks of 32 KiB; CRC-32 of type and data, length, type) after a header of its own.
 * Ends where a record is cut off or damaged, as a process that was killed leaves it; `onDamage` is told where.
 */
export function* wandbRecords(file: Buffer, onDamage: (offset: number) => void): Generator<Buffer> {
  if (file.toString('latin1', 0, magic.length) !== magic) {
    throw new CliFailure(
      exitCodes.usage,
      'The file does not begin as .wandb files do. Is it one that W&B wrote offline?',
    );
  }
  let offset = fileHeaderBytes;
  let parts: Buffer[] = [];
  while (offset < file.length) {
    const left = blockBytes - (offset % blockBytes);
    if (left < recordHeaderBytes) {
      offset += left;
      continue;
    }
    const record = recordAt(file, offset);
    if (record === undefined) {
      onDamage(offset);
      return;
    }
    parts.push(record.data);
    if (record.type === recordTypes.full || record.type === recordTypes.last) {
      yield Buffer.concat(parts);
      parts = [];
    }
    offset += recordHeaderBytes + record.data.length;
  }
}

function recordAt(file: Buffer, offset: number): { type: number; data: Buffer } | undefined {
  if (offset + recordHeaderBytes > file.length) return undefined;
  const end = offset + recordHeaderBytes + file.readUInt16LE(offset + 4);
  if (end > file.length) return undefined;
  const typeAndData = file.subarray(offset + 6, end);
  if (file.readUInt32LE(offset) !== crc32(typeAndData)) return undefined;
  return { type: typeAndData[0] ?? 0, data: typeAndData.subarray(1) };
}
