import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { trainingSet } from '../contract.ts';
import type { TrainingSetStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

const keyOf = (trainingSetId: string) => ({ pk: `TRAININGSET#${trainingSetId}`, sk: 'TRAININGSET' });

const newestKey = (project: string) => ({ pk: `PROJECT#${project}`, sk: 'NEWEST' });

export function createTrainingSetStore(stored: Table): TrainingSetStore {
  const table = versionedTable(stored, itemKinds);
  const find: TrainingSetStore['find'] = async (trainingSetId) => {
    const item = await table.get<StoredItems['trainingSet']>(keyOf(trainingSetId));
    return item && trainingSet.parse(item.trainingSet);
  };
  return {
    find,
    async newest(project) {
      const item = await table.get<StoredItems['newest']>(newestKey(project));
      return item && find(item.trainingSetId);
    },
    save: (project, built, event) =>
      table.commit({
        writes: [
          {
            put: { ...keyOf(built.trainingSetId), schemaVersion: 1, project, trainingSet: built },
            when: { absent: true },
            otherwise: new AppError(
              'conflict',
              'TrainingSetExists',
              `Training set ${built.trainingSetId} was built meanwhile. Take that one.`,
            ),
          },
          { put: { ...newestKey(project), schemaVersion: 1, trainingSetId: built.trainingSetId } },
        ],
        events: [event],
      }),
  };
}
