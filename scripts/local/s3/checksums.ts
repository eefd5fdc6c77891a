import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsCrc32c } from '@aws-crypto/crc32c';
import { Crc64Nvme } from '@aws-sdk/crc64-nvme';
import { AwsError } from '../emulated-service.ts';

/** The algorithms of `x-amz-checksum-<name>`. */
export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** A checksum that is fed piece by piece. */
export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  /** Base64; ends the calculation. */
  digest(): Promise<string>;
}

/** Throws InvalidRequest for an algorithm that S3 does not know. */
export function readChecksumAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithms.find((one) => one === name.toUpperCase());
  if (algorithm !== undefined) return algorithm;
  throw new AwsError(
    'InvalidRequest',
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );
}

export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The member of XML answers: `ChecksumCRC32`. */
export function memberOf(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case 'CRC32':
      return startCrc32();
    case 'CRC32C':
      return startCrc32c();
    case 'CRC64NVME':
      return startCrc64();
    case 'SHA1':
    case 'SHA256':
      return startHash(algorithm.toLowerCase());
  }
}

/** The checksum of a multipart object that is made of its parts' checksums: `<base64>-<parts>`. */
export async function compositeChecksum(
  algorithm: ChecksumAlgorithm,
  parts: readonly string[],
): Promise<string> {
  const checksum = startChecksum(algorithm);
  for (const part of parts) checksum.update(Buffer.from(part, 'base64'));
  return `${await checksum.digest()}-${parts.length}`;
}

function startCrc32(): RunningChecksum {
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    digest: async () => uint32(value),
  };
}

function startCrc32c(): RunningChecksum {
  const crc = new AwsCrc32c();
  return {
    update: (chunk) => crc.update(chunk),
    digest: async () => Buffer.from(await crc.digest()).toString('base64'),
  };
}

function startCrc64(): RunningChecksum {
  const crc = new Crc64Nvme();
  return {
    update: (chunk) => crc.update(chunk),
    digest: async () => Buffer.from(await crc.digest()).toString('base64'),
  };
}

function startHash(name: string): RunningChecksum {
  const hash = createHash(name);
  return {
    update: (chunk) => void hash.update(chunk),
    digest: async () => hash.digest('base64'),
  };
}

function uint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
}
