import { sha256Hex } from '#shared/kernel/hash.ts';
import { EvaluationCompleted } from '../evaluation.ts';
import { TrainingSetBuilt } from '../feature-store.ts';
import {
  ModelAliasMoved,
  ModelVersionCreated,
  ModelVersionQuarantined,
  ModelVersionRegistered,
  ModelVersionRegisteredV2,
} from '../registry.ts';
import { RunFinished } from '../tracking.ts';
import {
  TrainingCompleted,
  TrainingFailed,
  TrainingRequested,
  TrainingStarted,
  TrainingSuppressed,
} from '../training.ts';
import { validationCompleted } from './data.ts';
import { at, fact, project, stored } from './fact.ts';

const trainingId = '01M7YM68X7A58ZAWF5PJPJ5HGH';
const trainingSetId = 'ts-e91effe28f8c89c902862cc02815e217';
const runId = '5897981342d2d1a93554a78db3fd643a';
const jobName = `millrace-local-${project}-${trainingId.toLowerCase()}`;
const trainingImage = `683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost@sha256:${'d'.repeat(64)}`;
const artifact = stored('models', `training/${project}/${trainingId}/${jobName}/output/model.tar.gz`, 1899);
const report = stored('data', `evaluations/${project}/${trainingId}.json`, 882);
const metrics = { auc: 0.9985, accuracy: 0.9811, precision: 1, recall: 0.9524, f1: 0.9756, log_loss: 0.2791 };

const trainingRequested = fact(
  TrainingRequested,
  { eventId: `${trainingId}-requested`, seconds: 3.2, after: validationCompleted },
  {
    project,
    trainingId,
    trigger: 'Data',
    reasons: ['Dataset version 1 passed validation (Warn, 298 rows).'],
    datasetVersion: 1,
    projectRevision: 1,
  },
);

const trainingSuppressed = fact(
  TrainingSuppressed,
  { eventId: '01M7YM8GAMG15YYXKW9D527MCD', seconds: 3.4, after: validationCompleted },
  {
    project,
    trigger: 'Data',
    rule: 'InFlight',
    message: `Training ${trainingId} is in flight; the request is kept until it ends.`,
    datasetVersion: 1,
  },
);

const trainingSetBuilt = fact(
  TrainingSetBuilt,
  { eventId: trainingSetId, seconds: 4.5, after: trainingRequested },
  {
    project,
    trainingSetId,
    datasetVersion: 1,
    asOf: at(3.2),
    contentSha256: sha256Hex(trainingSetId),
    rows: { train: 197, validation: 49, test: 52 },
    featureNames: ['mean_radius'],
  },
);

const trainingStarted = fact(
  TrainingStarted,
  { eventId: `${trainingId}-started`, seconds: 5.5, after: trainingRequested },
  { project, trainingId, runId, jobName },
);

const evaluationCompleted = fact(
  EvaluationCompleted,
  { eventId: '01M7YM6D58WYBYDZCCGZH3EFX5', seconds: 7.5, after: trainingRequested },
  {
    project,
    trainingId,
    runId,
    verdict: 'Pass',
    metrics,
    gates: [
      {
        gate: 'min_auc',
        verdict: 'Pass',
        metric: 'auc',
        observed: metrics.auc,
        threshold: 0.95,
        message: 'auc is 0.998500, at least 0.950000 is demanded.',
      },
    ],
    report,
  },
);

