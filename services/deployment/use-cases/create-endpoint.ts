import { DeploymentStarted } from '#events/deployment.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Artifacts, Endpoint, Hosting, Release, ReleaseStore } from '../ports.ts';
import { factOf } from './facts.ts';
import { requireRelease } from './releases.ts';
import type { SettleEndpointDeps } from './settle-endpoint.ts';
import { settleEndpoint } from './settle-endpoint.ts';

export interface CreateEndpointDeps extends SettleEndpointDeps {
  readonly hosting: Hosting;
  readonly artifacts: Artifacts;
  readonly clock: Clock;
  readonly endpointName: (project: string, modelVersion: number) => string;
}

/**
 * Verifies the artifact, then creates the endpoint; the token is stored first, so that no state change can come before it.
 * Called again for the same release it takes the new token and creates nothing twice.
 */
export async function createEndpoint(
  deps: CreateEndpointDeps,
  input: { project: string; releaseId: string; metadata: EventMetadata; taskToken: string },
): Promise<void> {
  const release = await requireRelease(deps.store, input.project, input.releaseId);
  await verifyArtifact(deps.artifacts, release);
  const endpointName = deps.endpointName(release.project, release.modelVersion);
  await recordEndpoint(deps, release, endpointName, input);
  await deps.hosting.create(endpointName, release);
  // A retry may find the endpoint long in service, its event answered with a token that is gone.
  await settleEndpoint(deps, endpointName);
}

async function verifyArtifact(artifacts: Artifacts, release: Release): Promise<void> {
  const digest = await artifacts.digest(release.artifact.uri);
  if (digest === release.artifact.sha256) return;
  throw new AppError(
    'precondition_failed',
    'ArtifactChanged',
    `The artifact ${release.artifact.uri} has SHA-256 ${digest}; registered was ${release.artifact.sha256}. It was changed after registration and is not deployed. Train again, or restore the registered bytes.`,
  );
}

async function recordEndpoint(
  deps: { store: ReleaseStore; clock: Clock },
  release: Release,
  endpointName: string,
  input: { metadata: EventMetadata; taskToken: string },
): Promise<void> {
  const endpoint: Endpoint = {
    endpointName,
    project: release.project,
    releaseId: release.releaseId,
    model: release.model,
    modelVersion: release.modelVersion,
    status: 'creating',
    graceSeconds: release.deployment.graceSeconds,
    changedAt: deps.clock.now().toISOString(),
    taskToken: input.taskToken,
  };
  const started = DeploymentStarted.create(factOf(input.metadata, deps.clock, release.releaseId, 'started'), {
    project: release.project,
    releaseId: release.releaseId,
    model: release.model,
    modelVersion: release.modelVersion,
    endpointName,
    mode: release.deployment.mode,
  });
  const first = release.status === 'open';
  await deps.store.commit({
    release: { ...release, status: 'deploying' },
    releaseWas: release.status,
    endpoint,
    events: first ? [started] : [],
  });
}
