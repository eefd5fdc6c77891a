import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Condition, Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { isFinal } from '../domain/run.ts';
import type { RunState, RunStore } from '../ports/run-store.ts';
import { createExperimentStore, experimentOf } from './experiment-store.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { experimentKey, runKey } from './keys.ts';
import { createMetricStore } from './metric-store.ts';
import { encodeDocument } from './run-document.ts';
import { readState, runItem } from './run-items.ts';
import { divided, partKeys } from './run-parts.ts';

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
  return {
    read: (runId) => readState(table, runId),
    async readWithExperiment(runId) {
      const known = experimentIds.get(runId);
      const items = known === undefined ? [] : await table.getAll([runKey(runId), experimentKey(known)]);
      const runAsRead = items.find(({ sk }) => sk === 'RUN') as StoredItems['run'] | undefined;
      const state = await readState(table, runId, runAsRead);
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
      const { writes, ...rest } = divided(run.runId, encodeDocument(run), 1, { revision: 0, parts: 0 });
      const item = runItem(run, { revision: 1, looseBlocks: 0, blocks: 0, ...rest });
      const condition = { when: { absent: true }, otherwise: runExists(run.runId) } as const;
      return isWritten('RunExists', () =>
        writes.length === 0
          ? table.put(item, condition)
          : table.commit({ writes: [{ put: item, ...condition }, ...writes] }),
      );
    },
    async replace(change) {
      const { before, run, events } = change;
      const { runId } = run;
      const revision = before.revision + 1;
      const { items: blocks, needsMerge, stored: arranged } = metrics.arrange(change, isFinal(run.status));
      const { writes, ...divide } = divided(runId, encodeDocument(run), revision, before);
      const item = runItem(run, { revision, ...divide, ...arranged });
      const condition = { when: whereUnchanged(before), otherwise: runChanged(runId) };
      const others = [...blocks.map((put): Write => ({ put })), ...writes];
      const isReplaced = await isWritten('RunChanged', () =>
        others.length === 0 && events.length === 0
          ? table.put(item, condition)
          : table.commit({ writes: [{ put: item, ...condition }, ...others], events }),
      );
      // What was to be stored is: a merge that fails leaves blocks to the next one.
      if (isReplaced && needsMerge) await metrics.merge(runId).catch(() => undefined);
      return isReplaced;
    },
    async remove(before, events) {
      const { runId } = before.run;
      const condition = { when: whereUnchanged(before), otherwise: runChanged(runId) };
      const parts = partKeys(runId, before.revision, before.parts).map((key): Write => ({ delete: key }));
      return isWritten('RunChanged', () =>
        table.commit({ writes: [{ delete: runKey(runId), ...condition }, ...parts], events }),
      );
    },
    async history(runId, metricKey) {
      const state = await readState(table, runId);
      if (!state) return undefined;
      const newest = state.newestPoints.get(metricKey) ?? [];
      const points = await metrics.read(runId, metricKey, state.blocks);
      return { project: state.run.project, points: [...newest, ...points] };
    },
  };
}

/** Items of release 0.1 have no revision. */
const whereUnchanged = ({ revision }: RunState): Condition => ({
  equals: { revision: revision === 0 ? undefined : revision },
});

const runExists = (runId: string): AppError =>
  new AppError('already_exists', 'RunExists', `Run ${runId} exists.`);

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
