import { type ErasedKeys, hasErasedKey } from '#shared/kernel/erased-key.ts';
import type { CapturedPrediction } from '../contract.ts';

/** Entities that an erasure names, by digest. */
export interface ErasedEntities extends ErasedKeys {
  /** Predictions that were made later are kept. */
  readonly requestedAt: string;
}

/**
 * Whether a prediction is about one of the entities: by the join keys that its features were read with, or that the caller sent as
 * features.
 */
export const isOfErased = ({ at, served, features }: CapturedPrediction, erased: ErasedEntities): boolean =>
  at <= erased.requestedAt && hasErasedKey({ ...features, ...served?.joinKeys }, erased);
