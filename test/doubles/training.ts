import type { ServedVersion } from '#services/deployment/contract.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import type { ModelVersion } from '#services/registry/contract.ts';
import type { JobOutcome } from '#services/training/domain/job.ts';
import type {
  ExecutionStatus,
  JobRunner,
  TrainingJobRequest,
  TransformJobRequest,
} from '#services/training/ports.ts';
import { createTrainingStore } from '#services/training/store/training-store.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from './memory-table.ts';
import { recordingTokens } from './task-tokens.ts';

export type ProjectParts = Partial<Parameters<typeof projectDefinition.parse>[0] & object>;

const project = (parts: ProjectParts) =>
  projectDefinition.parse({
    name: 'tumour',
    owners: ['ann'],
    data: { primaryKey: 'id', columns: { id: { type: 'string' }, malignant: { type: 'integer' } } },
    target: { column: 'malignant', task: 'binary_classification' },
    ...parts,
  });

/** The training service over a table in memory, with neighbours, SageMaker and Step Functions that answer as they are told. */
export function inMemoryTraining(parts: ProjectParts = {}) {
  const table = createMemoryTable();
  const clock = manualClock('2026-01-01T12:00:00.000Z');
  const tokens = recordingTokens();
  const world = {
    definition: project(parts),
    revision: 3,
    champion: undefined as ModelVersion | undefined,
    served: undefined as ServedVersion | undefined,
    newestDataset: 7 as number | undefined,
    outcome: { status: 'running' } as JobOutcome,
    execution: 'running' as ExecutionStatus,
    created: [] as (TrainingJobRequest | TransformJobRequest)[],
    started: [] as { name: string; input: unknown }[],
    stopped: [] as string[],
    removedModels: [] as string[],
  };
  const jobs: JobRunner = {
    createTrainingJob: async (request) => void world.created.push(request),
    createTransformJob: async (request) => void world.created.push(request),
    describe: async () => world.outcome,
    stop: async ({ jobName }) => void world.stopped.push(jobName),
    removeModel: async (name) => void world.removedModels.push(name),
  };
  return {
    table,
    clock,
    tokens,
    world,
    told: () => table.published.map(({ detailType }) => detailType.replace('.v1', '')),
    deps: {
      store: createTrainingStore(table),
      neighbours: {
        project: async () => ({ revision: world.revision, definition: world.definition }),
        champion: async () => world.champion,
        served: async () => world.served,
        newestValidatedDataset: async () => world.newestDataset,
      },
      images: { digest: async () => `sha256:${'d'.repeat(64)}` },
      clock,
      ids: sequentialIds('T'),
      jobs,
      tokens,
      machine: {
        start: async (name: string, input: unknown) => void world.started.push({ name, input }),
        status: async () => ({ status: world.execution }),
      },
      objects: {
        fingerprint: async (uri: string) => ({ uri, sha256: sha256Hex(uri), bytes: uri.length }),
      },
      stage: 'local',
      modelsBucket: 'models',
      dataBucket: 'data',
    },
  };
}
