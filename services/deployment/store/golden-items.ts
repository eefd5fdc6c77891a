import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  release: [
    {
      pk: 'PROJECT#tumour',
      sk: 'RELEASE#r2',
      schemaVersion: 1,
      status: 'completed',
      held: {
        releaseId: 'r2',
        project: 'tumour',
        model: 'tumour',
        modelVersion: 2,
        artifact: {
          uri: 's3://bucket-of-models/v2',
          sha256: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
          bytes: 1,
        },
        trainingImage: 'image',
        signature: {
          task: 'binary_classification',
          inputs: [{ name: 'x', type: 'number' }],
          target: 'y',
          classes: ['0', '1'],
        },
        deployment: {
          mode: 'serverless',
          serverless: { memorySizeMb: 2048, maxConcurrency: 5 },
          instances: { instanceType: 'ml.m5.large', count: 1 },
          canary: {
            trafficShare: 0.1,
            bakeSeconds: 300,
            maxErrorRate: 0.02,
            maxP99LatencyMs: 2000,
            maxPredictionPsi: 0.5,
          },
          graceSeconds: 3600,
        },
        status: 'completed',
        openedAt: '2026-01-01T00:00:00.000Z',
        routingBefore: [
          {
            model: 'tumour',
            modelVersion: 1,
            endpointName: 'tumour-v1',
            share: 1,
            artifactSha256: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
            signature: {
              task: 'binary_classification',
              inputs: [{ name: 'x', type: 'number' }],
              target: 'y',
              classes: ['0', '1'],
            },
          },
        ],
        alarmNames: ['millrace-test-canary-tumour-v2-errors', 'millrace-test-canary-tumour-v2-latency'],
        closedAt: '2026-01-01T00:00:00.000Z',
      },
    },
  ],
  ledger: [
    {
      pk: 'PROJECT#tumour',
      sk: 'LEDGER#0000000001',
      schemaVersion: 1,
      held: {
        at: '2026-01-01T00:00:00.000Z',
        revision: 1,
        shares: [
          {
            modelVersion: 1,
            artifactSha256: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
            share: 1,
          },
        ],
        reason: 'first version',
        actor: 'deployment',
      },
    },
  ],
  routing: [
    {
      pk: 'ROUTING#tumour',
      sk: 'ROUTING',
      schemaVersion: 1,
      revision: 1,
      record: {
        project: 'tumour',
        revision: 1,
        versions: [
          {
            model: 'tumour',
            modelVersion: 1,
            endpointName: 'tumour-v1',
            artifactSha256: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
            signature: {
              task: 'binary_classification',
              inputs: [{ name: 'x', type: 'number' }],
              target: 'y',
              classes: ['0', '1'],
            },
            share: 1,
          },
        ],
        updatedAt: '2026-01-01T00:00:00.000Z',
      },
    },
  ],
  lease: [{ pk: 'LEASE#tumour', sk: 'LEASE', schemaVersion: 1, held: 'r1' }],
  endpoint: [
    {
      pk: 'ENDPOINTS',
      sk: 'tumour-v1',
      schemaVersion: 1,
      held: {
        endpointName: 'tumour-v1',
        project: 'tumour',
        releaseId: 'r1',
        model: 'tumour',
        modelVersion: 1,
        status: 'creating',
        graceSeconds: 3600,
        changedAt: '2026-01-01T00:00:00.000Z',
        taskToken: 'token-1',
      },
      taskToken: 'token-1',
    },
  ],
  alarm: [
    {
      pk: 'ALARM#millrace-test-canary-tumour-v1-errors',
      sk: 'ALARM',
      schemaVersion: 1,
      held: {
        alarmName: 'millrace-test-canary-tumour-v1-errors',
        project: 'tumour',
        releaseId: 'r1',
        taskToken: 'bake-1',
      },
    },
  ],
  request: [{ pk: 'VERSION#tumour#2', sk: 'REQUEST', schemaVersion: 1, held: 'r2' }],
};
