import { type ErasedKeys, hasErasedKey } from '#shared/kernel/erased-key.ts';
import { parseMicroseconds } from '#shared/kernel/microseconds.ts';

/** Whether an erasure names the entity of a landed line. Records that came after it was asked for are kept. */
export const isErasedRecord = (
  { availableAt, line }: { readonly availableAt: string; readonly line: string },
  erasure: ErasedKeys & { readonly requestedAt: string },
): boolean =>
  parseMicroseconds(availableAt)! <= parseMicroseconds(erasure.requestedAt)! &&
  hasErasedKey(JSON.parse(line) as Record<string, unknown>, erasure);
