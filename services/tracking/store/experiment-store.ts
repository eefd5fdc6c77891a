import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import {
  defaultExperiment,
  defaultExperimentId,
  defaultExperimentName,
  type Experiment,
} from '../domain/experiment.ts';
import type { ExperimentState, ExperimentStore } from '../ports/experiment-store.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { experimentKey, experimentNameKey, experimentSort, experimentsPartition } from './keys.ts';

export function createExperimentStore(stored: Table): ExperimentStore {
  const table = versionedTable(stored, itemKinds);
  /** Release 0.1 had no experiment in the index: lists have it from when it was first read. */
  const indexed = async (experiment: Experiment, revision: number): Promise<ExperimentState> => {
    if (revision > 0) return { experiment, revision };
    const when = { equals: { revision: undefined } };
    const written = await outcome('written', ['changed'], () =>
      table.put(experimentItem(experiment, 1), { when, otherwise: refusal('changed') }),
    );
    return { experiment, revision: written === 'written' ? 1 : revision };
  };
  const read: ExperimentStore['read'] = async (experimentId) => {
    const item = await table.get<StoredItems['experiment']>(experimentKey(experimentId));
    if (item) return indexed(experimentOf(item), item.revision);
    return experimentId === defaultExperimentId ? { experiment: defaultExperiment, revision: 0 } : undefined;
  };
  return {
    read,
    async readAll(experimentIds) {
      const items = await table.getAll<StoredItems['experiment']>(experimentIds.map(experimentKey));
      const found = items.map(experimentOf);
      const isDefaultMissing =
        experimentIds.includes(defaultExperimentId) &&
        !found.some(({ experimentId }) => experimentId === defaultExperimentId);
      return isDefaultMissing ? [...found, defaultExperiment] : found;
    },
    async readByName(name) {
      const item = await table.get<StoredItems['experimentName']>(experimentNameKey(name));
      if (item) return read(item.experimentId);
      if (name !== defaultExperimentName) return undefined;
      const state = await read(defaultExperimentId);
      return state?.experiment.name === name ? state : undefined;
    },
    create: (experiment, events) =>
      outcome('created', ['idTaken', 'nameTaken'], () =>
        table.commit({
          writes: [
            { put: experimentItem(experiment, 1), when: { absent: true }, otherwise: refusal('idTaken') },
            nameWrite(experiment),
          ],
          events,
        }),
      ),
    replace(before, experiment, events) {
      const isRenamed = before.experiment.name !== experiment.name;
      const renaming = isRenamed
        ? [nameWrite(experiment), { delete: experimentNameKey(before.experiment.name) }]
        : [];
      return outcome('replaced', ['changed', 'nameTaken'], () =>
        table.commit({
          writes: [
            {
              put: experimentItem(experiment, before.revision + 1),
              // Items of release 0.1 have no revision.
              when: { equals: { revision: before.revision === 0 ? undefined : before.revision } },
              otherwise: refusal('changed'),
            },
            ...renaming,
          ],
          events,
        }),
      );
    },
    async remove({ experiment, revision }, events) {
      const { experimentId, name } = experiment;
      const when = { equals: { revision: revision === 0 ? undefined : revision } };
      const removed = await outcome('removed', ['changed'], () =>
        table.commit({
          writes: [
            { delete: experimentKey(experimentId), when, otherwise: refusal('changed') },
            { delete: experimentNameKey(name) },
          ],
          events,
        }),
      );
      return removed === 'removed';
    },
    async list(stage) {
      const found: Experiment[] = [];
      let pageToken: string | undefined;
      do {
        const page = await table.query<StoredItems['experiment']>({
          index: 'gsi1',
          pk: experimentsPartition(stage),
          ...(pageToken === undefined ? {} : { pageToken }),
        });
        found.push(...page.items.map(experimentOf));
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      if (found.some(({ experimentId }) => experimentId === defaultExperimentId)) return found;
      const ownDefault = await read(defaultExperimentId);
      return ownDefault?.experiment.lifecycleStage === stage ? [ownDefault.experiment, ...found] : found;
    },
  };
}

export function experimentOf(item: StoredItems['experiment']): Experiment {
  const {
    experimentId,
    name,
    project,
    artifactLocation,
    lifecycleStage,
    creationTime,
    lastUpdateTime,
    tags,
  } = item;
  return {
    experimentId,
    name,
    project,
    artifactLocation,
    lifecycleStage,
    creationTime,
    lastUpdateTime,
    tags,
  };
}

function experimentItem(experiment: Experiment, revision: number): Item {
  const { experimentId, lifecycleStage, creationTime } = experiment;
  return {
    ...experimentKey(experimentId),
    schemaVersion: 2,
    ...experiment,
    revision,
    gsi1pk: experimentsPartition(lifecycleStage),
    gsi1sk: experimentSort(creationTime, experimentId),
  } satisfies StoredItems['experiment'];
}

const nameWrite = ({ name, experimentId }: Experiment): Write => ({
  put: { ...experimentNameKey(name), schemaVersion: 1, experimentId },
  when: { absent: true },
  otherwise: refusal('nameTaken'),
});

/** Never leaves this file: which of several conditions did not hold. */
const refusal = (code: string): AppError => new AppError('conflict', code, code);

async function outcome<Done extends string, Refused extends string>(
  done: Done,
  refused: readonly Refused[],
  write: () => Promise<void>,
): Promise<Done | Refused> {
  try {
    await write();
    return done;
  } catch (error) {
    const code = error instanceof AppError ? refused.find((one) => one === error.code) : undefined;
    if (code === undefined) throw error;
    return code;
  }
}
