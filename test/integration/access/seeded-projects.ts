import { diffDatasetVersions, listUploads } from '#services/datasets/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { readValidation } from '#services/validation/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { digestOf, sha256Hex } from '#shared/kernel/hash.ts';
import type { RunningPlatform } from '../running-platform.ts';
import {
  seedErasure,
  seedEvaluation,
  seedFeatureErasure,
  seedMaterialization,
  seedModelVersions,
  seedPrediction,
  seedRetrieval,
  seedSuggestion,
  storedBy,
  type Trained,
  tableOf,
} from './stored-things.ts';

/** What a project has, by the name of the path parameter that asks for it. */
export interface ProjectThings {
  readonly params: Readonly<Record<string, string>>;
  /** Digest that a decision on its approval request must name. */
  readonly subjectDigest: string;
  readonly inferenceId: string;
}

const projectFile = (name: string) => `name: ${name}
owners: [${name}-owner]
data:
  primaryKey: id
  columns: { id: { type: string }, x: { type: number }, y: { type: integer, allowed: [0, 1] } }
target: { column: y, task: binary_classification }
training: { onNewData: never }
features:
  entities: { thing: { joinKeys: { id: string } } }
  sources: { readings: { type: stream, columns: { id: string, heat: number } } }
  featureViews: { readings_of_${name}: { entities: [thing], source: readings, schema: { heat: number } } }
  featureServices: { heat_of_${name}: { features: [readings_of_${name}] } }
`;

/**
 * A project with one of everything that an endpoint can be asked for: what comes from files by itself (dataset versions, reports,
 * audit, lineage), the rest as its services store it. Two uploads make version 2, so that the number says whose it is.
 */
export async function seedProject(
  platform: RunningPlatform,
  stage: string,
  project: string,
  uploads: number,
): Promise<ProjectThings> {
  await platform.call(applyProject, { params: { project }, body: projectFile(project) });
  for (let upload = 1; upload <= uploads; upload++) await seedDatasetVersion(platform, project, upload);
  if (uploads > 1) await compareVersions(platform, project);
  await seedErasure(tableOf(platform, stage, 'datasets'), project);
  await seedFeatureErasure(tableOf(platform, stage, 'feature-store'), project);
  await seedRetrieval(tableOf(platform, stage, 'feature-store'), project);
  const view = `readings_of_${project}`;
  await seedMaterialization(tableOf(platform, stage, 'feature-store'), project, view);
  const suggestionId = await seedSuggestion(platform, tableOf(platform, stage, 'validation'), project);
  const trainingId = `training-of-${project}`;
  const runId = await startRun(platform, project, trainingId);
  const trained: Trained = { project, trainingId, runId, modelVersion: uploads };
  await seedModelVersions(tableOf(platform, stage, 'registry'), trained);
  await seedEvaluation(tableOf(platform, stage, 'evaluation'), trained);
  const inferenceId = await seedPrediction(tableOf(platform, stage, 'predictions'), trained);
  const { approvalId, subjectDigest } = await openApproval(platform, trained);
  return {
    params: {
      project,
      approvalId,
      runId,
      trainingId,
      datasetVersion: String(uploads),
      modelVersion: String(uploads),
      model: project,
      alias: 'challenger',
      kind: 'dataset-version',
      id: String(uploads),
      tokenId: 'none',
      suggestionId,
      tag: `tag-of-${project}`,
      erasureId: `erasure-of-${project}`,
      retrievalId: `retrieval-of-${project}`,
      view,
      service: `heat_of_${project}`,
      materializationId: `materialization-of-${project}`,
    },
    subjectDigest,
    inferenceId,
  };
}

async function seedDatasetVersion(
  platform: RunningPlatform,
  project: string,
  version: number,
): Promise<void> {
  const rows = Array.from({ length: 60 }, (_none, row) => `${project}-${version}-${row},${row},${row % 2}`);
  // One in quarantine.
  rows.push(`${project}-${version}-bad,0,2`);
  await platform.upload(`incoming/${project}/${project}-${version}.csv`, `id,x,y\n${rows.join('\n')}\n`);
  await platform.eventually(`dataset version ${version} of ${project}`, async () => {
    const { body } = await platform.call(listUploads, { params: { project } });
    return body.items.find(({ datasetVersion }) => datasetVersion === version);
  });
  await platform.eventually(`the report on version ${version} of ${project}`, async () => {
    const params = { project, datasetVersion: version };
    return (await platform.call(readValidation, { params })).status === 200 ? true : undefined;
  });
}

/** The first comparison of two versions is computed, and then there for everybody. */
async function compareVersions(platform: RunningPlatform, project: string): Promise<void> {
  const params = { project, datasetVersion: 2 };
  await platform.eventually(`the comparison of two versions of ${project}`, async () => {
    const { body } = await platform.call(diffDatasetVersions, { params, query: { from: 1 } });
    return body.status === 'running' ? undefined : true;
  });
}

const metadataOf = (eventId: string, project: string) =>
  startingJourney({
    eventId,
    occurredAt: new Date(),
    project,
    actor: { type: 'user', id: `${project}-owner` },
  });
/** The context that a state machine would give its tasks. */
const contextOf = (project: string) => ({
  metadata: metadataOf(`cause-in-${project}`, project),
  executionArn: 'arn',
  taskToken: `token-of-${project}`,
});
async function startRun(platform: RunningPlatform, project: string, trainingId: string): Promise<string> {
  const input = { project, trainingId, runName: `run-of-${project}`, params: {}, tags: {} };
  const started = await platform.invoke('tracking', 'task-start-run', {
    input,
    context: contextOf(project),
  });
  return (started as { runId: string }).runId;
}

async function openApproval(
  platform: RunningPlatform,
  { project, modelVersion }: Trained,
): Promise<{ approvalId: string; subjectDigest: string }> {
  const approvalId = `approval-of-${project}`;
  const subject = {
    project,
    model: project,
    modelVersion,
    artifactSha256: sha256Hex(project),
    evaluationReport: storedBy(project),
  };
  const input = {
    releaseId: approvalId,
    subject,
    // More than decide here: the request stays open for everybody who tries.
    policy: { approvers: [], quorum: 10, requesterMayApprove: true, expiresAfterSeconds: 86_400 },
    requestedBy: `${project}-owner`,
    metrics: {},
  };
  await platform.invoke('approvals', 'task-request-approval', { input, context: contextOf(project) });
  return { approvalId, subjectDigest: digestOf(subject) };
}
