import type { RoutingRecord } from '#services/deployment/contract.ts';

type RoutedVersion = RoutingRecord['versions'][number];

/** The version with the most traffic; undefined while nothing serves. */
export function primaryVersion(versions: readonly RoutedVersion[]): RoutedVersion | undefined {
  return versions.reduce<RoutedVersion | undefined>(
    (most, version) => (most === undefined || version.share > most.share ? version : most),
    undefined,
  );
}

/** Gives a new version its share beside what serves most; all of it when nothing serves. Any other version loses its traffic. */
export function withCanary(
  versions: readonly RoutedVersion[],
  canary: Omit<RoutedVersion, 'share'>,
  share: number,
): RoutedVersion[] {
  const primary = primaryVersion(versions.filter((version) => version.modelVersion !== canary.modelVersion));
  if (!primary) return [{ ...canary, share: 1 }];
  return [
    { ...primary, share: 1 - share },
    { ...canary, share },
  ];
}

/** One version with all the traffic. */
export function allTo(version: RoutedVersion): RoutedVersion[] {
  return [{ ...version, share: 1 }];
}

export function isRouted(versions: readonly RoutedVersion[], modelVersion: number): boolean {
  return versions.some((version) => version.modelVersion === modelVersion && version.share > 0);
}

/** Shares as events and the ledger tell them. */
export function sharesOf(
  versions: readonly RoutedVersion[],
): { modelVersion: number; artifactSha256: string; share: number }[] {
  return versions.map(({ modelVersion, artifactSha256, share }) => ({ modelVersion, artifactSha256, share }));
}
