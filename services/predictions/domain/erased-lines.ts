import { erasedKeyDigest } from '#shared/kernel/erased-key.ts';
import type { CapturedPrediction } from '../contract.ts';

/** Entities that an erasure names, by digest. */
export interface ErasedEntities {
  readonly erasureId: string;
  readonly joinKeys: readonly { readonly name: string; readonly type: 'string' | 'integer' }[];
  readonly keyDigests: readonly string[];
  /** Predictions that were made later are kept. */
  readonly requestedAt: string;
}

/**
 * Whether a prediction is about one of the entities: by the join keys that its features were read with, or that the caller sent as
 * features.
 */
export function isOfErased({ at, served, features }: CapturedPrediction, erased: ErasedEntities): boolean {
  if (at > erased.requestedAt) return false;
  const values = { ...features, ...served?.joinKeys };
  const key = erased.joinKeys.map(({ name, type }) => {
    const value = values[name] ?? null;
    return value === null ? null : type === 'integer' ? Number(value) : String(value);
  });
  return (
    !key.includes(null) && erased.keyDigests.includes(erasedKeyDigest(erased.erasureId, JSON.stringify(key)))
  );
}
