import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTable, type Table } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { type ServiceName, tableName } from '#shared/kernel/names.ts';
import { goldenItems } from '../../../services/datasets/store/golden-items.ts';
import { createEvaluationStore } from '../../../services/evaluation/store/evaluation-store.ts';
import { createVersionEvaluationStore } from '../../../services/evaluation/store/version-evaluation-store.ts';
import { goldenItems as goldenFeatures } from '../../../services/feature-store/store/golden-items.ts';
import { createCaptures } from '../../../services/predictions/store/captures.ts';
import type { RegisteredVersion } from '../../../services/registry/ports.ts';
import { createModelStore } from '../../../services/registry/store/model-store.ts';
import { createRegistryStore } from '../../../services/registry/store/registry-store.ts';
import { entryOfRegistration } from '../../../services/registry/use-cases/entry-of-registration.ts';
import { goldenItems as goldenValidation } from '../../../services/validation/store/golden-items.ts';
import type { RunningPlatform } from '../running-platform.ts';

const now = '2026-01-01T00:00:00.000Z';

/** What a training left behind. */
export interface Trained {
  readonly project: string;
  readonly trainingId: string;
  readonly runId: string;
  /** Number of the newest version. */
  readonly modelVersion: number;
}

/** An object that is named and never read. */
export const storedBy = (project: string) => ({
  uri: `s3://data/${project}/object`,
  sha256: sha256Hex(project),
  bytes: 1,
});

/** An erasure that is over, without its certificate. */
export async function seedErasure(table: Table, project: string): Promise<void> {
  await table.put({
    ...goldenItems.erasure[0],
    pk: `PROJECT#${project}`,
    sk: `ERASURE#erasure-of-${project}`,
    erasureId: `erasure-of-${project}`,
    requestedBy: `${project}-owner`,
    certificate: undefined,
  });
}

/** An erasure by entity key that is over, without its certificate; its id is that of the erasure of rows. */
export async function seedFeatureErasure(table: Table, project: string): Promise<void> {
  await table.put({
    ...goldenFeatures.featureErasure[0],
    pk: `FEATUREERASURES#${project}`,
    sk: `ERASURE#erasure-of-${project}`,
    project,
    erasureId: `erasure-of-${project}`,
    status: 'failed',
    requestedBy: `${project}-owner`,
  });
}

/** A retrieval of historical features that failed. */
export async function seedRetrieval(table: Table, project: string): Promise<void> {
  const { gsi1pk: _gsi1pk, gsi1sk: _gsi1sk, ...retrieval } = goldenFeatures.retrieval[0];
  const retrievalId = `retrieval-of-${project}`;
  await table.put({
    ...retrieval,
    pk: `RETRIEVALS#${project}`,
    sk: retrievalId,
    retrievalId,
    project,
    status: 'failed',
    work: 'ended',
    requestedBy: `${project}-owner`,
    failure: 'There are no entity rows.',
  });
}

/** A materialization that is done, without what it wrote. */
export async function seedMaterialization(table: Table, project: string, view: string): Promise<void> {
  const { run, ...materialization } = goldenFeatures.materialization[0];
  const materializationId = `materialization-of-${project}`;
  const { plan: _plan, leftovers: _leftovers, ...rest } = run as Readonly<Record<string, unknown>>;
  await table.put({
    ...materialization,
    pk: `MATERIALIZATIONS#${project}#${view}`,
    sk: materializationId,
    run: { ...rest, materializationId, project, view, requestedBy: `${project}-owner` },
  });
}

