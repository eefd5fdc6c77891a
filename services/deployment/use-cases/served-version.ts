import type { ServedVersion } from '#services/deployment/contract.ts';
import type { ReleaseStore } from '../ports.ts';
import { isServable } from './releases.ts';

export interface ServedVersionDeps {
  readonly store: Pick<ReleaseStore, 'readEndpoint' | 'readRelease'>;
  readonly endpointName: (project: string, modelVersion: number) => string;
}

/** How a version is served, or was: by the release that made its endpoint. Undefined for one that never had any. */
export async function servedVersion(
  { store, endpointName }: ServedVersionDeps,
  project: string,
  modelVersion: number,
): Promise<ServedVersion | undefined> {
  const endpoint = await store.readEndpoint(endpointName(project, modelVersion));
  const release = endpoint && (await store.readRelease(project, endpoint.releaseId));
  if (!release || !isServable(release)) return undefined;
  const { artifact, trainingImage, signature } = release;
  return { artifact, trainingImage, signature };
}
