import { randomUUID } from 'node:crypto';
import engine, { type Item } from 'dynalite/db/index.js';
import { AwsError, type RuntimeContext } from '../emulated-service.ts';
import type { ItemWriter } from './item-writer.ts';
import { keySpaces, wholeSpace } from './key-space.ts';
import type { Storage, StorageWrite } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import { timeToLiveWrites } from './time-to-live.ts';
import type { IndexDefinition, TableDefinition, TableRecord } from './types.ts';

const backfillBatch = 1000;

/** What may change besides the definition. */
type Settings = Pick<TableRecord, 'pointInTimeRecovery' | 'tags'> & {
  readonly timeToLiveAttribute: string | undefined;
};

/** Creates, changes and drops tables. Changes of keys and indexes are made while no item is written. */
export class Tables {
  readonly #storage: Storage;
  readonly #catalog: TableCatalog;
  readonly #writer: ItemWriter;
  readonly #context: RuntimeContext;

  constructor(storage: Storage, catalog: TableCatalog, writer: ItemWriter, context: RuntimeContext) {
    this.#storage = storage;
    this.#catalog = catalog;
    this.#writer = writer;
    this.#context = context;
  }

  /** Creates the table or changes it to the definition; items and a stream that stays are kept. Throws when its keys differ. */
  async declare(definition: TableDefinition, settings: Settings): Promise<TableRecord> {
    if (this.#catalog.find(definition.TableName) === undefined) await this.create(definition);
    await this.change(definition);
    return await this.changeSettings(definition.TableName, settings);
  }

  /** Throws ResourceInUseException when the table exists. */
  create(definition: TableDefinition): Promise<TableRecord> {
    return this.#writer.exclusively(async () => {
      const { TableName } = definition;
      if (this.#catalog.find(TableName) !== undefined) {
        throw new AwsError('ResourceInUseException', `Table already exists: ${TableName}`);
      }
      const { region, accountId } = this.#context;
      const table = this.#withStream({
        ...definition,
        TableArn: `arn:aws:dynamodb:${region}:${accountId}:table/${TableName}`,
        TableId: randomUUID(),
        createdAtMs: this.#context.now(),
        pointInTimeRecovery: { enabled: false, periodInDays: 35 },
        tags: {},
      });
      await this.#catalog.save(table);
      return table;
    });
  }

  /** Changes a table to the definition: new indexes are filled from the items, dropped ones are removed. */
  change(definition: TableDefinition): Promise<TableRecord> {
    return this.#writer.exclusively(async () => {
      const old = this.#catalog.describe(definition.TableName);
      rejectOtherKeys(old, definition);
      const changed = this.#withStream({ ...identityOf(old), ...definition }, old);
      const oldIndexes = indexesOf(old);
      const isNew = (index: IndexDefinition) =>
        !oldIndexes.some((one) => JSON.stringify(one) === JSON.stringify(index));
      const added = indexesOf(changed).filter(isNew);
      for (const { IndexName } of added) await this.#clear(keySpaces.index(old.TableName, IndexName));
      if (added.length > 0) await this.#backfill(changed, (_key, item) => indexWrites(changed, added, item));
      if (old.LatestStreamArn !== changed.LatestStreamArn) await this.#clear(keySpaces.stream(old.TableName));
      await this.#catalog.save(changed);
      const names = new Set(indexesOf(changed).map(({ IndexName }) => IndexName));
      for (const { IndexName } of oldIndexes.filter((index) => !names.has(index.IndexName))) {
        await this.#clear(keySpaces.index(old.TableName, IndexName));
      }
      return changed;
    });
  }

  /** Changes time to live, point-in-time recovery or tags. */
  changeSettings(tableName: string, settings: Partial<Settings>): Promise<TableRecord> {
    return this.#writer.exclusively(async () => {
      const old = this.#catalog.describe(tableName);
      const { timeToLiveAttribute: oldAttribute, ...kept } = old;
      const attribute = 'timeToLiveAttribute' in settings ? settings.timeToLiveAttribute : oldAttribute;
      const { timeToLiveAttribute: _wanted, ...others } = settings;
      const changed: TableRecord = {
        ...kept,
        ...others,
        ...(attribute === undefined ? {} : { timeToLiveAttribute: attribute }),
      };
      if (attribute !== oldAttribute) {
        await this.#clear(keySpaces.timeToLive(tableName));
        await this.#backfill(changed, (itemKey, newItem) =>
          timeToLiveWrites({ table: changed, itemKey, oldItem: undefined, newItem }),
        );
      }
      await this.#catalog.save(changed);
      return changed;
    });
  }

  /** Removes a table with all it holds; throws ValidationException while it is protected against deletion. */
  drop(tableName: string): Promise<TableRecord> {
    return this.#writer.exclusively(async () => {
      const table = this.#catalog.describe(tableName);
      if (table.DeletionProtectionEnabled) {
        throw new AwsError(
          'ValidationException',
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
        );
      }
      await this.#catalog.remove(tableName);
      const { items, indexesOf, stream, timeToLive } = keySpaces;
      for (const space of [items, indexesOf, stream, timeToLive]) await this.#clear(space(tableName));
      return table;
    });
  }

  #withStream(table: TableRecord, old?: TableRecord): TableRecord {
    const { LatestStreamArn, LatestStreamLabel, ...rest } = table;
    if (table.StreamViewType === undefined) return rest;
    if (old?.StreamViewType === table.StreamViewType) return table;
    const label = new Date(this.#context.now()).toISOString().slice(0, -1);
    return { ...rest, LatestStreamLabel: label, LatestStreamArn: `${table.TableArn}/stream/${label}` };
  }

  async #backfill(
    table: TableRecord,
    writesOf: (itemKey: string, item: Item) => StorageWrite[],
  ): Promise<void> {
    const prefix = keySpaces.items(table.TableName);
    let writes: StorageWrite[] = [];
    for await (const [key, item] of this.#storage.entries(wholeSpace(prefix))) {
      writes.push(...writesOf(key.slice(prefix.length), item as Item));
      if (writes.length >= backfillBatch) {
        await this.#storage.write(writes);
        writes = [];
      }
    }
    await this.#storage.write(writes);
  }

  async #clear(prefix: string): Promise<void> {
    await this.#storage.clear(wholeSpace(prefix));
  }
}

