import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  head: [
    {
      pk: 'CHAIN#gone',
      sk: 'HEAD',
      schemaVersion: 1,
      hash: 'c4b40583f7980d66da23bf1899fe8f59e0f4eded47ecd6192db464c0da85a15c',
      held: { sequence: 1, hash: 'c4b40583f7980d66da23bf1899fe8f59e0f4eded47ecd6192db464c0da85a15c' },
    },
  ],
  entry: [
    {
      pk: 'CHAIN#tumour',
      sk: 'ENTRY#000000000018',
      schemaVersion: 1,
      held: {
        eventId: '01M8FWWHQR4FJ5T2Y3X6CCJXMW',
        source: 'millrace.registry',
        detailType: 'ModelVersionRegistered.v1',
        occurredAt: '2026-11-28T01:39:02.008Z',
        correlationId: '01M8FWWCZ8ZKM8JAF4DHY3N84V-requested',
        actor: 'service:registry',
        data: {
          project: 'tumour',
          model: 'tumour',
          modelVersion: 2,
          runId: 'a4245b926e262e8f0677ba09466a7930',
          trainingId: '01M8FWWCZ8ZKM8JAF4DHY3N84V',
          artifact: {
            uri: 's3://millrace-local-000000000000-us-east-1-models/training/tumour/01M8FWWCZ8ZKM8JAF4DHY3N84V/millrace-local-tumour-01m8fwwcz8zkm8jaf4dhy3n84v/output/model.tar.gz',
            sha256: '0d51cacc0722abd9694dcf479e9f424f71f7cfb0fb5e1f3a1f7b091e1b513d72',
            bytes: 6772,
          },
          trainingImage: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5',
          signature: {
            task: 'binary_classification',
            inputs: [
              { name: 'mean_radius', type: 'number' },
              { name: 'mean_texture', type: 'number' },
            ],
            target: 'malignant',
            classes: ['0', '1'],
          },
          metrics: {
            auc: 0.9975,
            accuracy: 0.9512195121951219,
            precision: 0.9375,
            recall: 0.9375,
            f1: 0.9375,
            log_loss: 0.0960662018855005,
          },
          evaluation: {
            verdict: 'Pass',
            report: {
              uri: 's3://millrace-local-000000000000-us-east-1-data/evaluations/tumour/01M8FWWCZ8ZKM8JAF4DHY3N84V.json',
              sha256: 'ba875e0e4cee5dc72dfa1079f5947877f137d8e9c1e67bf9fd1cca08bba6a639',
              bytes: 827,
            },
          },
          reference: {
            features: {
              uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/tumour/ts-340a4b09e351eb9e659a97c55b318673/trainFeatures-ec89b1b60b640499.csv',
              sha256: 'ec89b1b60b640499a2b31b3063de21854f69dc260bbf1958d96847271127489c',
              bytes: 32787,
            },
            predictions: {
              uri: 's3://millrace-local-000000000000-us-east-1-data/transform/tumour/01M8FWWCZ8ZKM8JAF4DHY3N84V/challenger/testFeatures-20044ff2636d8a41.csv.out',
              sha256: '65208abc55e66b3972184b085df443c36cc4e253bfb4231b51b5233f94f6e457',
              bytes: 839,
            },
          },
          recipe: {
            datasetVersion: 1,
            datasetSha256: '81830abfb9ebf0cecb122b9392077be80a2af6bc494dfef03787a3a650a4f303',
            trainingSetId: 'ts-340a4b09e351eb9e659a97c55b318673',
            trainingSetSha256: 'a6756dd4325902f8eb3895f95160897489cb8844293646bd55e775a29ec323f6',
            projectRevision: 1,
            codeVersion: '0.1.0',
            trainingImage: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5',
            seed: 17,
            hyperparameters: {
              num_round: '80',
              eval_metric: 'auc',
              max_depth: '4',
              eta: '0.15',
              subsample: '0.9',
              objective: 'binary:logistic',
              seed: '17',
            },
          },
          projectRevision: 1,
          requestedBy: 'ann',
        },
        sequence: 18,
        previousHash: '69170f97fdb543c9597289de3a08cc6febc7c226f77bc199145c9995a458452f',
        hash: '8b515f9de45902b51a450b055d6aec6b789de12a163178da9dbb5cce97874e20',
        recordedAt: '2026-11-28T01:39:02.305Z',
      },
    },
  ],
  journey: [
    {
      pk: 'JOURNEY#tumour',
      sk: 'registered-1',
      gsi1pk: 'JOURNEYS#tumour',
      gsi1sk: '2026-11-28T01:39:21.504Z#registered-1',
      schemaVersion: 1,
      revision: 2,
      held: [
        {
          eventId: 'registered-1',
          name: 'ModelVersionRegistered',
          occurredAt: '2026-11-28T01:39:21.504Z',
          project: 'tumour',
          correlationId: 'registered-1',
          actor: 'registry',
          data: {
            project: 'tumour',
            model: 'tumour',
            modelVersion: 1,
            runId: 'run',
            trainingId: 'training',
            artifact: {
              uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/tumour/set/train-features.csv',
              sha256: 'b4de8404143e87fd7e2388334fefcd83cf3dd1404b8dadcfa76ea326f3439ad1',
              bytes: 29386,
            },
            trainingImage: 'image',
            signature: {
              task: 'binary_classification',
              inputs: [
                { name: 'mean_radius', type: 'number' },
                { name: 'mean_texture', type: 'number' },
              ],
              target: 'malignant',
              classes: ['0', '1'],
            },
            metrics: {},
            evaluation: {
              verdict: 'Fail',
              report: {
                uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/tumour/set/train-features.csv',
                sha256: 'b4de8404143e87fd7e2388334fefcd83cf3dd1404b8dadcfa76ea326f3439ad1',
                bytes: 29386,
              },
            },
            reference: {
              features: {
                uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/tumour/set/train-features.csv',
                sha256: 'b4de8404143e87fd7e2388334fefcd83cf3dd1404b8dadcfa76ea326f3439ad1',
                bytes: 29386,
              },
              predictions: {
                uri: 's3://millrace-local-000000000000-us-east-1-data/transform/tumour/training/challenger/test-features.csv.out',
                sha256: 'f46c5fde0e58c3bc46a3e98351fe5e8829327fcdd74a3f84e37cbee3090d1dd6',
                bytes: 2759,
              },
            },
            recipe: {
              datasetVersion: 1,
              datasetSha256: 'b4de8404143e87fd7e2388334fefcd83cf3dd1404b8dadcfa76ea326f3439ad1',
              trainingSetId: 'set',
              trainingSetSha256: 'b4de8404143e87fd7e2388334fefcd83cf3dd1404b8dadcfa76ea326f3439ad1',
              projectRevision: 1,
              codeVersion: '0',
              trainingImage: 'image',
              seed: 17,
              hyperparameters: {},
            },
            projectRevision: 1,
            requestedBy: 'ada',
          },
        },
        {
          eventId: 'registered-1-rejected',
          name: 'ReleaseRejected',
          occurredAt: '2026-11-28T01:39:23.386Z',
          project: 'tumour',
          correlationId: 'registered-1',
          actor: 'deployment',
          data: {
            project: 'tumour',
            releaseId: 'registered-1',
            model: 'tumour',
            modelVersion: 1,
            step: 'gates',
            reason:
              'The evaluation of version 1 ended with Fail; its report is s3://millrace-local-000000000000-us-east-1-data/feature-store/tumour/set/train-features.csv.',
          },
        },
      ],
    },
  ],
  node: [
    {
      pk: 'NODE#tumour#training:training',
      sk: 'NODE',
      schemaVersion: 1,
      held: {
        id: 'training:training',
        kind: 'training',
        label: 'training training',
        at: '2026-11-28T01:39:21.504Z',
        details: { seed: '17', image: 'image', codeVersion: '0', projectRevision: '1' },
      },
    },
  ],
  edge: [
    {
      pk: 'NODE#tumour#run:run',
      sk: 'UP#training:training',
      schemaVersion: 1,
      held: { from: 'training:training', to: 'run:run', relation: 'tracked by' },
    },
  ],
  capture: [
    {
      pk: 'CAPTURES#tumour#1',
      sk: '2026-11-28T01:42:07.518Z#prediction-batch:9d0d9c5f3d8f4f1d2f6a6b7a0a3d3b7b1c5e8f90a1b2c3d4e5f60718293a4b5c',
      schemaVersion: 1,
      held: {
        modelVersion: 1,
        firstAt: '2026-11-28T01:42:03.101Z',
        lastAt: '2026-11-28T01:42:07.518Z',
        batch: 'prediction-batch:9d0d9c5f3d8f4f1d2f6a6b7a0a3d3b7b1c5e8f90a1b2c3d4e5f60718293a4b5c',
      },
    },
  ],
};
