import { versionedTable } from '#shared/aws/item-versions.ts';
import { conflictAttempts, pause } from '#shared/aws/retries.ts';
import type { Item, Key, Table, Write } from '#shared/aws/table.ts';
import { epochSeconds } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { inParallel } from '#shared/kernel/in-parallel.ts';
import { microsecondsText } from '#shared/kernel/microseconds.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { type EntityKey, entityKeyText } from '../domain/online-key.ts';
import { rankOf } from '../domain/rank.ts';
import { entityOf, featuresOf, landedLine, newestRecord, withRecords } from '../domain/record-values.ts';
import type { StreamRecord } from '../domain/stream-records.ts';
import { emptyState } from '../domain/window-state.ts';
import type { RecordStore, TakenRecords } from '../ports.ts';
import { itemKinds, type OnlineItem, type StoredItems } from './items.ts';
import { after, onlineKey, rowItem, stateItem, stateOf } from './online-items.ts';

/** New items with these keys stream to the function that lands records. */
export const recordPrefix = 'RECORD#';
/** A record that is sent again within so long changes nothing: longer than any queue keeps a message. */
const keptSeconds = 30 * 86_400;
/** DynamoDB's limit, of writes in a transaction and of keys in a batch. */
const maxWrites = 100;
const entitiesAtOnce = 16;
const attempts = 12;

const recordKey = ({ project, view }: FeatureViewVersion, recordId: string): Key => ({
  pk: `${recordPrefix}${project}#${view}#${recordId}`,
  sk: 'RECORD',
});

/** Marks, by identity, that somebody else was faster. */
const overtaken = new AppError('conflict', 'RecordsOvertaken', 'The values of the entity changed meanwhile.');

export function createRecordStore(stored: Table): RecordStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async take(versions, records) {
      // Of two that came together with one id the first counts: the last that is set stays.
      const byId = new Map(records.toReversed().map((record) => [record.recordId, record]));
      const groups = groupsOf(versions, [...byId.values()]);
      const taken = await inParallel(groups, entitiesAtOnce, (group) => takeGroup(table, versions, group));
      const accepted = taken.reduce((total, count) => total + count, 0);
      return { accepted, duplicates: records.length - accepted } satisfies TakenRecords;
    },
  };
}

/** Records of one entity of the newest version together, as many as a transaction takes with all that they change. */
function groupsOf(
  versions: readonly FeatureViewVersion[],
  records: readonly StreamRecord[],
): StreamRecord[][] {
  const [newest] = versions as [FeatureViewVersion];
  const size = Math.floor(maxWrites / (1 + versions.length));
  const byEntity = Map.groupBy(records, (record) => entityKeyText(entityOf(newest, record) ?? []));
  return [...byEntity.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / size) }, (_none, part) =>
      all.slice(part * size, (part + 1) * size),
    ),
  );
}

/** Writes what is new of a group and answers how many that were; begins again where others wrote the same entity meanwhile. */
async function takeGroup(
  table: Table,
  versions: readonly FeatureViewVersion[],
  records: readonly StreamRecord[],
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryGroup(table, versions, records);
    } catch (error) {
      const isConflict =
        error === overtaken || (error instanceof AppError && error.code === 'TransactionConflict');
      const isBusy = error instanceof AppError && error.code === 'TableBusy';
      if (!isConflict && !isBusy) throw error;
      if (isBusy || attempt === attempts)
        throw new AppError(
          'unavailable',
          'OnlineStoreBusy',
          'So many records of one entity come at once that they cannot all be written. Send those of an entity together, or again in a few seconds.',
          {},
          { cause: error },
        );
      await pause(Math.min(attempt, conflictAttempts));
    }
  }
}

async function tryGroup(
  table: Table,
  versions: readonly FeatureViewVersion[],
  records: readonly StreamRecord[],
): Promise<number> {
  const [newest] = versions as [FeatureViewVersion];
  const touched = touchedBy(
    versions.filter(({ online }) => online !== false),
    records,
  );
  const found = await table.getAll<Item>([
    ...records.map(({ recordId }) => recordKey(newest, recordId)),
    ...touched.map(({ version, key }) => onlineKey(version, key)),
  ]);
  const byKey = new Map(found.map((item) => [item.pk, item]));
  const fresh = new Set(records.filter(({ recordId }) => !byKey.has(recordKey(newest, recordId).pk)));
  if (fresh.size === 0) return 0;
  const changes = touched.flatMap((entity) => {
    const own = entity.records.filter((record) => fresh.has(record));
    const before = byKey.get(onlineKey(entity.version, entity.key).pk) as OnlineItem | undefined;
    return own.length === 0 ? [] : changeOf(entity.version, entity.key, own, before);
  });
  const puts = [...fresh].map((record): Write => {
    const put = recordItem(newest, record);
    return { put, when: { absent: true }, otherwise: overtaken };
  });
  await table.commit({ writes: [...puts, ...changes] });
  return fresh.size;
}

interface TouchedEntity {
  readonly version: FeatureViewVersion;
  readonly key: EntityKey;
  readonly records: readonly StreamRecord[];
}

/** The entities of records in each version, whose join keys may differ. */
function touchedBy(
  versions: readonly FeatureViewVersion[],
  records: readonly StreamRecord[],
): TouchedEntity[] {
  return versions.flatMap((version) => {
    const withKeys = records.flatMap((record) => {
      const key = entityOf(version, record);
      return key ? [{ record, key }] : [];
    });
    const byEntity = Map.groupBy(withKeys, ({ key }) => entityKeyText(key));
    return [...byEntity.values()].map((own) => ({
      version,
      key: own[0]!.key,
      records: own.map(({ record }) => record),
    }));
  });
}

/** How records change the values of an entity; not at all where they are older than the row that is there. */
function changeOf(
  version: FeatureViewVersion,
  key: EntityKey,
  records: readonly StreamRecord[],
  before: OnlineItem | undefined,
): Write[] {
  if (version.aggregations.length > 0) {
    const now = Math.max(...records.map(({ availableAt }) => availableAt));
    const state = withRecords(version, (before && stateOf(before)) ?? emptyState(), records, now);
    if (!state.newest) return [];
    const put = stateItem(version, key, state, after(before));
    const when = before ? ({ equals: { revision: before.revision } } as const) : ({ absent: true } as const);
    return [{ put, when, otherwise: overtaken }];
  }
  const newest = newestRecord(records);
  if (before && before.rank >= rankOf(newest)) return [];
  const { eventAt, availableAt, tie } = newest;
  const row = { key, eventAt, availableAt, tie, values: featuresOf(version, newest) };
  const when = before ? ({ equals: { rank: before.rank } } as const) : ({ absent: true } as const);
  return [{ put: rowItem(version, row, version.ttlSeconds), when, otherwise: overtaken }];
}

const recordItem = (newest: FeatureViewVersion, record: StreamRecord): StoredItems['record'] => ({
  ...recordKey(newest, record.recordId),
  schemaVersion: 1,
  project: newest.project,
  view: newest.view,
  recordId: record.recordId,
  viewVersion: newest.version,
  eventAt: microsecondsText(record.eventAt),
  availableAt: microsecondsText(record.availableAt),
  line: landedLine(record, newest.version),
  expiresAt: epochSeconds(new Date(record.availableAt / 1000)) + keptSeconds,
});
