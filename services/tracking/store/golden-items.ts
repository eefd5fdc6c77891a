import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';
import { modelGoldenItems } from './model-golden-items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  experiment: [
    {
      pk: 'EXPERIMENT#150257710748264729',
      sk: 'EXPERIMENT',
      schemaVersion: 1,
      experimentId: '150257710748264729',
      name: 'tumour',
      project: 'tumour',
      lifecycleStage: 'active',
      creationTime: '2026-11-28T01:38:49.097Z',
    },
    {
      pk: 'EXPERIMENT#150257710748264729',
      sk: 'EXPERIMENT',
      schemaVersion: 2,
      experimentId: '150257710748264729',
      name: 'tumour',
      project: 'tumour',
      artifactLocation: 'mlflow-artifacts:/150257710748264729',
      lifecycleStage: 'active',
      creationTime: 1795829929097,
      lastUpdateTime: 1795829929097,
      tags: {},
      revision: 1,
      gsi1pk: 'EXPERIMENTS#active',
      gsi1sk: '0001795829929097#150257710748264729',
    },
  ],
  experimentName: [
    { pk: 'EXPERIMENTNAME#tumour', sk: 'EXPERIMENT', schemaVersion: 1, experimentId: '150257710748264729' },
  ],
  run: [
    {
      pk: 'RUN#d27180c00af9382768a73dc5d5f2fcd8',
      sk: 'RUN',
      schemaVersion: 1,
      run: {
        runId: 'd27180c00af9382768a73dc5d5f2fcd8',
        experimentId: '150257710748264729',
        project: 'tumour',
        runName: 'training-01M8FWW21567EX3FFZ95H8FJC3',
        status: 'FINISHED',
        startTime: '2026-11-28T01:38:49.097Z',
        params: {
          num_round: '80',
          eval_metric: 'auc',
          max_depth: '4',
          eta: '0.15',
          subsample: '0.9',
          objective: 'binary:logistic',
          seed: '17',
        },
        metrics: {
          'train:auc': 1,
          'validation:auc': 1,
          test_auc: 0.9975,
          test_accuracy: 0.9512195121951219,
          test_precision: 0.9375,
          test_recall: 0.9375,
          test_f1: 0.9375,
          test_log_loss: 0.0960662018855005,
        },
        tags: {
          'millrace.trainingId': '01M8FWW21567EX3FFZ95H8FJC3',
          'millrace.projectRevision': '1',
          'millrace.datasetVersion': '1',
          'millrace.datasetSha256': '81830abfb9ebf0cecb122b9392077be80a2af6bc494dfef03787a3a650a4f303',
          'millrace.trainingSetId': 'ts-753b6310c5a65daf627cb35f2c5ff0aa',
          'millrace.trainingSetSha256': 'a6756dd4325902f8eb3895f95160897489cb8844293646bd55e775a29ec323f6',
          'millrace.codeVersion': '0.1.0',
          'millrace.champion': 'none',
          'mlflow.runName': 'training-01M8FWW21567EX3FFZ95H8FJC3',
          'millrace.model_version': '1',
        },
        endTime: '2026-11-28T01:38:53.714Z',
      },
      status: 'FINISHED',
      gsi1pk: 'EXPERIMENT#150257710748264729',
      gsi1sk: '2026-11-28T01:38:49.097Z#d27180c00af9382768a73dc5d5f2fcd8',
    },
    {
      pk: 'RUN#d27180c00af9382768a73dc5d5f2fcd8',
      sk: 'RUN',
      schemaVersion: 2,
      experimentId: '150257710748264729',
      project: 'tumour',
      lifecycleStage: 'active',
      revision: 2,
      looseBlocks: 1,
      blocks: 1,
      parts: 0,
      document:
        '{"name":"training-01M8FWW21567EX3FFZ95H8FJC3","userId":"millrace","status":"FINISHED","startTime":1795829929097,"params":{"eta":"0.15","seed":"17"},"tags":{"mlflow.runName":"training-01M8FWW21567EX3FFZ95H8FJC3"},"metrics":{"test_auc":[0.9975,1795829933714,0]},"datasets":[],"modelInputs":[],"modelOutputs":[],"endTime":1795829933714}',
      gsi1pk: 'EXPERIMENT#150257710748264729#active#4',
      gsi1sk: '9005403424811894#d27180c00af9382768a73dc5d5f2fcd8',
    },
  ],
  metricBlock: [
    {
      pk: 'METRICS#d27180c00af9382768a73dc5d5f2fcd8',
      sk: 'LOOSE#01M8FWW6ZRA9PBYYDNWRKKT5NC',
      schemaVersion: 1,
      // test_auc 0.9975 and test_f1 0.9375, each at 1795829933714, step 0.
      points: Buffer.from(
        'AAh0ZXN0X2F1YwEApJrx/MNoAADsUbgehevvPwd0ZXN0X2YxAQCkmvH8w2gAAAAAAAAAAO4/',
        'base64',
      ),
    },
  ],
  sealedSource: [
    {
      pk: 'SEALED#150257710748264729/d27180c00af9382768a73dc5d5f2fcd8/artifacts',
      sk: 'SOURCE#tumour#1',
      schemaVersion: 1,
      source: '150257710748264729/d27180c00af9382768a73dc5d5f2fcd8/artifacts/model',
      model: 'tumour',
      version: '1',
    },
  ],
  runPart: [
    {
      pk: 'RUN#d27180c00af9382768a73dc5d5f2fcd8',
      sk: 'PART#7#000',
      schemaVersion: 1,
      // Deflated, cut.
      document: Buffer.from('q1bKS8xNVbJSKilKzMzLzEsHAA==', 'base64'),
    },
  ],
  dataset: [
    {
      pk: 'DATASETS#150257710748264729',
      sk: 'DATASET#7e6b41c0b13a52a16b2ac6a41ad2ba9b',
      schemaVersion: 1,
      name: 'tumours',
      digest: '0a1b2c3d',
      // {"sourceType":"local","source":"{}"}
      description: Buffer.from('q1YqLsks0FGyUsovLUpOVbJSykksS8xRqgUA', 'base64'),
    },
  ],
  datasetUse: [
    {
      pk: 'DATASETS#150257710748264729',
      sk: 'USED#7e6b41c0b13a52a16b2ac6a41ad2ba9b#2c26b46b68ffc68f',
      schemaVersion: 1,
      name: 'tumours',
      digest: '0a1b2c3d',
      context: 'training',
    },
  ],
  ...modelGoldenItems,
};
