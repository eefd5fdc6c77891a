import { ReleaseRequested } from '#events/deployment.ts';
import type { ModelVersion } from '#services/registry/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { isRouted } from '../domain/routing.ts';
import type { Projects, Release, ReleaseStore, Versions } from '../ports.ts';
import { hasEnded } from './releases.ts';

export interface RequestReleaseDeps {
  readonly store: ReleaseStore;
  readonly projects: Projects;
  readonly versions: Versions;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly endpointName: (project: string, modelVersion: number) => string;
}

export interface ReleaseRequest {
  readonly project: string;
  readonly modelVersion: number;
  readonly reason?: string | undefined;
  readonly by: string;
}

type Answer = Pick<Release, 'releaseId' | 'modelVersion' | 'status'> & { readonly begun: boolean };

/** Who loses against another who asks at the same time finds that one's release. */
const tries = 3;

/**
 * Begins a release of a version by the newest revision of its project: of one that was rejected before the project changed, or that
 * was copied from another server. A version that is in a release or serves answers that one. Publishes ReleaseRequested.
 * Throws ModelVersionNotFound, ProjectNotFound, VersionQuarantined, ContentNotRecorded, NotVerifiable, EndpointKept.
 */
export async function requestRelease(deps: RequestReleaseDeps, request: ReleaseRequest): Promise<Answer> {
  const { project, modelVersion } = request;
  const version = await deps.versions.find(project, modelVersion);
  if (!version) throw versionNotFound(request);
  assertReleasable(version);
  for (let attempt = 1; ; attempt++) {
    try {
      return (await underWay(deps, request)) ?? (await begin(deps, request, version));
    } catch (error) {
      const lost = error instanceof AppError && error.code === 'ReleaseRequestedMeanwhile';
      if (!lost || attempt === tries) throw error;
    }
  }
}

/** The release that the version is in, or that made it serve. */
async function underWay(
  { store }: RequestReleaseDeps,
  { project, modelVersion }: ReleaseRequest,
): Promise<Answer | undefined> {
  const [[newest], routing] = await Promise.all([
    store.releasesOf(project, modelVersion),
    store.readRouting(project),
  ]);
  if (!newest || (hasEnded(newest) && !isRouted(routing?.versions ?? [], modelVersion))) return undefined;
  const { releaseId, status } = newest;
  return { releaseId, modelVersion, status, begun: false };
}

async function begin(
  deps: RequestReleaseDeps,
  { project, modelVersion, reason, by }: ReleaseRequest,
  { model }: ModelVersion,
): Promise<Answer> {
  const { store, projects, clock, ids } = deps;
  const [after, endpoint, projectRevision] = await Promise.all([
    store.readRequest(project, modelVersion),
    store.readEndpoint(deps.endpointName(project, modelVersion)),
    projects.newestRevision(project),
  ]);
  if (projectRevision === undefined) throw projectNotFound(project);
  if (endpoint && endpoint.status !== 'retired') throw endpointKept(modelVersion, endpoint.graceSeconds);
  const { deployment } = await projects.definition(project, projectRevision);
  const now = clock.now();
  // The release is named by the event that begins it.
  const releaseId = ids.next();
  const metadata = startingJourney({
    eventId: releaseId,
    occurredAt: now,
    project,
    actor: { type: 'user', id: by },
  });
  await store.commit({
    release: {
      releaseId,
      project,
      model,
      modelVersion,
      deployment,
      status: 'open',
      openedAt: now.toISOString(),
    },
    requested: { project, modelVersion, releaseId, after },
    events: [
      ReleaseRequested.create(metadata, {
        project,
        releaseId,
        model,
        modelVersion,
        projectRevision,
        ...(reason ? { reason } : {}),
      }),
    ],
  });
  return { releaseId, modelVersion, status: 'open', begun: true };
}

function assertReleasable(version: ModelVersion): void {
  const { modelVersion } = version;
  if (version.status === 'QUARANTINED')
    throw new AppError(
      'precondition_failed',
      'VersionQuarantined',
      `Version ${modelVersion} is in quarantine. ${version.statusReason ?? ''}`.trim(),
    );
  if (version.origin === 'training') return;
  if (!version.content)
    throw new AppError(
      'precondition_failed',
      'ContentNotRecorded',
      `Nobody has looked at the bytes of version ${modelVersion} yet; that takes up to some minutes after it was registered. Ask again then.`,
    );
  if (version.content.verdict === 'NotVerifiable')
    throw new AppError(
      'precondition_failed',
      'NotVerifiable',
      `The bytes of version ${modelVersion} could not be recorded, and what is not known is not released. ${version.content.reason ?? ''}`.trim(),
    );
}

const versionNotFound = ({ project, modelVersion }: ReleaseRequest): AppError =>
  new AppError(
    'not_found',
    'ModelVersionNotFound',
    `Project '${project}' has no model version ${modelVersion}. List its model versions to see which there are.`,
  );

const projectNotFound = (project: string): AppError =>
  new AppError('not_found', 'ProjectNotFound', `There is no project '${project}'.`);

const endpointKept = (modelVersion: number, graceSeconds: number): AppError =>
  new AppError(
    'precondition_failed',
    'EndpointKept',
    `The endpoint of version ${modelVersion} from its release before is kept for ${graceSeconds} seconds after it lost its traffic. Ask again when it is gone; to go back to what served before, roll back.`,
  );
