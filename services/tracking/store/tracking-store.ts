import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Run, TrackingStore } from '../ports/runs.ts';
import { itemKinds, type StoredItems } from './items.ts';

/**
 * Keys of the table, laid out so that MLflow's tracking API fits in:
 * `EXPERIMENT#<experimentId>` / `EXPERIMENT`: an experiment. `EXPERIMENTNAME#<name>` / `EXPERIMENT`: its id; names are unique.
 * `RUN#<runId>` / `RUN`: a run with its params, tags and latest metrics as maps: one read per run, and what a search looks at;
 * in the index under `EXPERIMENT#<experimentId>` by start time. Metric histories will lie beside it in the run's partition.
 */
const experimentKey = (experimentId: string): Key => ({
  pk: `EXPERIMENT#${experimentId}`,
  sk: 'EXPERIMENT',
});
const experimentNameKey = (name: string): Key => ({ pk: `EXPERIMENTNAME#${name}`, sk: 'EXPERIMENT' });
const runKey = (runId: string): Key => ({ pk: `RUN#${runId}`, sk: 'RUN' });
const pageSize = 50;

export function createTrackingStore(stored: Table): TrackingStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async startRun(run) {
      await ensureExperiment(table, run);
      return committed('RunExists', () =>
        table.commit({
          writes: [
            {
              put: runItem(run),
              when: { absent: true },
              otherwise: new AppError('already_exists', 'RunExists', `Run ${run.runId} exists.`),
            },
          ],
        }),
      );
    },
    async readRun(runId) {
      return (await table.get<StoredItems['run']>(runKey(runId)))?.run;
    },
    async endRun(run, events) {
      await table.commit({
        writes: [
          {
            put: runItem(run),
            when: { equals: { status: 'RUNNING' } },
            otherwise: new AppError('conflict', 'RunChanged', `Run ${run.runId} was ended meanwhile.`),
          },
        ],
        events,
      });
    },
    async listRuns(experimentId, pageToken) {
      const page = await table.query<StoredItems['run']>({
        index: 'gsi1',
        pk: experimentKey(experimentId).pk,
        newestFirst: true,
        limit: pageSize,
        ...(pageToken ? { pageToken } : {}),
      });
      return { ...page, items: page.items.map(({ run }) => run) };
    },
  };
}

async function ensureExperiment(table: Table, { experimentId, project, startTime }: Run): Promise<void> {
  if (await table.get(experimentKey(experimentId))) return;
  await committed('ExperimentExists', () =>
    table.commit({
      writes: [
        {
          put: {
            ...experimentKey(experimentId),
            schemaVersion: 1,
            experimentId,
            name: project,
            project,
            lifecycleStage: 'active',
            creationTime: startTime,
          },
          when: { absent: true },
          otherwise: new AppError('already_exists', 'ExperimentExists', `Experiment ${experimentId} exists.`),
        },
        { put: { ...experimentNameKey(project), schemaVersion: 1, experimentId } },
      ],
    }),
  );
}

/** Runs a conditional write; false where it failed with `code` because the thing exists. */
async function committed(code: string, commit: () => Promise<void>): Promise<boolean> {
  try {
    await commit();
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === code) return false;
    throw error;
  }
}

function runItem(run: Run): Item {
  return {
    ...runKey(run.runId),
    schemaVersion: 1,
    run,
    status: run.status,
    gsi1pk: experimentKey(run.experimentId).pk,
    gsi1sk: `${run.startTime}#${run.runId}`,
  };
}
