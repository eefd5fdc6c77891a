import type { ClientVersion } from '#services/deployment/contract.ts';
import type { Alarms, ClientFiles, EndpointState } from '#services/deployment/ports.ts';
import { createReleaseStore } from '#services/deployment/store/release-store.ts';
import { createEndpoint } from '#services/deployment/use-cases/create-endpoint.ts';
import { promoteVersion } from '#services/deployment/use-cases/end-canary.ts';
import { openRelease } from '#services/deployment/use-cases/open-release.ts';
import { settleEndpoint } from '#services/deployment/use-cases/settle-endpoint.ts';
import { startCanary } from '#services/deployment/use-cases/start-canary.ts';
import type { TrainingSet } from '#services/feature-store/contract.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';

export const definition = projectDefinition.parse({
  name: 'tumour',
  owners: ['local'],
  data: {
    primaryKey: 'id',
    columns: { id: { type: 'string' }, x: { type: 'number' }, y: { type: 'integer' } },
  },
  target: { column: 'y', task: 'binary_classification' },
});
export const clock = manualClock('2026-01-01T00:00:00Z');
const metadata = startingJourney({
  eventId: 'cause',
  occurredAt: clock.now(),
  project: 'tumour',
  actor: { type: 'service', id: 'registry' },
});
const stored = (name: string) => ({ uri: `s3://bucket-of-models/${name}`, sha256: 'a'.repeat(64), bytes: 1 });
export const registered = (modelVersion: number) => ({
  project: 'tumour',
  model: 'tumour',
  modelVersion,
  runId: 'r',
  trainingId: 't',
  artifact: stored(`v${modelVersion}`),
  trainingImage: 'image',
  signature: {
    task: 'binary_classification' as const,
    inputs: [{ name: 'x', type: 'number' as const }],
    target: 'y',
    classes: ['0', '1'],
  },
  metrics: {},
  evaluation: { verdict: 'Pass' as const, report: stored('report') },
  reference: { features: stored('f'), predictions: stored('p') },
  recipe: {
    datasetVersion: 1,
    datasetSha256: 'd',
    trainingSetId: 's',
    trainingSetSha256: 's',
    projectRevision: 1,
    codeVersion: '0',
    trainingImage: 'image',
    seed: 1,
    hyperparameters: {},
  },
  projectRevision: 1,
  requestedBy: 'ada',
});

/** As a client registered it: a model of the project's features, in another order. */
export const clientVersion = (modelVersion: number): ClientVersion => ({
  project: 'tumour',
  model: 'tumour',
  modelVersion,
  origin: 'client',
  source: 'mlflow-artifacts:/1/r/artifacts/model',
  createdBy: 'ada',
  content: {
    verdict: 'Verified',
    digest: 'd'.repeat(64),
    manifest: stored(`registry/content/${modelVersion}.json`),
    objects: 2,
    bytes: 20,
  },
  flavors: ['python_function', 'xgboost'],
  projectRevision: 1,
  requestedBy: 'ada',
});

const mlmodelText = `flavors: {xgboost: {data: model.ubj}}
signature: {inputs: '[{"type": "double", "name": "z"}, {"type": "double", "name": "x"}]'}`;

/** What a client registered, and what the feature store says of the project. */
function clientFilesOf() {
  const state = {
    packed: [] as string[],
    changed: [] as string[],
    featureNames: ['z', 'x'],
    trainingSet: trainingSetOf() as TrainingSet | undefined,
  };
  const object = (path: string) => ({ path, bytes: 10, sha256: 'e'.repeat(64), versionId: '1' });
  const files: ClientFiles = {
    manifest: async () => ({
      schemaVersion: 1,
      location: 's3://bucket-of-models/mlflow/1/r/artifacts/model',
      objects: [object('MLmodel'), object('model.ubj')],
    }),
    text: async () => mlmodelText,
    pack: async (_project, _manifest, path) => {
      state.packed.push(path);
      return {
        artifact: { ...stored('deployment/model.tar.gz'), sha256: 'c'.repeat(64) },
        featureNames: state.featureNames,
      };
    },
    changedSince: async () => state.changed,
  };
  return { state, files };
}

