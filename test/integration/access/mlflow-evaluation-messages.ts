import { experiment, experiments, type MlflowQuestions } from './mlflow-question.ts';
import { type MlflowThings, newEvaluation, newLoggedModel } from './mlflow-things.ts';

const model = ({ modelId }: MlflowThings) => ({ model_id: modelId });
const loggedModels: MlflowQuestions = {
  'MlflowService.createLoggedModel': { message: (of, unique) => ({ ...experiment(of), name: unique }) },
  'MlflowService.searchLoggedModels': { message: experiments, shows: ({ modelId }) => modelId },
  'MlflowService.getLoggedModel': { message: model },
  'MlflowService.finalizeLoggedModel': { message: (of) => ({ ...model(of), status: 'LOGGED_MODEL_READY' }) },
  'MlflowService.deleteLoggedModel': { message: model, anew: newLoggedModel },
  'MlflowService.setLoggedModelTags': {
    message: (of) => ({ ...model(of), tags: [{ key: 'k', value: 'v' }] }),
  },
  'MlflowService.deleteLoggedModelTag': {
    message: (of) => ({ ...model(of), tag_key: 'colour' }),
    anew: newLoggedModel,
  },
  'MlflowService.LogLoggedModelParams': {
    message: (of) => ({ ...model(of), params: [{ key: 'depth', value: '3' }] }),
  },
  'MlflowService.listLoggedModelArtifacts': { message: model },
  getLoggedModelArtifact: { message: (of) => ({ ...model(of), artifact_file_path: 'weights.txt' }) },
};

const dataset = ({ datasetId }: MlflowThings) => ({ dataset_id: datasetId });
const search = { message: experiments, shows: ({ datasetId }: MlflowThings) => datasetId };
const record = ({ project }: MlflowThings): string => JSON.stringify([{ inputs: { question: project } }]);
const datasets: MlflowQuestions = {
  'MlflowService.createDataset': {
    message: (of, unique) => ({ ...experiments(of), name: `${of.project}-${unique}` }),
  },
  'MlflowService.searchEvaluationDatasets': search,
  'MlflowService.searchEvaluationDatasetsByQuery': search,
  'MlflowService.getDataset': { message: dataset },
  // What is not there is deleted already, and so is what a caller may not see.
  'MlflowService.deleteDataset': {
    message: dataset,
    anew: newEvaluation,
    isDone: async (ask, of) => {
      const found = await ask('POST', '/api/3.0/mlflow/datasets/search', experiments(of));
      return !JSON.stringify(found).includes(of.datasetId);
    },
  },
  'MlflowService.setDatasetTags': { message: (of) => ({ ...dataset(of), tags: '{"k":"v"}' }) },
  'MlflowService.deleteDatasetTag': {
    message: (of) => ({ ...dataset(of), key: 'colour' }),
    anew: newEvaluation,
  },
  'MlflowService.upsertDatasetRecords': { message: (of) => ({ ...dataset(of), records: record(of) }) },
  'MlflowService.getDatasetRecords': { message: dataset },
  'MlflowService.deleteDatasetRecords': {
    message: (of) => ({ ...dataset(of), dataset_record_ids: [of.datasetRecordId] }),
    anew: newEvaluation,
  },
  'MlflowService.getDatasetExperimentIds': { message: dataset },
  'MlflowService.addDatasetToExperiments': { message: (of) => ({ ...dataset(of), ...experiments(of) }) },
  'MlflowService.removeDatasetFromExperiments': {
    message: (of) => ({ ...dataset(of), ...experiments(of) }),
    anew: newEvaluation,
  },
};

const scorer = (of: MlflowThings) => ({ ...experiment(of), name: of.scorer });
const scorers: MlflowQuestions = {
  'MlflowService.registerScorer': { message: (of) => ({ ...scorer(of), serialized_scorer: '{}' }) },
  'MlflowService.listScorers': { message: experiment },
  'MlflowService.listScorerVersions': { message: scorer },
  'MlflowService.getScorer': { message: scorer },
  'MlflowService.deleteScorer': { message: scorer, anew: newEvaluation },
  'MlflowService.getOnlineScoringConfigs': { message: () => ({ scorer_ids: 'none' }) },
};

/** Of logged models, and of what evaluates them. */
export const evaluationQuestions: MlflowQuestions = { ...loggedModels, ...datasets, ...scorers };
