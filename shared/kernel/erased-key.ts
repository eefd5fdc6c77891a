import { sha256Hex } from './hash.ts';

/** How facts, items and certificates of an erasure name a key: who knows the key can check it, nobody can read it off. */
export const erasedKeyDigest = (erasureId: string, key: string): string => sha256Hex(`${erasureId}\n${key}`);