const trainingSetOf = (): TrainingSet => ({
  trainingSetId: 's',
  contentSha256: 'a'.repeat(64),
  asOf: '2026-01-01T00:00:00.000Z',
  datasetVersion: 1,
  datasetSha256: 'a'.repeat(64),
  signature: {
    task: 'binary_classification',
    inputs: [
      { name: 'x', type: 'number' },
      { name: 'z', type: 'number' },
    ],
    target: 'y',
    classes: ['0', '1'],
  },
  rows: { train: 1, validation: 1, test: 1 },
  train: stored('train'),
  validation: stored('validation'),
  testFeatures: stored('testFeatures'),
  testLabels: stored('testLabels'),
  trainFeatures: stored('trainFeatures'),
});

export type DeploymentWorld = ReturnType<typeof inMemoryDeployment>;

/** Deployment over a table in memory, with SageMaker, alarms and task tokens that do and remember what they are told. */
export function inMemoryDeployment() {
  const table: MemoryTable = createMemoryTable();
  const store = createReleaseStore(table);
  const answers: { token: string; output?: unknown; error?: string }[] = [];
  const hosted = new Map<string, EndpointState>();
  const alarmStates = new Map<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'>();
  const digests = { value: 'a'.repeat(64) };
  const client = clientFilesOf();
  const project = structuredClone(definition);
  const alarms: Alarms = {
    create: async (made) => {
      for (const alarm of made) alarmStates.set(alarm.alarmName, 'INSUFFICIENT_DATA');
    },
    states: async (names) => new Map([...alarmStates].filter(([name]) => names.includes(name))),
    remove: async (names) => {
      for (const name of names) alarmStates.delete(name);
    },
  };
  const deps = {
    store,
    clock,
    alarms,
    stage: 'test',
    ids: sequentialIds('id'),
    projects: { definition: async () => project, newestRevision: async () => 1 },
    files: client.files,
    serving: {
      newestTrainingSet: async () => client.state.trainingSet,
      image: async () => 'serving-image',
    },
    artifacts: { digest: async () => digests.value },
    hosting: {
      create: async (name: string) => void hosted.set(name, hosted.get(name) ?? { status: 'changing' }),
      describe: async (name: string) => hosted.get(name) ?? { status: 'absent' as const },
      remove: async (name: string) => void hosted.delete(name),
    },
    tokens: {
      succeed: async (token: string, output: unknown) => void answers.push({ token, output }),
      fail: async (token: string, error: string) => void answers.push({ token, error }),
    },
    endpointName: (project: string, modelVersion: number) => `${project}-v${modelVersion}`,
  };
  const step = (modelVersion: number) => ({ project: 'tumour', releaseId: `r${modelVersion}`, metadata });
  /** Everything up to the canary, the endpoint in service. */
  const deploy = async (modelVersion: number, version = registered(modelVersion)) => {
    await openRelease(deps, { releaseId: `r${modelVersion}`, version });
    await createEndpoint(deps, { ...step(modelVersion), taskToken: `token-${modelVersion}` });
    hosted.set(`tumour-v${modelVersion}`, { status: 'in_service' });
    await settleEndpoint(deps, `tumour-v${modelVersion}`);
    return startCanary(deps, { ...step(modelVersion), endpointName: `tumour-v${modelVersion}` });
  };
  const promote = (modelVersion: number) =>
    promoteVersion(deps, { ...step(modelVersion), endpointName: `tumour-v${modelVersion}` });
  const shares = async () =>
    (await store.readRouting('tumour'))?.versions.map(({ modelVersion, share }) => [modelVersion, share]);
  const published = () => table.published.map((event) => event.detailType);
  const clientFiles = client.state;
  return {
    deps,
    store,
    answers,
    hosted,
    alarmStates,
    digests,
    project,
    clientFiles,
    step,
    deploy,
    promote,
    shares,
    published,
  };
}
