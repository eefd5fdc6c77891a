import { DeploymentStarted } from '#events/deployment.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type {
  Artifacts,
  ClientFiles,
  Endpoint,
  Hosting,
  Release,
  ReleaseStore,
  ServableRelease,
} from '../ports.ts';
import { factOf } from './facts.ts';
import { requireServable } from './releases.ts';
import type { SettleEndpointDeps } from './settle-endpoint.ts';
import { settleEndpoint } from './settle-endpoint.ts';

export interface CreateEndpointDeps extends SettleEndpointDeps {
  readonly hosting: Hosting;
  readonly artifacts: Artifacts;
  readonly files: ClientFiles;
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
  const release = await requireServable(deps.store, input.project, input.releaseId);
  await verifyArtifact(deps.artifacts, release);
  await verifyRegistered(deps.files, release);
  const endpointName = deps.endpointName(release.project, release.modelVersion);
  await recordEndpoint(deps, release, endpointName, input);
  await deps.hosting.create(endpointName, release);
  // A retry may find the endpoint long in service, its event answered with a token that is gone.
  await settleEndpoint(deps, endpointName);
}

async function verifyArtifact(artifacts: Artifacts, release: ServableRelease): Promise<void> {
  const digest = await artifacts.digest(release.artifact.uri);
  if (digest === release.artifact.sha256) return;
  throw new AppError(
    'precondition_failed',
    'ArtifactChanged',
    `The artifact ${release.artifact.uri} has SHA-256 ${digest}; registered was ${release.artifact.sha256}. It was changed after registration and is not deployed. Train again, or restore the registered bytes.`,
  );
}

/** What a client registered may be written over by whoever may log artifacts; what was packed of it is no excuse. */
async function verifyRegistered(files: ClientFiles, { registered, modelVersion }: Release): Promise<void> {
  if (!registered) return;
  const manifest = await files.manifest(registered);
  const changed = await files.changedSince(manifest);
  if (changed.length === 0) return;
  throw new AppError(
    'precondition_failed',
    'ArtifactChanged',
    `Files of version ${modelVersion} are not what was registered, below ${manifest.location}: ${changed.slice(0, 5).join(', ')}. It is not deployed. Register what is there now as a new version.`,
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
