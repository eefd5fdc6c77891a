import type * as z from 'zod';
import type { ReleaseRequested } from '#events/deployment.ts';
import { ModelVersionRegistered } from '#events/registry.ts';
import { clientVersion, type ReleaseExecutionInput } from '#services/deployment/contract.ts';
import type { ModelVersion } from '#services/registry/contract.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ReleaseStarter, ReleaseStore, Versions } from '../ports.ts';
import { closeRelease } from './close-release.ts';

export interface BeginRequestedReleaseDeps {
  readonly store: ReleaseStore;
  readonly clock: Clock;
  readonly versions: Versions;
  readonly starter: Pick<ReleaseStarter, 'begin'>;
}

/** Starts the release that somebody asked for; one whose version was deleted meanwhile ends. */
export async function beginRequestedRelease(
  deps: BeginRequestedReleaseDeps,
  { project, releaseId, modelVersion, projectRevision }: z.output<typeof ReleaseRequested.data>,
  metadata: EventMetadata,
): Promise<void> {
  const version = await deps.versions.find(project, modelVersion);
  if (version) return deps.starter.begin(metadata, executionVersion(version, projectRevision));
  const reason = `Version ${modelVersion} was deleted before its release began.`;
  await closeRelease(deps, { project, releaseId, metadata, step: 'gates', reason });
}

/** As if it was registered now, under the project's newest revision. Whoever made it asks: others approve. */
const executionVersion = (
  version: ModelVersion,
  projectRevision: number,
): ReleaseExecutionInput['version'] =>
  version.origin === 'training'
    ? ModelVersionRegistered.data.parse({ ...version, projectRevision })
    : clientVersion.parse({ ...version, projectRevision, requestedBy: version.createdBy });
