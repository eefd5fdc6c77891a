import { experiment, experiments, type MlflowQuestions, run } from './mlflow-question.ts';
import { type MlflowThings, newExperiment, newRun } from './mlflow-things.ts';

const artifact = ({ artifactPath }: MlflowThings) => ({ artifact_path: artifactPath });
const folder = ({ artifactPath }: MlflowThings) => artifactPath.replace(/\/[^/]+$/, '');

const ofExperiments: MlflowQuestions = {
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
    anew: newExperiment,
  },
  'MlflowService.deleteExperiment': { message: experiment, anew: newExperiment },
  'MlflowService.restoreExperiment': {
    message: (of) => ({ experiment_id: of.deletedExperimentId }),
    anew: newExperiment,
  },
  'MlflowService.setExperimentTag': { message: (of) => ({ ...experiment(of), key: 'a', value: 'b' }) },
  'MlflowService.deleteExperimentTag': {
    message: (of) => ({ ...experiment(of), key: 'colour' }),
    anew: newExperiment,
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

const ofRuns: MlflowQuestions = {
  'MlflowService.createRun': { message: experiment },
  'MlflowService.updateRun': { message: (of) => ({ ...run(of), status: 'RUNNING' }) },
  'MlflowService.deleteRun': { message: run, anew: newRun },
  'MlflowService.restoreRun': { message: (of) => ({ run_id: of.deletedRunId }), anew: newRun },
  'MlflowService.getRun': { message: run },
  'MlflowService.logMetric': { message: (of) => ({ ...run(of), key: 'm', value: 1, timestamp: 1 }) },
  'MlflowService.logParam': { message: (of) => ({ ...run(of), key: 'p', value: 'same' }) },
  'MlflowService.setTag': { message: (of) => ({ ...run(of), key: 't', value: 'v' }) },
  'MlflowService.deleteTag': { message: (of) => ({ ...run(of), key: 'colour' }), anew: newRun },
  'MlflowService.logBatch': { message: (of) => ({ ...run(of), tags: [{ key: 'batch', value: 'v' }] }) },
  'MlflowService.searchRuns': {
    message: (of) => ({ experiment_ids: [of.experimentId] }),
    shows: (of) => of.runId,
  },
  'MlflowService.getMetricHistory': { message: (of) => ({ ...run(of), metric_key: 'loss' }) },
};

const noUpload = /upload/i;
const ofArtifacts: MlflowQuestions = {
  'MlflowArtifactsService.downloadArtifact': { message: artifact },
  'MlflowArtifactsService.uploadArtifact': {
    message: (of, unique) => ({ artifact_path: `${folder(of)}/${unique}.txt` }),
    bytes: 'Notes.',
  },
  'MlflowArtifactsService.deleteArtifact': { message: artifact, anew: newRun },
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

const runIdOf = ({ runId }: MlflowThings): string => runId;
const experimentIdOf = ({ experimentId }: MlflowThings): string => experimentId;
const loggedModelJson = ({ runId }: MlflowThings): string =>
  JSON.stringify({
    artifact_path: 'model',
    run_id: runId,
    utc_time_created: '2026-01-01 00:00:00',
    flavors: {},
  });
const dataset = { name: 'd', digest: 'x', source_type: 'local', source: '{}' };
const inputsAndCharts: MlflowQuestions = {
  'MlflowService.logInputs': { message: (of) => ({ ...run(of), datasets: [{ dataset }] }) },
  'MlflowService.logOutputs': { message: (of) => ({ ...run(of), models: [{ model_id: of.modelId }] }) },
  'MlflowService.logModel': { message: (of) => ({ ...run(of), model_json: loggedModelJson(of) }) },
  'MlflowService.searchDatasets': { message: experiments, shows: experimentIdOf },
  getMetricHistoryBulk: { message: (of) => ({ ...run(of), metric_key: 'loss' }), shows: runIdOf },
  'MlflowService.getMetricHistoryBulkInterval': {
    message: (of) => ({ run_ids: of.runId, metric_key: 'loss', max_results: '10' }),
    shows: runIdOf,
  },
  purgeRun: { message: (of) => ({ run_id: of.deletedRunId }), anew: newRun },
  purgeExperiment: {
    message: (of) => ({ experiment_id: of.deletedExperimentId }),
    anew: newExperiment,
  },
};

/** Of experiments and runs with their artifacts. */
export const runQuestions: MlflowQuestions = {
  ...ofExperiments,
  ...ofRuns,
  ...ofArtifacts,
  ...inputsAndCharts,
};
