import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  reference: [
    {
      pk: 'PROJECT#tumour',
      sk: 'REFERENCE#v00000001',
      schemaVersion: 1,
      held: {
        project: 'tumour',
        modelVersion: 1,
        task: 'binary_classification',
        classes: ['0', '1'],
        profile: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/monitoring/tumour/v1/reference.json',
          sha256: '09589e2554f2999a48b67386aff05d0cb3575215ac966a5ca74535d629dd30d7',
          bytes: 38744,
        },
        prediction: {
          binning: { kind: 'number', cuts: [0.0137614022759881, 0.03561836502228766] },
          counts: [14, 14],
        },
      },
    },
  ],
  openWindow: [
    {
      pk: 'PROJECT#tumour',
      sk: 'OPEN#v00000001',
      schemaVersion: 1,
      windowId: '01M8FWX80YE6BHG0SRF1QQ5X0X',
      revision: 1,
      held: {
        windowId: '01M8FWX80YE6BHG0SRF1QQ5X0X',
        project: 'tumour',
        model: 'tumour',
        modelVersion: 1,
        openedAt: '2026-11-28T01:39:24.831Z',
        startAt: '2026-11-28T01:39:24.781Z',
        endAt: '2026-11-28T01:39:24.781Z',
        predictions: 80,
        predictionCounts: [0, 0],
        settings: {
          windowPredictions: 100,
          windowMinutes: 60,
          minPredictions: 50,
          drift: { psiThreshold: 0.2, maxPValue: 0.01, minDriftedShare: 0.2 },
          performance: { metric: 'accuracy', min: 0.9, minLabels: 50 },
          retrainOn: ['drift', 'performance'],
        },
        revision: 1,
      },
    },
  ],
  drifting: [{ pk: 'PROJECT#tumour', sk: 'DRIFTING#v00000001', schemaVersion: 1, held: true }],
  window: [
    {
      pk: 'PROJECT#tumour',
      sk: 'WINDOW#01M8FWX80YE6BHG0SRF1QQ5X0X',
      schemaVersion: 1,
      labelsRevision: 1,
      held: {
        windowId: '01M8FWX80YE6BHG0SRF1QQ5X0X',
        project: 'tumour',
        model: 'tumour',
        modelVersion: 1,
        startAt: '2026-11-28T01:39:24.781Z',
        endAt: '2026-11-28T01:39:24.781Z',
        predictions: 80,
        closedAt: '2026-11-28T01:39:25.202Z',
        verdict: 'Drift',
        worst: [
          {
            subject: 'mean_smoothness',
            psi: 2.252841456703547,
            test: 'kolmogorov_smirnov',
            statistic: 0.6803571428571429,
            pValue: 5.036157238860692e-23,
            drifted: true,
          },
          {
            subject: 'mean_radius',
            psi: 1.7223379890696426,
            test: 'kolmogorov_smirnov',
            statistic: 0.5892857142857143,
            pValue: 5.974429590222159e-17,
            drifted: true,
          },
        ],
        evaluation: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/monitoring/tumour/v1/windows/01M8FWX80YE6BHG0SRF1QQ5X0X/evaluation-618eab476aae9103.json',
          sha256: '618eab476aae9103ba389d864f91976c7fa93c078553d4856dbaf9e37a195938',
          bytes: 12087,
        },
        predicted: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/monitoring/tumour/v1/windows/01M8FWX80YE6BHG0SRF1QQ5X0X/predicted-4d3ca016171f1608.json',
          sha256: '4d3ca016171f16084df8d59557cbf17b36d7ab25da8ad4da29863aae505e5bac',
          bytes: 2516,
        },
        labelsRevision: 1,
        labels: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/monitoring/tumour/v1/windows/01M8FWX80YE6BHG0SRF1QQ5X0X/labels-ed81aaeba0b6df7b.json',
          sha256: 'ed81aaeba0b6df7b7f7ffbb6037b55f52d5d200c958756dfefbe745f3d92e35b',
          bytes: 4321,
        },
        performance: {
          model: 'tumour',
          modelVersion: 1,
          window: {
            windowId: '01M8FWX80YE6BHG0SRF1QQ5X0X',
            startAt: '2026-11-28T01:39:24.781Z',
            endAt: '2026-11-28T01:39:24.781Z',
            predictions: 80,
          },
          verdict: 'Degraded',
          metrics: {
            auc: 0.9690934065934066,
            accuracy: 0.5125,
            precision: 0.417910447761194,
            recall: 1,
            f1: 0.5894736842105263,
            log_loss: 1.5926426296016014,
          },
          labelled: 80,
          coverage: 1,
          measuredAt: '2026-11-28T01:39:26.609Z',
        },
      },
    },
  ],
  capture: [
    {
      pk: 'CAPTURES#01M8FWXA0QGGSWPYWBCJN3WTRX',
      sk: 's3://millrace-local-000000000000-us-east-1-captures/predictions/tumour/v1/last.jsonl',
      schemaVersion: 1,
      expiresAt: 1798421966,
    },
  ],
  labels: [
    {
      pk: 'LABELS#tumour',
      sk: '2026-11-28T01:39:27.141Z#s3://millrace-local-000000000000-us-east-1-captures/ground-truth/tumour/early.jsonl',
      schemaVersion: 1,
      held: {
        uri: 's3://millrace-local-000000000000-us-east-1-captures/ground-truth/tumour/early.jsonl',
        sha256: 'f7ae33039f65ec0187384901c80f1bd83b2f892677523c5a2155f5679561c074',
        bytes: 1360,
      },
      expiresAt: 1798421967,
    },
  ],
};