/** What a change of the definition leaves as it is. */
function identityOf(table: TableRecord): Omit<TableRecord, keyof TableDefinition> {
  const { TableArn, TableId, createdAtMs, pointInTimeRecovery, tags, timeToLiveAttribute } = table;
  return {
    TableArn,
    TableId,
    createdAtMs,
    pointInTimeRecovery,
    tags,
    ...(timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute }),
    ...(table.LatestStreamArn === undefined ? {} : { LatestStreamArn: table.LatestStreamArn }),
    ...(table.LatestStreamLabel === undefined ? {} : { LatestStreamLabel: table.LatestStreamLabel }),
  };
}

function indexesOf(table: TableDefinition): readonly IndexDefinition[] {
  return [...table.GlobalSecondaryIndexes, ...table.LocalSecondaryIndexes];
}

function indexWrites(table: TableRecord, indexes: readonly IndexDefinition[], item: Item): StorageWrite[] {
  return engine.getIndexActions(indexes, null, item, table).puts.map(({ index, key, item: entry }) => ({
    key: keySpaces.index(table.TableName, index) + key,
    value: entry,
  }));
}

function rejectOtherKeys(old: TableDefinition, wanted: TableDefinition): void {
  const typed = ({ KeySchema, AttributeDefinitions }: TableDefinition) =>
    KeySchema.map(({ AttributeName, KeyType }) => {
      const attribute = AttributeDefinitions.find((one) => one.AttributeName === AttributeName);
      return `${AttributeName} (${KeyType}, ${attribute?.AttributeType})`;
    }).join(', ');
  if (typed(old) === typed(wanted)) return;
  throw new AwsError(
    'ValidationException',
    `The key of table ${old.TableName} is ${typed(old)} and cannot become ${typed(wanted)}. ` +
      'Give the table another name, or start with --fresh.',
  );
}
