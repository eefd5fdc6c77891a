import type { FeatureServiceVersion, FeatureViewVersion } from '#services/feature-store/contract.ts';
import type { RetrievalOutcome } from '#services/feature-store/domain/retrieval-plan.ts';
import { type RetrievalPlan, retrievalPlan } from '#services/feature-store/domain/retrieval-plan.ts';
import type { RetrievalDocuments, RetrievalJobs, ViewObjects } from '#services/feature-store/ports.ts';
import { createRetrievalStore } from '#services/feature-store/store/retrieval-store.ts';
import type { AdvanceRetrievalDeps } from '#services/feature-store/use-cases/advance-retrieval.ts';
import type { RequestRetrievalDeps } from '#services/feature-store/use-cases/request-retrieval.ts';
import type { RunRetrievalDeps } from '#services/feature-store/use-cases/run-retrieval.ts';
import type { JobOutcome } from '#shared/aws/processing-jobs.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from './memory-table.ts';

export const objectOf = (name: string, bytes = 100) => ({
  uri: `s3://data/${name}`,
  sha256: digestOf(name),
  bytes,
});

export const ratings: FeatureViewVersion = {
  project: 'taxis',
  view: 'ratings',
  version: 2,
  definitionSha256: 'b'.repeat(64),
  entities: ['driver'],
  joinKeys: [{ name: 'driver', type: 'string' }],
  source: { type: 'dataset', name: 'rides', dataset: 'rides', eventTimestamp: 'at' },
  features: [
    { name: 'rating', type: 'number', column: 'rating', sensitive: false },
    { name: 'trips', type: 'integer', column: 'trips', sensitive: false },
  ],
  aggregations: [],
  store: 'dynamodb',
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
};
const service: FeatureServiceVersion = {
  project: 'taxis',
  service: 'fares',
  version: 3,
  definitionSha256: 'b'.repeat(64),
  views: [
    {
      view: 'ratings',
      version: 2,
      joinKeys: ratings.joinKeys,
      store: 'dynamodb',
      features: [{ name: 'rating', type: 'number', sensitive: false, as: 'rating' }],
      aggregations: [],
    },
  ],
  onDemand: [],
  request: [{ name: 'distance', type: 'number' }],
  outputs: [{ name: 'rating', type: 'number' }],
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
};

export const retrieved: RetrievalOutcome = {
  kind: 'retrieved',
  trainingSet: {
    trainingSetId: 'hf-1',
    contentSha256: 'e'.repeat(64),
    data: objectOf('training-set.parquet'),
    rows: 2,
    columns: [{ name: 'driver', type: 'string' }],
    counts: [{ feature: 'rating', present: 2, nulls: 0, expired: 0, notFound: 0 }],
    notes: [],
    inputs: {
      entityRows: { type: 'dataset', sha256: 'f'.repeat(64), dataset: 'taxis', datasetVersion: 4 },
      views: [
        { view: 'ratings', version: 2, dataset: 'rides', datasetVersion: 7, sourceSha256: 'a'.repeat(64) },
      ],
      asOf: '2026-03-01T00:00:00.000Z',
    },
  },
};

/** The world of retrievals: one view of the dataset `rides`, one service, and whatever a test says comes of the work. */
export function createRetrievalWorld(options: { image?: boolean; bytes?: number } = {}) {
  const table = createMemoryTable();
  const clock = manualClock('2026-03-01T00:00:00.000Z');
  const documents = new Map<string, RetrievalPlan>();
  const woken: string[] = [];
  const invoked: string[] = [];
  const created: string[] = [];
  const jobOutcomes = new Map<string, JobOutcome>();
  const world = {
    outcome: retrieved as RetrievalOutcome | Error,
    sources: { objects: [{ object: objectOf('v7', options.bytes ?? 100), format: 'parquet' }] } as Pick<
      ViewObjects,
      'objects'
    >,
    verdict: 'Pass',
    dropped: [] as Date[],
  };
  const kept: RetrievalDocuments = {
    async writePlan(plan) {
      const sha256 = digestOf(plan);
      documents.set(sha256, retrievalPlan.parse(plan));
      return { uri: `s3://data/${sha256}`, sha256, bytes: 1 };
    },
    readPlan: async ({ sha256 }) => documents.get(sha256)!,
    writeInputManifests: async () => [{ bucket: 'data', manifest: objectOf('manifest') }],
  };
  const outcome = async () => {
    if (world.outcome instanceof Error) throw world.outcome;
    return world.outcome;
  };
  const jobs: RetrievalJobs = {
    imageUri: options.image === false ? undefined : 'image',
    create: async ({ jobName }) => {
      if (!jobOutcomes.has(jobName)) created.push(jobName);
      jobOutcomes.set(jobName, { status: 'running' });
    },
    describe: async (jobName) => jobOutcomes.get(jobName) ?? { status: 'absent' },
    stop: async (jobName) => void jobOutcomes.set(jobName, { status: 'failed', reason: 'stopped' }),
    outcome,
  };
  const deps = {
    retrievals: createRetrievalStore(table, clock),
    documents: kept,
    dispatcher: {
      wake: async (_project, retrievalId) => void woken.push(retrievalId),
      invoke: async (engine, { retrievalId }) => void invoked.push(`${engine} ${retrievalId}`),
    },
    jobs,
    retriever: { retrieve: outcome },
    viewFiles: {
      list: async () => ({
        ...world.sources,
        dataset: 'rides',
        datasetVersion: 7,
        sourceSha256: digestOf(world.sources),
      }),
    },
    declared: {
      service: async (_project, name, version = 3) =>
        name === service.service && version === 3 ? service : undefined,
      view: async (_project, name, version = 2) =>
        name === ratings.view && version === 2 ? ratings : undefined,
    },
    datasets: {
      revision: async () =>
        ({
          definition: {
            data: {
              eventTime: 'asked_at',
              columns: {
                driver: { type: 'string' },
                asked_at: { type: 'timestamp' },
                distance: { type: 'number' },
              },
            },
          },
        }) as never,
      validation: async (_project, datasetVersion = 4) =>
        ({
          datasetVersion,
          verdict: world.verdict,
          projectRevision: 1,
          validated: objectOf('entities'),
        }) as never,
    },
    files: {
      find: async (_project, fileId) =>
        fileId === 'F1' ? { uri: 's3://data/F1', bytes: options.bytes ?? 100 } : undefined,
      dropExpired: async (now: Date) => void world.dropped.push(now),
    },
    ids: sequentialIds('R'),
    clock,
    stage: 'local',
    functionMaxBytes: 2_000_000_000,
  } satisfies RequestRetrievalDeps &
    AdvanceRetrievalDeps &
    RunRetrievalDeps & { files: { dropExpired: (now: Date) => Promise<void> } };
  return { deps, table, clock, world, documents, woken, invoked, created, jobOutcomes };
}

export const forbidden = (project: string): never => {
  throw new AppError('forbidden', 'RoleMissing', `No viewer of ${project}.`);
};
