import type * as z from 'zod';
import type {
  ClientVersion,
  ReleaseExecutionInput,
  openRelease as task,
} from '#services/deployment/contract.ts';
import type { ProjectDefinition } from '#services/projects/contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Projects, Release, ReleaseStore } from '../ports.ts';
import { isRefusal } from './client-model.ts';
import { type PackagedVersion, type PackageVersionDeps, packageVersion } from './package-version.ts';
import { type PlanEvaluationDeps, planEvaluation, servingVersion } from './plan-evaluation.ts';
import { isServable } from './releases.ts';

const secondsPerHour = 3600;

export interface OpenReleaseDeps extends PackageVersionDeps, PlanEvaluationDeps {
  readonly store: ReleaseStore;
  readonly projects: Projects;
  readonly clock: Clock;
}

type TrainedVersion = Exclude<ReleaseExecutionInput['version'], ClientVersion>;
type Opened = z.input<typeof task.output>;
type Gates = Pick<Opened, 'gatesPassed' | 'gateSummary' | 'subject' | 'metrics' | 'note' | 'evaluation'>;

/**
 * Records the release and answers what the project’s revision says about it; of a client's version, whether it can be served at all, and
 * what it is evaluated with.
 */
export async function openRelease(
  deps: OpenReleaseDeps,
  { releaseId, version }: ReleaseExecutionInput,
): Promise<Opened> {
  const definition = await deps.projects.definition(version.project, version.projectRevision);
  const known = await deps.store.readRelease(version.project, releaseId);
  const gates =
    'origin' in version
      ? await openClientRelease(deps, { releaseId, version, definition, known })
      : await openTrainedRelease(deps, { releaseId, version, definition, known });
  const { approvers, quorum, requesterMayApprove, expiresAfterHours } = definition.approval;
  return {
    ...gates,
    requestedBy: version.requestedBy,
    approval: {
      approvers,
      quorum,
      requesterMayApprove,
      expiresAfterSeconds: Math.max(1, Math.round(expiresAfterHours * secondsPerHour)),
    },
    bakeSeconds: definition.deployment.canary.bakeSeconds,
    graceSeconds: definition.deployment.graceSeconds,
  };
}

interface Opening<Version> {
  readonly releaseId: string;
  readonly version: Version;
  readonly definition: ProjectDefinition;
  readonly known: Release | undefined;
}

async function openTrainedRelease(
  deps: OpenReleaseDeps,
  { releaseId, version, definition, known }: Opening<TrainedVersion>,
): Promise<Gates> {
  const { artifact, trainingImage, signature, evaluation, metrics, modelVersion } = version;
  const opening = { releaseId, version, definition, known };
  if (!known || !isServable(known)) await record(deps, opening, { artifact, trainingImage, signature });
  const serving = evaluation.championVersion ? undefined : await servingVersion(deps, version.project);
  const compared =
    serving === undefined || serving === modelVersion
      ? undefined
      : `It was not compared with version ${serving}, which serves now: when it was evaluated, that was not champion or took other columns.`;
  return {
    gatesPassed: evaluation.verdict === 'Pass',
    gateSummary: `The evaluation of version ${modelVersion} ended with ${evaluation.verdict}; its report is ${evaluation.report.uri}.${compared ? ` ${compared}` : ''}`,
    ...(compared ? { note: compared } : {}),
    metrics,
    subject: {
      ...named(version),
      artifactSha256: artifact.sha256,
      evaluationReport: evaluation.report,
    },
  };
}

/**
 * The platform did not train it. It is evaluated on held-out rows of the project where it takes their columns as they are; where it
 * does not, nobody evaluated it, and the project says what that means.
 */
async function openClientRelease(
  deps: OpenReleaseDeps,
  { releaseId, version, definition, known }: Opening<ClientVersion>,
): Promise<Gates> {
  const { modelVersion, createdBy, content } = version;
  const packaged = known && isServable(known) ? known : await packageVersion(deps, version);
  const { manifest } = content;
  const served = isRefusal(packaged)
    ? {}
    : { ...packagedPart(packaged), ...(manifest ? { registered: manifest } : {}) };
  if (!known || !isServable(known)) await record(deps, { releaseId, version, definition, known }, served);
  if (isRefusal(packaged)) return { gatesPassed: false, gateSummary: packaged.refusal, metrics: {} };
  const subject = {
    ...named(version),
    artifactSha256: packaged.artifact.sha256,
    ...(content.digest ? { contentDigest: content.digest } : {}),
  };
  const { instanceType } = definition.training.resources;
  const evaluation = await planEvaluation(deps, version, packagedPart(packaged), instanceType);
  if (evaluation)
    return {
      evaluation,
      gatesPassed: false,
      gateSummary: `Version ${modelVersion} is not evaluated yet.`,
      metrics: {},
      note: `'${createdBy}' made it elsewhere and registered it from ${version.source}. The platform measured it on the held-out rows of dataset version ${evaluation.datasetVersion}; whether it was trained on some of them, the platform cannot know.`,
      subject,
    };
  if (definition.approval.unevaluatedVersions === 'refuse')
    return {
      gatesPassed: false,
      gateSummary: `Version ${modelVersion} was made by '${createdBy}' outside the platform and was not evaluated, as its columns are in another order than the project's: InsufficientData. The project refuses such versions. Register a model that was trained on the columns in the project's order, or set approval.unevaluatedVersions: ask in its file, apply it, and ask for the release again.`,
      metrics: {},
    };
  return {
    gatesPassed: true,
    gateSummary: `Version ${modelVersion} was not evaluated by the platform; the project lets people decide.`,
    metrics: {},
    note: `Not evaluated by the platform: '${createdBy}' made it elsewhere and registered it from ${version.source}.`,
    subject,
  };
}

const named = ({ project, model, modelVersion }: ReleaseExecutionInput['version']) => ({
  project,
  model,
  modelVersion,
});

const packagedPart = ({ artifact, trainingImage, signature }: PackagedVersion) => ({
  artifact,
  trainingImage,
  signature,
});

async function record(
  { store, clock }: OpenReleaseDeps,
  { releaseId, version, definition, known }: Opening<ReleaseExecutionInput['version']>,
  served: Pick<Release, 'artifact' | 'trainingImage' | 'signature' | 'registered'>,
): Promise<void> {
  const release: Release = {
    releaseId,
    ...named(version),
    ...served,
    deployment: definition.deployment,
    status: 'open',
    openedAt: known?.openedAt ?? clock.now().toISOString(),
  };
  // One that somebody asked for is there already, without what is served.
  await store.commit({ release, ...(known ? { releaseWas: 'open' } : {}), events: [] });
}
