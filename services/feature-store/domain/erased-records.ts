import { hasErasedKey } from '#shared/kernel/erased-key.ts';
import { parseMicroseconds } from '#shared/kernel/microseconds.ts';
import type { FeatureErasureRecord, LandingRecord } from '../ports.ts';

/** Whether an erasure names the entity of a record. Records that came after it was asked for are kept. */
export const isErasedRecord = (
  { availableAt, line }: Pick<LandingRecord, 'availableAt' | 'line'>,
  erasure: Pick<FeatureErasureRecord, 'erasureId' | 'joinKeys' | 'keyDigests' | 'requestedAt'>,
): boolean =>
  parseMicroseconds(availableAt)! <= parseMicroseconds(erasure.requestedAt)! &&
  hasErasedKey(JSON.parse(line) as Record<string, unknown>, erasure);
