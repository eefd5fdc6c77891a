import type { MlflowThings } from './mlflow-things.ts';

/** What a route of MLflow's API is asked for something of a project. */
export interface MlflowQuestion {
  /** Path parameters, query string and body. `unique` is another text at every call. */
  message(of: MlflowThings, unique: string): Readonly<Record<string, unknown>>;
  /** The body of a route that takes bytes. */
  readonly bytes?: string;
  /** Of a search: what its answer shows to those who may see it, and to nobody else. */
  shows?(of: MlflowThings): string;
  /** What it changes others would miss: every caller asks for things of its own. */
  readonly changesThings?: true;
  /** The good answer, where it is none of status 200: what is asked for cannot be done, whoever asks. */
  readonly answer?: RegExp;
}

const run = ({ runId }: MlflowThings) => ({ run_id: runId });
const experiment = ({ experimentId }: MlflowThings) => ({ experiment_id: experimentId });
const artifact = ({ artifactPath }: MlflowThings) => ({ artifact_path: artifactPath });
const folder = ({ artifactPath }: MlflowThings) => artifactPath.replace(/\/[^/]+$/, '');

const experiments: Readonly<Record<string, MlflowQuestion>> = {
  'MlflowService.createExperiment': {
    message: ({ project }, unique) => ({
      name: `${project}/${unique}`,
      tags: [{ key: 'millrace.project', value: project }],
    }),
  },
  'MlflowService.getExperiment': { message: experiment },
  'MlflowService.getExperimentByName': { message: (of) => ({ experiment_name: of.experimentName }) },
  'MlflowService.updateExperiment': {
    message: (of, unique) => ({ ...experiment(of), new_name: `${of.project}/${unique}` }),
    changesThings: true,
  },
  'MlflowService.deleteExperiment': { message: experiment, changesThings: true },
  'MlflowService.restoreExperiment': {
    message: (of) => ({ experiment_id: of.deletedExperimentId }),
    changesThings: true,
  },
  'MlflowService.setExperimentTag': { message: (of) => ({ ...experiment(of), key: 'a', value: 'b' }) },
  'MlflowService.deleteExperimentTag': {
    message: (of) => ({ ...experiment(of), key: 'colour' }),
    changesThings: true,
  },
  'MlflowService.searchExperiments': {
    message: () => ({ max_results: 1000 }),
    shows: (of) => of.experimentName,
  },
  'MlflowService.searchExperiments.get': {
    message: () => ({ max_results: '1000' }),
    shows: (of) => of.experimentName,
  },
};

const runs: Readonly<Record<string, MlflowQuestion>> = {
  'MlflowService.createRun': { message: experiment },
  'MlflowService.updateRun': { message: (of) => ({ ...run(of), status: 'RUNNING' }) },
  'MlflowService.deleteRun': { message: run, changesThings: true },
  'MlflowService.restoreRun': { message: (of) => ({ run_id: of.deletedRunId }), changesThings: true },
  'MlflowService.getRun': { message: run },
  'MlflowService.logMetric': { message: (of) => ({ ...run(of), key: 'm', value: 1, timestamp: 1 }) },
  'MlflowService.logParam': { message: (of) => ({ ...run(of), key: 'p', value: 'same' }) },
  'MlflowService.setTag': { message: (of) => ({ ...run(of), key: 't', value: 'v' }) },
  'MlflowService.deleteTag': { message: (of) => ({ ...run(of), key: 'colour' }), changesThings: true },
  'MlflowService.logBatch': { message: (of) => ({ ...run(of), tags: [{ key: 'batch', value: 'v' }] }) },
  'MlflowService.searchRuns': {
    message: (of) => ({ experiment_ids: [of.experimentId] }),
    shows: (of) => of.runId,
  },
  'MlflowService.getMetricHistory': { message: (of) => ({ ...run(of), metric_key: 'loss' }) },
};

const noUpload = /upload/i;
const artifacts: Readonly<Record<string, MlflowQuestion>> = {
  'MlflowArtifactsService.downloadArtifact': { message: artifact },
  'MlflowArtifactsService.uploadArtifact': {
    message: (of, unique) => ({ artifact_path: `${folder(of)}/${unique}.txt` }),
    bytes: 'Notes.',
  },
  'MlflowArtifactsService.deleteArtifact': { message: artifact, changesThings: true },
  'MlflowArtifactsService.listArtifacts': { message: (of) => ({ path: folder(of) }) },
  'MlflowArtifactsService.createMultipartUpload': {
    message: (of) => ({ artifact_path: folder(of), path: 'big.bin', num_parts: 1 }),
  },
  'MlflowArtifactsService.completeMultipartUpload': {
    message: (of) => ({
      artifact_path: folder(of),
      path: 'big.bin',
      upload_id: 'none',
      parts: [{ part_number: 1, etag: 'e', url: 'https://example.com' }],
    }),
    answer: noUpload,
  },
  'MlflowArtifactsService.abortMultipartUpload': {
    message: (of) => ({ artifact_path: folder(of), path: 'big.bin', upload_id: 'none' }),
    answer: noUpload,
  },
  'MlflowArtifactsService.getPresignedDownloadUrl': { message: artifact },
  'MlflowService.listArtifacts': { message: run },
  uploadArtifact: {
    message: (of, unique) => ({ run_uuid: of.runId, path: `${unique}.txt` }),
    bytes: 'Notes.',
  },
  'MlflowService.createPresignedUploadUrl': { message: (of) => ({ ...run(of), path: 'big.bin' }) },
  'MlflowService.createPresignedDownloadUrl': { message: (of) => ({ ...run(of), path: 'notes.txt' }) },
  getArtifact: { message: (of) => ({ ...run(of), path: 'notes.txt' }) },
};

