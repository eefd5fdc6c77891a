import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Condition, Item, Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { isFinal, type TrackedRun } from '../domain/run.ts';
import type { RunState, RunStore } from '../ports/run-store.ts';
import { createExperimentStore, experimentOf } from './experiment-store.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { experimentKey, runKey, runSort, runsPartition, shardOf } from './keys.ts';
import { decodeBlock } from './metric-blocks.ts';
import { createMetricStore } from './metric-store.ts';
import { decodeDocument, encodeDocument } from './run-document.ts';

/** How many runs' experiments a process remembers, so that both are read at once. */
const maxRemembered = 10_000;

/**
 * Runs. A change reads the run and its experiment in one call, and replaces the run's one item on the condition that its
 * revision is still the one that was read: batches are atomic, params are written once and latest metrics hold, however many
 * write at once. Where points fill a block, or there are events to tell, that is a transaction with the block and the outbox.
 */
export function createRunStore(stored: Table, ids: IdGenerator): RunStore {
  const table = versionedTable(stored, itemKinds);
  const metrics = createMetricStore(table, ids);
  const experiments = createExperimentStore(stored);
  const experimentIds = new Map<string, string>();
  const remember = (runId: string, experimentId: string): void => {
    if (experimentIds.size >= maxRemembered) experimentIds.clear();
    experimentIds.set(runId, experimentId);
  };
  const read: RunStore['read'] = async (runId) => {
    const item = await table.get<StoredItems['run']>(runKey(runId));
    return item && stateOf(runId, item);
  };
  return {
    read,
    async readWithExperiment(runId) {
      const known = experimentIds.get(runId);
      const items = known === undefined ? [] : await table.getAll([runKey(runId), experimentKey(known)]);
      const run = items.find(({ sk }) => sk === 'RUN') as StoredItems['run'] | undefined;
      const state = run ? stateOf(runId, run) : await read(runId);
      if (!state) return undefined;
      const { experimentId } = state.run;
      const item = items.find(({ sk }) => sk === 'EXPERIMENT') as StoredItems['experiment'] | undefined;
      const experiment = item ? experimentOf(item) : (await experiments.read(experimentId))?.experiment;
      if (!experiment) throw new Error(`Run ${runId} is of experiment ${experimentId}, which is not there.`);
      remember(runId, experimentId);
      return { state, experiment };
    },
    async create(run) {
      remember(run.runId, run.experimentId);
      return isWritten('RunExists', () =>
        table.put(runItem(run, { revision: 1, looseBlocks: 0 }), {
          when: { absent: true },
          otherwise: new AppError('already_exists', 'RunExists', `Run ${run.runId} exists.`),
        }),
      );
    },
    async replace(change) {
      const { before, run, events } = change;
      const { blocks, newestPoints, looseBlocks } = metrics.arrange(change, isFinal(run.status));
      const item = runItem(run, { revision: before.revision + 1, looseBlocks, newestPoints });
      const condition = { when: whereUnchanged(before), otherwise: runChanged(run.runId) };
      const replaced = await isWritten('RunChanged', () =>
        blocks.length === 0 && events.length === 0
          ? table.put(item, condition)
          : table.commit({
              writes: [{ put: item, ...condition }, ...blocks.map((put): Write => ({ put }))],
              events,
            }),
      );
      return replaced;
    },
    history: async (runId, metricKey) => {
      const state = await read(runId);
      if (!state) return [];
      const newest = state.newestPoints.get(metricKey) ?? [];
      return [...newest, ...(await metrics.read(runId, metricKey))];
    },
  };
}

export function stateOf(runId: string, item: StoredItems['run']): RunState {
  return {
    run: runOf(runId, item),
    revision: item.revision,
    newestPoints: item.newestPoints ? decodeBlock(item.newestPoints) : new Map(),
    looseBlocks: item.looseBlocks,
  };
}

export function runOf(
  runId: string,
  { experimentId, project, lifecycleStage, document }: StoredItems['run'],
): TrackedRun {
  return decodeDocument({ runId, experimentId, project, lifecycleStage }, document);
}

function runItem(
  run: TrackedRun,
  rest: { revision: number; looseBlocks: number; newestPoints?: Uint8Array | undefined },
): Item {
  const { runId, experimentId, project, lifecycleStage, startTime } = run;
  const { newestPoints, ...counts } = rest;
  return {
    ...runKey(runId),
    schemaVersion: 2,
    experimentId,
    project,
    lifecycleStage,
    ...counts,
    ...(newestPoints ? { newestPoints } : {}),
    document: encodeDocument(run),
    gsi1pk: runsPartition(experimentId, lifecycleStage, shardOf(runId)),
    gsi1sk: runSort(startTime, runId),
  } satisfies StoredItems['run'];
}

/** Items of release 0.1 have no revision. */
const whereUnchanged = ({ revision }: RunState): Condition => ({
  equals: { revision: revision === 0 ? undefined : revision },
});

const runChanged = (runId: string): AppError =>
  new AppError('conflict', 'RunChanged', `Run ${runId} was changed meanwhile. Try again.`);

/** Runs a conditional write; false where its condition did not hold, or others wrote the same items for long. */
export async function isWritten(code: string, write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof AppError && (error.code === code || error.code === 'TransactionConflict'))
      return false;
    throw error;
  }
}
