import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  evaluation: [
    {
      pk: 'TRAINING#01M8FWW21567EX3FFZ95H8FJC3',
      sk: 'EVALUATION',
      schemaVersion: 1,
      evaluation: {
        verdict: 'Pass',
        metrics: {
          auc: 0.9975,
          accuracy: 0.9512195121951219,
          precision: 0.9375,
          recall: 0.9375,
          f1: 0.9375,
          log_loss: 0.0960662018855005,
        },
        gates: [
          {
            gate: 'min_test_rows',
            verdict: 'Pass',
            metric: 'test_rows',
            observed: 41,
            threshold: 30,
            message: '41 held-out rows, at least 30 are needed.',
          },
          {
            gate: 'min_auc',
            verdict: 'Pass',
            metric: 'auc',
            observed: 0.9975,
            threshold: 0.95,
            message: 'auc is 0.997500, at least 0.950000 is demanded.',
          },
        ],
        report: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/evaluations/tumour/01M8FWW21567EX3FFZ95H8FJC3.json',
          sha256: '8866c8050b05d6f47b28488fd82bd6febd54edc615512baa1a6942830dacc74d',
          bytes: 827,
        },
        testRows: 41,
        project: 'tumour',
        trainingId: '01M8FWW21567EX3FFZ95H8FJC3',
        runId: 'd27180c00af9382768a73dc5d5f2fcd8',
        evaluatedAt: '2026-11-28T01:38:52.276Z',
      },
    },
  ],
  versionEvaluation: [
    {
      pk: 'VERSION#tumour#2',
      sk: 'EVALUATION#01M8FWW21567EX3FFZ95H8FJC4',
      schemaVersion: 1,
      evaluation: {
        project: 'tumour',
        modelVersion: 2,
        releaseId: '01M8FWW21567EX3FFZ95H8FJC4',
        trainingSetId: 'd27180c00af9',
        datasetVersion: 1,
        championVersion: 1,
        verdict: 'Pass',
        metrics: { auc: 0.9975, log_loss: 0.0960662018855005 },
        championMetrics: { auc: 0.9975, log_loss: 0.0960662018855005 },
        gates: [
          {
            gate: 'min_auc',
            verdict: 'Pass',
            metric: 'auc',
            observed: 0.9975,
            threshold: 0.95,
            message: 'auc is 0.997500, at least 0.950000 is demanded.',
          },
        ],
        report: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/evaluations/tumour/01M8FWW21567EX3FFZ95H8FJC4.json',
          sha256: '8866c8050b05d6f47b28488fd82bd6febd54edc615512baa1a6942830dacc74d',
          bytes: 827,
        },
        testRows: 41,
        evaluatedAt: '2026-11-28T01:38:52.276Z',
      },
    },
  ],
};