/** A suggested contract that was decided on; answers its id. */
export async function seedSuggestion(
  platform: RunningPlatform,
  table: Table,
  project: string,
): Promise<string> {
  const suggestionId = `1-suggestion-of-${project}`;
  const key = `validation/${project}/00000001/suggestion.json`;
  const text = JSON.stringify({
    schemaVersion: 1,
    project,
    suggestionId,
    datasetVersion: 1,
    rows: 60,
    contract: { primaryKey: 'id', columns: { id: { type: 'string' }, x: { type: 'number' } } },
    evidence: [],
    warnings: [],
  });
  await platform.put('data', key, text);
  const uri = `s3://${platform.runtime.endpoints.buckets.data}/${key}`;
  await table.put({
    ...goldenValidation.suggestion[0],
    pk: `PROJECT#${project}`,
    sk: `SUGGESTION#00000001#${suggestionId}`,
    project,
    suggestionId,
    document: { uri, sha256: sha256Hex(text), bytes: text.length },
  });
  return suggestionId;
}

/** Versions 1 to `modelVersion`, as registered, without the release that would follow. */
export async function seedModelVersions(table: Table, { project, trainingId, runId, modelVersion }: Trained) {
  const store = createRegistryStore(table);
  const models = createModelStore(table);
  const object = storedBy(project);
  let model = await models.create(
    {
      name: project,
      project,
      latestVersion: 0,
      latestByStage: {},
      tags: {},
      createdAt: now,
      updatedAt: now,
    },
    [],
  );
  for (let version = 1; version <= modelVersion; version++) {
    const registered: RegisteredVersion = {
      project,
      model: project,
      modelVersion: version,
      runId,
      trainingId: version === modelVersion ? trainingId : `${trainingId}-${version}`,
      artifact: object,
      trainingImage: 'image',
      signature: { task: 'binary_classification', inputs: [], target: 'y', classes: ['0', '1'] },
      metrics: {},
      evaluation: { verdict: 'Fail', report: object },
      reference: { features: object, predictions: object },
      recipe: {
        datasetVersion: 1,
        datasetSha256: object.sha256,
        trainingSetId: 'set',
        trainingSetSha256: object.sha256,
        projectRevision: 1,
        codeVersion: '0',
        trainingImage: 'image',
        seed: 17,
        hyperparameters: {},
      },
      projectRevision: 1,
      requestedBy: `${project}-owner`,
      status: 'READY',
      createdAt: now,
    };
    const after = { ...model, latestVersion: version, latestByStage: { None: version } };
    await store.saveVersion(
      model,
      after,
      registered,
      entryOfRegistration(model.modelId, registered),
      {
        model: project,
        alias: 'challenger',
        ...(version > 1 ? { fromVersion: version - 1 } : {}),
        toVersion: version,
        movedAt: now,
        movedBy: { type: 'service', id: 'registry' },
        reason: `registered in ${project}`,
      },
      [],
    );
    model = (await models.find(project)) ?? model;
  }
}

/** The evaluation of the training, and one of the newest version as if a client had registered it. */
export async function seedEvaluation(table: Table, { project, trainingId, runId, modelVersion }: Trained) {
  const found = { verdict: 'Fail' as const, metrics: {}, gates: [], testRows: 0, evaluatedAt: now };
  const of = { project, modelVersion, releaseId: `${project}-release` };
  await createVersionEvaluationStore(table).saveVersionEvaluation(
    { ...of, ...found, trainingSetId: 'set', datasetVersion: 1, report: storedBy(project) },
    [],
  );
  await createEvaluationStore(table).saveEvaluation(
    {
      project,
      trainingId,
      runId,
      ...found,
      report: storedBy(project),
    },
    [],
  );
}

/** A captured prediction of the newest version; answers its inference id. */
export async function seedPrediction(table: Table, { project, modelVersion }: Trained): Promise<string> {
  const requestId = `request-of-${project}`;
  const inferenceId = `${requestId}-0`;
  await createCaptures(table, systemClock).savePredictions(requestId, [
    {
      inferenceId,
      project,
      model: project,
      modelVersion,
      at: now,
      features: { x: 1 },
      prediction: { value: '1' },
      caller: `app-of-${project}`,
    },
  ]);
  return inferenceId;
}

/** A service's table, as the person at the keyboard may use it. */
export function tableOf(platform: RunningPlatform, stage: string, service: ServiceName): Table {
  const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return createTable(client, tableName(stage, service));
}
