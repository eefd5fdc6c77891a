import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredModelItems } from './model-items.ts';

/** The part of the golden items that is of models and what they are evaluated with. */
export const modelGoldenItems: GoldenItems<StoredModelItems> = {
  loggedModel: [
    {
      pk: 'LOGGEDMODEL#m-6f0c2a4be35c4b0fa2f0f8d6ad4f5c11',
      sk: 'LOGGEDMODEL',
      schemaVersion: 1,
      experimentId: '150257710748264729',
      project: 'tumour',
      lifecycleStage: 'active',
      revision: 3,
      document:
        '{"modelId":"m-6f0c2a4be35c4b0fa2f0f8d6ad4f5c11","experimentId":"150257710748264729","project":"tumour","name":"booster","modelType":"xgboost","artifactUri":"mlflow-artifacts:/150257710748264729/models/m-6f0c2a4be35c4b0fa2f0f8d6ad4f5c11/artifacts","status":"READY","createdAtMs":1795829929097,"updatedAtMs":1795829933714,"lifecycleStage":"active","tags":{"stage":"trial"},"params":{"eta":"0.15"},"metrics":[{"key":"auc","value":0.9975,"timestampMs":1795829933714,"step":0,"runId":"d27180c00af9382768a73dc5d5f2fcd8","datasetName":"holdout","datasetDigest":"81830abf"}]}',
      gsi1pk: 'LOGGEDMODELS#150257710748264729#2',
      gsi1sk: '0001795829929097#m-6f0c2a4be35c4b0fa2f0f8d6ad4f5c11',
    },
  ],
  evaluationDataset: [
    {
      pk: 'EVALDATASET#d-a56a96ee37ed4b42a51be79ace707c47',
      sk: 'DATASET',
      schemaVersion: 1,
      revision: 2,
      document:
        '{"dataset":{"datasetId":"d-a56a96ee37ed4b42a51be79ace707c47","name":"questions","projects":["tumour"],"experimentIds":["150257710748264729"],"tags":{"mlflow.user":"anna"},"schema":{"inputs":{"question":"string"},"outputs":{},"expectations":{"answer":"string"},"version":"1.0"},"recordCount":1,"digest":"3f84b501","createdAtMs":1795838927226,"updatedAtMs":1795838935482,"createdBy":"anna","updatedBy":"anna"},"blocks":[{"blockId":"01M8G5JQ4RA9PBYYDNWRKKT5NC","from":0}],"nextPosition":1}',
      gsi1pk: 'EVALDATASETS#1',
      gsi1sk: '0001795838927226#d-a56a96ee37ed4b42a51be79ace707c47',
    },
  ],
  recordBlock: [
    {
      pk: 'EVALDATASET#d-a56a96ee37ed4b42a51be79ace707c47',
      sk: 'BLOCK#01M8G5JQ4RA9PBYYDNWRKKT5NC',
      schemaVersion: 1,
      document:
        '[{"recordId":"dr-5f531cff47ba4ef1b0d74fb7495760de","inputs":{"question":"what?"},"expectations":{"answer":"that"},"tags":{"mlflow.user":"anna"},"source":{"source_type":"HUMAN","source_data":{}},"createdAtMs":1795838935482,"updatedAtMs":1795838935482,"createdBy":"anna","updatedBy":"anna","position":0}]',
    },
  ],
  scorer: [
    {
      pk: 'SCORERS#150257710748264729',
      sk: 'SCORER#brevity',
      schemaVersion: 1,
      revision: 1,
      document:
        '{"scorerId":"87eaf36c-9d14-414f-99d5-4ce4cf77726a","experimentId":"150257710748264729","name":"brevity","versions":[{"version":1,"serialized":"{\\"name\\": \\"brevity\\"}","createdAtMs":1795838936974}]}',
    },
  ],
};