const model = (of: MlflowThings) => ({ name: of.model });
const version = (of: MlflowThings) => ({ name: of.model, version: '1' });
const models: Readonly<Record<string, MlflowQuestion>> = {
  'ModelRegistryService.createRegisteredModel': {
    message: ({ project }, unique) => ({
      name: `${project}.${unique}`,
      tags: [{ key: 'millrace.project', value: project }],
    }),
  },
  'ModelRegistryService.renameRegisteredModel': {
    message: (of, unique) => ({ ...model(of), new_name: `${of.project}.${unique}` }),
    changesThings: true,
  },
  'ModelRegistryService.updateRegisteredModel': { message: (of) => ({ ...model(of), description: 'd' }) },
  'ModelRegistryService.deleteRegisteredModel': { message: model, changesThings: true },
  'ModelRegistryService.getRegisteredModel': { message: model },
  'ModelRegistryService.searchRegisteredModels': {
    message: () => ({ max_results: '1000' }),
    shows: (of) => of.model,
  },
  'ModelRegistryService.getLatestVersions': { message: model },
  'ModelRegistryService.getLatestVersionsByQuery': { message: model },
  'ModelRegistryService.setRegisteredModelTag': { message: (of) => ({ ...model(of), key: 'k', value: 'v' }) },
  'ModelRegistryService.deleteRegisteredModelTag': { message: (of) => ({ ...model(of), key: 'colour' }) },
  'ModelRegistryService.setRegisteredModelAlias': { message: (of) => ({ ...version(of), alias: 'green' }) },
  'ModelRegistryService.deleteRegisteredModelAlias': {
    message: (of) => ({ ...model(of), alias: 'blue' }),
    changesThings: true,
  },
  'ModelRegistryService.getModelVersionByAlias': { message: (of) => ({ ...model(of), alias: 'blue' }) },
};

const versions: Readonly<Record<string, MlflowQuestion>> = {
  'ModelRegistryService.createModelVersion': {
    message: (of) => ({ ...model(of), source: `mlflow-artifacts:/${folder(of)}`, run_id: of.runId }),
  },
  'ModelRegistryService.updateModelVersion': { message: (of) => ({ ...version(of), description: 'd' }) },
  'ModelRegistryService.transitionModelVersionStage': {
    message: (of) => ({ ...version(of), stage: 'Staging', archive_existing_versions: false }),
  },
  'ModelRegistryService.deleteModelVersion': { message: version, changesThings: true },
  'ModelRegistryService.getModelVersion': { message: version },
  'ModelRegistryService.searchModelVersions': {
    message: () => ({ max_results: '1000' }),
    shows: (of) => of.model,
  },
  'ModelRegistryService.getModelVersionDownloadUri': { message: version },
  'ModelRegistryService.setModelVersionTag': { message: (of) => ({ ...version(of), key: 'k', value: 'v' }) },
  'ModelRegistryService.deleteModelVersionTag': { message: (of) => ({ ...version(of), key: 'colour' }) },
};

const webhook = ({ webhookId }: MlflowThings) => ({ webhook_id: webhookId });
/** Webhooks belong to no project. */
const webhooks: Readonly<Record<string, MlflowQuestion>> = {
  'WebhookService.createWebhook': {
    message: (_of, unique) => ({
      name: unique,
      url: 'https://example.com/hook',
      events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
    }),
  },
  'WebhookService.listWebhooks': { message: () => ({}) },
  'WebhookService.getWebhook': { message: webhook },
  'WebhookService.updateWebhook': { message: (of) => ({ ...webhook(of), description: 'd' }) },
  'WebhookService.deleteWebhook': { message: webhook, changesThings: true },
  'WebhookService.testWebhook': { message: webhook },
};

const dataset = { name: 'd', digest: 'x', source_type: 'local', source: '{}' };
const furtherRuns: Readonly<Record<string, MlflowQuestion>> = {
  'MlflowService.logInputs': { message: (of) => ({ ...run(of), datasets: [{ dataset }] }) },
  'MlflowService.logOutputs': { message: (of) => ({ ...run(of), models: [] }) },
  getMetricHistoryBulk: { message: (of) => ({ ...run(of), metric_key: 'loss' }) },
  'MlflowService.getMetricHistoryBulkInterval': {
    message: (of) => ({ run_ids: of.runId, metric_key: 'loss', max_results: '10' }),
  },
};

const nothing: MlflowQuestion = { message: () => ({}) };

/** What each route is asked, by its name. A new route needs a question here, or its test fails and says so. */
export const mlflowQuestions: Readonly<Record<string, MlflowQuestion>> = {
  health: nothing,
  version: nothing,
  serverInfo: nothing,
  ...experiments,
  ...runs,
  ...artifacts,
  ...models,
  ...versions,
  ...webhooks,
  ...furtherRuns,
};
