import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  onlineValues: [
    {
      pk: 'ONLINE#rides#driver_trips#1#["d7"]',
      sk: 'VALUES',
      schemaVersion: 1,
      rank: '063934099200000000/063934099201000000/r1',
      eventAt: 1_798_502_400_000_000,
      values: '{"rating":4.5}',
    },
  ],
  newestRevision: [
    {
      pk: 'FEATURES#trips',
      sk: 'REVISION',
      schemaVersion: 1,
      projectRevision: 3,
      revision: {
        project: 'trips',
        projectRevision: 3,
        entities: [
          { entity: 'driver', joinKeys: [{ name: 'driver_id', type: 'integer' }], owner: 'ada, bob' },
        ],
        views: [
          {
            view: 'driver_stats',
            version: 2,
            definitionSha256: '5c1d3f6f0c8a4b6e9b2f7d1a3e5c7f9012b4d6f8a0c2e4f60718293a4b5c6d7e',
            settings: {
              online: true,
              owner: 'eve',
              tags: { team: 'fleet' },
              materialization: { onNewData: true, everySeconds: 3600 },
              freshness: { maxLagSeconds: 86_400 },
            },
            descriptions: { rating: 'One to five.' },
          },
        ],
        onDemandViews: [
          {
            view: 'ratios',
            features: [{ name: 'share', type: 'number', expression: 'fare / nullif(fares_7d, 0)' }],
            owner: 'ada, bob',
          },
        ],
        services: [
          {
            service: 'lateness',
            version: 2,
            definitionSha256: '5c1d3f6f0c8a4b6e9b2f7d1a3e5c7f9012b4d6f8a0c2e4f60718293a4b5c6d7e',
            owner: 'ada, bob',
            description: 'For the model of late trips.',
          },
        ],
        skew: {
          maxMismatchRate: 0.01,
          relativeTolerance: 0.000001,
          maxInferences: 1000,
          everySeconds: 86_400,
        },
      },
      gsi1pk: 'FEATURES',
      gsi1sk: 'trips',
    },
  ],
  featureRevision: [
    {
      pk: 'FEATURES#trips',
      sk: 'REVISION#000003',
      schemaVersion: 1,
      revision: {
        project: 'trips',
        projectRevision: 3,
        entities: [
          { entity: 'driver', joinKeys: [{ name: 'driver_id', type: 'integer' }], owner: 'ada, bob' },
        ],
        views: [
          {
            view: 'driver_stats',
            version: 2,
            definitionSha256: '5c1d3f6f0c8a4b6e9b2f7d1a3e5c7f9012b4d6f8a0c2e4f60718293a4b5c6d7e',
            settings: {
              online: true,
              owner: 'eve',
              tags: { team: 'fleet' },
              materialization: { onNewData: true, everySeconds: 3600 },
              freshness: { maxLagSeconds: 86_400 },
            },
            descriptions: { rating: 'One to five.' },
          },
        ],
        onDemandViews: [
          {
            view: 'ratios',
            features: [{ name: 'share', type: 'number', expression: 'fare / nullif(fares_7d, 0)' }],
            owner: 'ada, bob',
          },
        ],
        services: [
          {
            service: 'lateness',
            version: 2,
            definitionSha256: '5c1d3f6f0c8a4b6e9b2f7d1a3e5c7f9012b4d6f8a0c2e4f60718293a4b5c6d7e',
            owner: 'ada, bob',
            description: 'For the model of late trips.',
          },
        ],
        skew: {
          maxMismatchRate: 0.01,
          relativeTolerance: 0.000001,
          maxInferences: 1000,
          everySeconds: 86_400,
        },
      },
    },
  ],
  featureView: [
    {
      pk: 'VIEW#trips#driver_stats',
      sk: 'V#000002',
      schemaVersion: 1,
      definition: {
        project: 'trips',
        view: 'driver_stats',
        version: 2,
        definitionSha256: '5c1d3f6f0c8a4b6e9b2f7d1a3e5c7f9012b4d6f8a0c2e4f60718293a4b5c6d7e',
        entities: ['driver'],
        joinKeys: [{ name: 'driver_id', type: 'integer' }],
        source: {
          type: 'dataset',
          name: 'stats',
          dataset: 'stats',
          eventTimestamp: 'day',
          availabilityDelaySeconds: 7200,
        },
        features: [
          { name: 'rating', type: 'number', column: 'rating', sensitive: false, description: 'One to five.' },
        ],
        aggregations: [],
        ttlSeconds: 2_592_000,
        store: 'dynamodb',
        createdAt: '2026-11-28T01:40:00.691Z',
        projectRevision: 3,
      },
    },
  ],
  featureService: [
    {
      pk: 'SERVICE#trips#lateness',
      sk: 'V#000002',
      schemaVersion: 1,
      definition: {
        project: 'trips',
        service: 'lateness',
        version: 2,
        definitionSha256: '5c1d3f6f0c8a4b6e9b2f7d1a3e5c7f9012b4d6f8a0c2e4f60718293a4b5c6d7e',
        views: [
          {
            view: 'driver_stats',
            version: 2,
            joinKeys: [{ name: 'driver_id', type: 'integer' }],
            ttlSeconds: 2_592_000,
            store: 'dynamodb',
            features: [{ name: 'rating', type: 'number', sensitive: false, as: 'rating' }],
            aggregations: [],
          },
        ],
        onDemand: [],
        request: [],
        outputs: [{ name: 'rating', type: 'number' }],
        createdAt: '2026-11-28T01:40:00.691Z',
        projectRevision: 3,
      },
    },
  ],
  newest: [
    {
      pk: 'PROJECT#sets',
      sk: 'NEWEST',
      schemaVersion: 1,
      trainingSetId: 'ts-3ca937e1863000391bfb42358bcb8216',
    },
  ],
  trainingSet: [
    {
      pk: 'TRAININGSET#ts-3ca937e1863000391bfb42358bcb8216',
      sk: 'TRAININGSET',
      schemaVersion: 1,
      project: 'sets',
      trainingSet: {
        trainingSetId: 'ts-3ca937e1863000391bfb42358bcb8216',
        contentSha256: '0f27994d287338229a01e13688f2f0c452e32707a6aecbe797dc3fd7fcd88cad',
        asOf: '2126-01-01T00:00:00.000Z',
        datasetVersion: 1,
        datasetSha256: 'fe57a3c5af9c96e413029a50715c49c140b575014796588d89ebf76c5d01e6cc',
        signature: {
          task: 'binary_classification',
          inputs: [{ name: 'x', type: 'number' }],
          target: 'y',
          classes: ['0', '1'],
        },
        rows: { train: 278, validation: 63, test: 59 },
        train: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/sets/ts-3ca937e1863000391bfb42358bcb8216/train-5e464da431666dc0.csv',
          sha256: '5e464da431666dc016af34c95028e4d6b617a961bf5ca3c8a8dced43f0d4a9d8',
          bytes: 1909,
        },
        validation: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/sets/ts-3ca937e1863000391bfb42358bcb8216/validation-12516d153b1c4b68.csv',
          sha256: '12516d153b1c4b68ac66016294a09313862a66c51d5a6c698f3973941612c63f',
          bytes: 435,
        },
        testFeatures: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/sets/ts-3ca937e1863000391bfb42358bcb8216/testFeatures-d6c851ebc21f966a.csv',
          sha256: 'd6c851ebc21f966ab2469c2b78c9aab51300e4a978c869abd30df596e497c5db',
          bytes: 288,
        },
        testLabels: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/sets/ts-3ca937e1863000391bfb42358bcb8216/testLabels-b42134a198a318e2.csv',
          sha256: 'b42134a198a318e2cc8cedc2617fc211ef2fa862464f42857fc44676fd4a6e18',
          bytes: 397,
        },
        trainFeatures: {
          uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/sets/ts-3ca937e1863000391bfb42358bcb8216/trainFeatures-0866b5098d50b74e.csv',
          sha256: '0866b5098d50b74e89d4125346d00b618893c8b43955ed636793e331152f66ba',
          bytes: 1353,
        },
      },
    },
  ],
  captureFile: [
    {
      pk: 'CAPTURES#rides',
      sk: '2026-01-01T10:00:02.113Z#s3://millrace-local-000000000000-us-east-1-captures/predictions/rides/v1/2026/01/01/01M7YN4VZ0H2Z8N5F2X0T6Y9KC-0.jsonl',
      schemaVersion: 1,
      project: 'rides',
      modelVersion: 1,
      object: {
        uri: 's3://millrace-local-000000000000-us-east-1-captures/predictions/rides/v1/2026/01/01/01M7YN4VZ0H2Z8N5F2X0T6Y9KC-0.jsonl',
        sha256: '0866b5098d50b74e89d4125346d00b618893c8b43955ed636793e331152f66ba',
        bytes: 1353,
      },
      count: 4,
      firstAt: '2026-01-01T10:00:00.000Z',
      lastAt: '2026-01-01T10:00:02.113Z',
    },
  ],
  retrieval: [
    {
      pk: 'RETRIEVALS#rides',
      sk: '01M7YN4VZ0H2Z8N5F2X0T6Y9KC',
      schemaVersion: 1,
      retrievalId: '01M7YN4VZ0H2Z8N5F2X0T6Y9KC',
      project: 'rides',
      status: 'running',
      requestedBy: 'ada',
      requestedAt: '2026-01-01T10:00:00.000Z',
      asOf: '2026-01-01T10:00:00.000Z',
      request: {
        uri: 's3://millrace-local-000000000000-us-east-1-data/feature-store/rides/retrievals/01M7YN4VZ0H2Z8N5F2X0T6Y9KC/0866b5098d50b74e89d4125346d00b618893c8b43955ed636793e331152f66ba.json',
        sha256: '0866b5098d50b74e89d4125346d00b618893c8b43955ed636793e331152f66ba',
        bytes: 1353,
      },
      cause: {
        eventId: '01M7YN4VZ0H2Z8N5F2X0T6Y9KC',
        occurredAt: '2026-01-01T10:00:00.000Z',
        project: 'rides',
        correlationId: '01M7YN4VZ0H2Z8N5F2X0T6Y9KC',
        causationDepth: 0,
        actor: { type: 'user', id: 'ada' },
        initiatedBy: { type: 'user', id: 'ada' },
      },
      work: 'running',
      attempts: 0,
      engine: { name: 'processing-job', jobName: 'millrace-local-rides-retrieve-0866b5098d50b74e89d4' },
      dispatchedAt: '2026-01-01T10:00:01.000Z',
      revision: 2,
      gsi1pk: 'UNFINISHED-RETRIEVALS',
      gsi1sk: '2026-01-01T10:00:00.000Z#01M7YN4VZ0H2Z8N5F2X0T6Y9KC',
    },
  ],
  retrievalJob: [
    {
      pk: 'RETRIEVALJOB#millrace-local-rides-retrieve-0866b5098d50b74e89d4',
      sk: 'JOB',
      schemaVersion: 1,
      project: 'rides',
      retrievalId: '01M7YN4VZ0H2Z8N5F2X0T6Y9KC',
      expiresAt: 1_769_853_600,
    },
  ],
  entityFile: [
    {
      pk: 'ENTITYFILES#rides',
      sk: '01M7YN4VZ0H2Z8N5F2X0T6Y9KD',
      schemaVersion: 1,
      project: 'rides',
      fileId: '01M7YN4VZ0H2Z8N5F2X0T6Y9KD',
      createdAt: '2026-01-01T10:00:00.000Z',
      gsi1pk: 'ENTITY-FILES',
      gsi1sk: '2026-01-01T10:00:00.000Z#01M7YN4VZ0H2Z8N5F2X0T6Y9KD',
    },
  ],
  pin: [
    {
      pk: 'SERVICE#trips#lateness',
      sk: 'PIN#000002#trips#000004',
      schemaVersion: 1,
      project: 'trips',
      service: 'lateness',
      version: 2,
      model: 'trips',
      modelVersion: 4,
    },
  ],
};
