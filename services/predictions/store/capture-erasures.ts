import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import { collect } from '#shared/kernel/collect.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ErasedEntities } from '../domain/erased-lines.ts';
import type { CaptureErasures, FileErasure } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** A prediction that was captured before the erasure is in a file by then: the table's stream keeps items for a day. */
const onTheirWaySeconds = 2 * 86_400;
/** Longer than an erasure goes on, resumed or not. */
const workSeconds = 90 * 86_400;

const entitiesPartition = (project: string) => `ERASED#${project}`;
const workPartition = (project: string, erasureId: string) => `ERASURE#${project}#${erasureId}`;
const progressKey = (project: string, erasureId: string) => ({
  pk: workPartition(project, erasureId),
  sk: 'PROGRESS',
});
const fileKey = (project: string, erasureId: string, uri: string) => ({
  pk: workPartition(project, erasureId),
  sk: `FILE#${uri}`,
});

/** What the service keeps of erasures by entity key while they are at work. */
export function createCaptureErasures(stored: Table, clock: Clock): CaptureErasures {
  const table = versionedTable(stored, itemKinds);
  const keptFor = (seconds: number) => ({ schemaVersion: 1, expiresAt: epochSeconds(clock.now()) + seconds });
  return {
    async begin(project, entities) {
      const begun = new AppError('already_exists', 'ErasureBegun', `${entities.erasureId} has begun.`);
      const item = {
        pk: entitiesPartition(project),
        sk: entities.erasureId,
        ...keptFor(onTheirWaySeconds),
        entities,
      };
      try {
        await table.put(item, { when: { absent: true }, otherwise: begun });
      } catch (error) {
        if (error !== begun) throw error;
      }
    },
    async of(project): Promise<readonly ErasedEntities[]> {
      const query = { pk: entitiesPartition(project), consistent: true };
      const items = await collect(everyItem<StoredItems['erasedEntities']>(table, query));
      return items.map(({ entities }) => entities);
    },
    progress: async (project, erasureId) =>
      (await table.get<StoredItems['erasureProgress']>(progressKey(project, erasureId)))?.lastKey,
    noteProgress: (project, erasureId, lastKey) =>
      table.put({ ...progressKey(project, erasureId), ...keptFor(workSeconds), lastKey }),
    async file(project, erasureId, uri) {
      const item = await table.get<StoredItems['erasedFile']>(fileKey(project, erasureId, uri));
      return item && fileOf(item);
    },
    noteFile: (project, erasureId, erasure) =>
      table.put({
        ...fileKey(project, erasureId, erasure.file.object.uri),
        ...keptFor(workSeconds),
        ...erasure,
      }),
    async files(project, erasureId) {
      const query = { pk: workPartition(project, erasureId), skPrefix: 'FILE#', consistent: true };
      return (await collect(everyItem<StoredItems['erasedFile']>(table, query))).map(fileOf);
    },
    complete: (event, eventId) =>
      table.commit({
        writes: [],
        events: [event],
        consumed: { consumer: 'predictions/on-feature-erasure-requested', eventId },
      }),
  };
}

const fileOf = ({ file, erased, isDone }: StoredItems['erasedFile']): FileErasure => ({
  file,
  erased,
  isDone,
});