/** What the release follows from. */
export const modelVersionRegistered = fact(
  ModelVersionRegistered,
  { eventId: '01M7YM6DGW8F1JMEZ1YYF7A5ET', seconds: 7.9, after: trainingRequested },
  {
    project,
    model: project,
    modelVersion: 1,
    runId,
    trainingId,
    artifact,
    trainingImage,
    signature: {
      task: 'binary_classification',
      inputs: [{ name: 'mean_radius', type: 'number' }],
      target: 'malignant',
      classes: ['0', '1'],
    },
    metrics,
    evaluation: { verdict: 'Pass', report },
    reference: {
      features: stored('data', `feature-store/${project}/${trainingSetId}/trainFeatures.csv`, 41_431),
      predictions: stored('data', `transform/${project}/${trainingId}/challenger/testFeatures.csv.out`, 1033),
    },
    recipe: {
      datasetVersion: 1,
      datasetSha256: sha256Hex('manifest of version 1'),
      trainingSetId,
      trainingSetSha256: sha256Hex(trainingSetId),
      projectRevision: 1,
      codeVersion: '0.1.0',
      trainingImage,
      seed: 17,
      hyperparameters: {
        num_round: '80',
        max_depth: '4',
        eta: '0.15',
        objective: 'binary:logistic',
        seed: '17',
      },
    },
    projectRevision: 1,
    requestedBy: 'validation',
  },
);

const modelAliasMoved = fact(
  ModelAliasMoved,
  { eventId: '01M7YM6DGZKD9WM3BPNP4X9KFR', seconds: 7.9, after: trainingRequested },
  {
    project,
    model: project,
    alias: 'challenger',
    toVersion: 1,
    reason: `Registered by training ${trainingId}.`,
  },
);

const clientVersion = {
  project,
  model: project,
  modelVersion: 4,
  source: `mlflow-artifacts:/150257710748264729/${runId}/artifacts/model`,
  runId,
  createdBy: 'ada',
};

const modelVersionCreated = fact(
  ModelVersionCreated,
  { eventId: '01M7YN2Q4T6W8Z0B3D5F7H9K1M', seconds: 900, by: { type: 'user', id: 'ada' } },
  { ...clientVersion, tags: { team: 'lab' } },
);

const clientVersionRegistered = fact(
  ModelVersionRegisteredV2,
  { eventId: '01M7YN2R7V9X1C4E6G8J0M2P4R', seconds: 901.2, after: modelVersionCreated },
  {
    ...clientVersion,
    origin: 'client',
    content: {
      verdict: 'Verified',
      digest: sha256Hex('objects of version 4'),
      manifest: stored('models', `registry/content/${sha256Hex('manifest of version 4')}.json`, 1210),
      objects: 5,
      bytes: 18_240,
    },
    flavors: ['python_function', 'xgboost'],
  },
);

const modelVersionQuarantined = fact(
  ModelVersionQuarantined,
  { eventId: '01M7YN8S0V2X4Z6B8D0F2H4K6M', seconds: 1300, after: clientVersionRegistered },
  {
    project,
    model: project,
    modelVersion: 4,
    reason: 'model.ubj is not what was registered.',
    changed: [{ path: 'model.ubj', finding: 'Changed' }],
  },
);

const runFinished = fact(
  RunFinished,
  { eventId: `${runId}-finished`, seconds: 8.1, after: trainingRequested },
  {
    project,
    experimentId: '150257710748264729',
    runId,
    status: 'FINISHED',
    metrics: { 'validation:auc': 1, test_auc: metrics.auc },
  },
);

const trainingCompleted = fact(
  TrainingCompleted,
  { eventId: `${trainingId}-completed`, seconds: 8.7, after: trainingRequested },
  {
    project,
    trainingId,
    runId,
    jobName,
    artifact,
    model: project,
    modelVersion: 1,
    metrics,
    billableSeconds: 1,
  },
);

const trainingFailed = fact(
  TrainingFailed,
  { eventId: '01M7YMB0T8Y6K1N4Q7S0V3X6Z9-failed', seconds: 8.9, after: trainingRequested },
  {
    project,
    trainingId: '01M7YMB0T8Y6K1N4Q7S0V3X6Z9',
    step: 'training job',
    error: 'TrainingJobFailed',
    cause: 'AlgorithmError: the hyperparameter max_depth must be an integer.',
  },
);

export const trainingSamples = [
  trainingRequested,
  trainingSuppressed,
  trainingSetBuilt,
  trainingStarted,
  evaluationCompleted,
  modelVersionRegistered,
  modelAliasMoved,
  runFinished,
  trainingCompleted,
  trainingFailed,
  modelVersionCreated,
  clientVersionRegistered,
  modelVersionQuarantined,
];
