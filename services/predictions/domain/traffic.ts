import type { RoutingRecord } from '#services/deployment/contract.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';

type RoutedVersion = RoutingRecord['versions'][number];

/** A number in [0, 1) that is always the same for the same key, evenly spread over keys. */
export function unitInterval(key: string): number {
  return Number.parseInt(sha256Hex(key).slice(0, 8), 16) / 0x1_0000_0000;
}

/** The version whose share of [0, 1) the key falls into: sticky while shares stay, and fair over many keys. */
export function chooseVersion(versions: readonly RoutedVersion[], key: string): RoutedVersion | undefined {
  const position = unitInterval(key);
  let upTo = 0;
  for (const version of versions) {
    upTo += version.share;
    if (position < upTo) return version;
  }
  // Shares that add up to a hair less than 1.
  return versions.findLast((version) => version.share > 0);
}
