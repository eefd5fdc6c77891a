import { sha256Hex } from './hash.ts';

/** Keys of an entity that an erasure names, by digest. */
export interface ErasedKeys {
  readonly erasureId: string;
  readonly joinKeys: readonly { readonly name: string; readonly type: 'string' | 'integer' }[];
  readonly keyDigests: readonly string[];
}

/** How facts, items and certificates of an erasure name a key: who knows the key can check it, nobody can read it off. */
export const erasedKeyDigest = (erasureId: string, key: string): string => sha256Hex(`${erasureId}\n${key}`);

/** Whether values by name have one of the keys, whichever types they are written with. */
export function hasErasedKey(
  values: Readonly<Record<string, unknown>>,
  { erasureId, joinKeys, keyDigests }: ErasedKeys,
): boolean {
  const key = joinKeys.map(({ name, type }) => {
    const value = values[name] ?? null;
    return value === null ? null : type === 'integer' ? Number(value) : String(value);
  });
  return !key.includes(null) && keyDigests.includes(erasedKeyDigest(erasureId, JSON.stringify(key)));
}
