import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  model: [
    {
      pk: 'MODEL#tumour',
      sk: 'MODEL',
      schemaVersion: 1,
      model: 'tumour',
      project: 'tumour',
      latestVersion: 1,
    },
    {
      pk: 'MODEL#tumour',
      sk: 'MODEL',
      schemaVersion: 2,
      model: 'tumour',
      project: 'tumour',
      latestVersion: 2,
      latestByStage: { None: 2 },
      tags: {},
      createdAt: '2026-11-28T04:12:02.008Z',
      updatedAt: '2026-11-28T04:13:44.120Z',
      revision: 5,
      gsi1pk: 'MODELS#model#7',
      gsi1sk: 'tumour',
    },
  ],
  name: [{ pk: 'NAME#tumour', sk: 'NAME', schemaVersion: 1, modelId: 'tumour' }],
  entry: [
    {
      pk: 'MODEL#tumour',
      sk: 'ENTRY#0000000002',
      schemaVersion: 1,
      entry: {
        modelId: 'tumour',
        modelVersion: 2,
        source: 'models:/m-3fa1c0de4b5f4d0f8a6c3f7d9f0e2a11',
        storageLocation: 'mlflow-artifacts:/1/models/m-3fa1c0de4b5f4d0f8a6c3f7d9f0e2a11/artifacts',
        runId: 'a4245b926e262e8f0677ba09466a7930',
        loggedModelId: 'm-3fa1c0de4b5f4d0f8a6c3f7d9f0e2a11',
        runLink: 'https://mlflow.example.org/#/experiments/1/runs/a4245b926e262e8f0677ba09466a7930',
        description: 'Without the texture.',
        tags: { reviewed: 'yes' },
        stage: 'Staging',
        status: 'READY',
        createdBy: 'ann',
        createdAt: '2026-11-28T04:13:02.008Z',
        updatedAt: '2026-11-28T04:13:44.120Z',
      },
      revision: 3,
      gsi1pk: 'VERSIONS#model#4',
      gsi1sk: 'tumour#0000000002',
    },
  ],
  runVersion: [
    {
      pk: 'RUN#a4245b926e262e8f0677ba09466a7930',
      sk: 'VERSION#tumour#0000000002',
      schemaVersion: 1,
      modelId: 'tumour',
      modelVersion: 2,
    },
  ],
  sourceVersion: [
    {
      pk: 'SOURCE#0d51cacc0722abd9694dcf479e9f424f71f7cfb0fb5e1f3a1f7b091e1b513d72',
      sk: 'VERSION#tumour#0000000002',
      schemaVersion: 1,
      modelId: 'tumour',
      modelVersion: 2,
    },
  ],
  webhook: [
    {
      pk: 'WEBHOOKS',
      sk: 'WEBHOOK#01m8fwwcz8zkm8jaf4dhy3n84v',
      schemaVersion: 1,
      webhook: {
        webhookId: '01m8fwwcz8zkm8jaf4dhy3n84v',
        name: 'chat',
        description: 'Tells the team of new versions.',
        url: 'https://chat.example.org/hooks/models',
        events: ['model_version.created'],
        status: 'ACTIVE',
        createdAt: '2026-11-28T04:12:02.008Z',
        updatedAt: '2026-11-28T04:12:02.008Z',
      },
    },
  ],
  webhookSecret: [
    {
      pk: 'WEBHOOKSECRET#01m8fwwcz8zkm8jaf4dhy3n84v',
      sk: 'SECRET',
      schemaVersion: 1,
      secret: 'not a real one',
    },
  ],
  webhookDelivery: [
    {
      pk: 'WEBHOOKDELIVERY#0d51cacc-0722-8bd9-a94d-cf479e9f424f',
      sk: 'DELIVERY',
      schemaVersion: 1,
      deliveredAt: '2026-11-28T04:12:03.008Z',
      expiresAt: 1798431123,
    },
  ],
  version: [
    {
      pk: 'MODEL#tumour',
      sk: 'VERSION#0000000002',
      schemaVersion: 1,
      version: {
        project: 'tumour',
        model: 'tumour',
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
        modelVersion: 2,
        status: 'READY',
        createdAt: '2026-11-28T01:39:02.008Z',
      },
    },
  ],
  alias: [
    { pk: 'MODEL#tumour', sk: 'ALIAS#challenger', schemaVersion: 1, alias: 'challenger', modelVersion: 1 },
  ],
  aliasMove: [
    {
      pk: 'MODEL#tumour',
      sk: 'ALIASMOVE#challenger#2026-11-28T01:39:02.008Z#2',
      schemaVersion: 1,
      move: {
        model: 'tumour',
        alias: 'challenger',
        fromVersion: 1,
        toVersion: 2,
        movedAt: '2026-11-28T01:39:02.008Z',
        reason: 'Registered by training 01M8FWWCZ8ZKM8JAF4DHY3N84V.',
      },
    },
    {
      pk: 'MODEL#tumour',
      sk: 'ALIASMOVE#challenger#2026-11-28T01:39:02.008Z#2',
      schemaVersion: 2,
      move: {
        model: 'tumour',
        alias: 'challenger',
        fromVersion: 2,
        movedAt: '2026-11-28T04:13:02.008Z',
        movedBy: { type: 'user', id: 'ann' },
        reason: 'Asked for by MLflow’s API.',
      },
    },
  ],
  content: [
    {
      pk: 'MODEL#tumour',
      sk: 'CONTENT#0000000003',
      schemaVersion: 1,
      isQuarantined: true,
      recorded: {
        project: 'tumour',
        modelId: 'tumour',
        modelVersion: 3,
        source: 'mlflow-artifacts:/150257710748264729/a4245b926e262e8f0677ba09466a7930/artifacts/model',
        location: {
          bucket: 'millrace-local-000000000000-us-east-1-models',
          key: 'mlflow/150257710748264729/a4245b926e262e8f0677ba09466a7930/artifacts/model',
        },
        content: {
          verdict: 'Verified',
          digest: '0d51cacc0722abd9694dcf479e9f424f71f7cfb0fb5e1f3a1f7b091e1b513d72',
          manifest: {
            uri: 's3://millrace-local-000000000000-us-east-1-models/registry/content/ba875e0e4cee5dc72dfa1079f5947877f137d8e9c1e67bf9fd1cca08bba6a639.json',
            sha256: 'ba875e0e4cee5dc72dfa1079f5947877f137d8e9c1e67bf9fd1cca08bba6a639',
            bytes: 1012,
          },
          objects: 5,
          bytes: 17_011,
        },
        mlmodel: {
          flavors: ['python_function', 'xgboost'],
          signature: { inputs: '[{"type": "double", "name": "mean_radius", "required": true}]' },
          modelUuid: 'afed22280027492790b8923974650e65',
          pythonVersion: '3.11.7',
        },
        recordedAt: '2026-11-28T03:54:06.298Z',
        quarantine: { at: '2026-11-28T04:54:06.298Z', reason: 'model.ubj is not what was registered.' },
      },
    },
  ],
  package: [
    {
      pk: 'PACKAGE#tumour',
      sk: 'VERSION#0000000003',
      schemaVersion: 1,
      packageArn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package/millrace-dev-tumour-models/3',
    },
  ],
  location: [
    {
      pk: 'LOCATION#millrace-local-000000000000-us-east-1-models/mlflow/150257710748264729/a4245b926e262e8f0677ba09466a7930/artifacts/model',
      sk: 'VERSION#tumour#0000000003',
      schemaVersion: 1,
      modelId: 'tumour',
      modelVersion: 3,
    },
  ],
  training: [
    {
      pk: 'TRAINING#01M8FWW21567EX3FFZ95H8FJC3',
      sk: 'VERSION',
      schemaVersion: 1,
      model: 'tumour',
      modelVersion: 1,
    },
  ],
};
