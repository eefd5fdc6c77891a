import engine, { type Item } from 'dynalite/db/index.js';
import { AwsError } from '../emulated-service.ts';
import { keySpaces, wholeSpace } from './key-space.ts';
import type { Storage } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import { readTableDefinition } from './table-definition.ts';
import { describeBackups, describeTable, type TableSize } from './table-description.ts';
import { tableNameOf } from './table-name.ts';
import { updatedDefinition } from './table-update.ts';
import type { Tables } from './tables.ts';
import type { TableRecord } from './types.ts';

type Input = Readonly<Record<string, unknown>>;
type Operation = (input: Input) => Promise<Record<string, unknown>>;

const sizeLifeMs = 6 * 60 * 60 * 1000;

/** The operations on tables, by name. */
export class TableOperations {
  readonly #storage: Storage;
  readonly #catalog: TableCatalog;
  readonly #tables: Tables;
  readonly #now: () => number;
  readonly #sizes = new Map<string, TableSize & { readonly measuredAtMs: number }>();

  readonly byName: Readonly<Record<string, Operation>> = {
    CreateTable: async (input) =>
      this.#described('TableDescription', await this.#tables.create(readTableDefinition(input))),
    DeleteTable: async (input) =>
      this.#described('TableDescription', await this.#tables.drop(tableNameOf(input))),
    DescribeTable: async (input) => this.#described('Table', this.#table(input)),
    UpdateTable: async (input) => this.#described('TableDescription', await this.#update(input)),
    ListTables: async (input) => this.#list(input),
    DescribeTimeToLive: async (input) => ({ TimeToLiveDescription: describeTimeToLive(this.#table(input)) }),
    UpdateTimeToLive: async (input) => await this.#updateTimeToLive(input),
    DescribeContinuousBackups: async (input) => this.#backups(this.#table(input)),
    UpdateContinuousBackups: async (input) => this.#backups(await this.#updateBackups(input)),
    ListTagsOfResource: async (input) => ({
      Tags: Object.entries(this.#table(input).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
    TagResource: async (input) => await this.#tag(input),
    UntagResource: async (input) => await this.#untag(input),
  };

  constructor(storage: Storage, catalog: TableCatalog, tables: Tables, now: () => number) {
    this.#storage = storage;
    this.#catalog = catalog;
    this.#tables = tables;
    this.#now = now;
  }

  #table(input: Input): TableRecord {
    return this.#catalog.describe(tableNameOf(input));
  }

  async #described(member: string, table: TableRecord): Promise<Record<string, unknown>> {
    return { [member]: describeTable(table, await this.#size(table.TableName)) };
  }

  #backups(table: TableRecord): Record<string, unknown> {
    return { ContinuousBackupsDescription: describeBackups(table, this.#now()) };
  }

  #list(input: Input): Record<string, unknown> {
    const after = input['ExclusiveStartTableName'];
    const names = this.#catalog
      .all()
      .map(({ TableName }) => TableName)
      .filter((name) => typeof after !== 'string' || name > after);
    const page = names.slice(0, Number(input['Limit'] ?? 100));
    return { TableNames: page, LastEvaluatedTableName: page.length < names.length ? page.at(-1) : undefined };
  }

  async #update(input: Input): Promise<TableRecord> {
    return await this.#tables.change(updatedDefinition(this.#table(input), input));
  }

  async #updateTimeToLive(input: Input): Promise<Record<string, unknown>> {
    const table = this.#table(input);
    const wanted = (input['TimeToLiveSpecification'] ?? {}) as { AttributeName?: string; Enabled?: boolean };
    const isEnabled = table.timeToLiveAttribute !== undefined;
    if (isEnabled === (wanted.Enabled === true)) {
      throw new AwsError(
        'ValidationException',
        `TimeToLive is already ${isEnabled ? 'enabled' : 'disabled'}`,
      );
    }
    const attribute = wanted.Enabled === true ? wanted.AttributeName : undefined;
    await this.#tables.changeSettings(table.TableName, { timeToLiveAttribute: attribute });
    return { TimeToLiveSpecification: wanted };
  }

  async #updateBackups(input: Input): Promise<TableRecord> {
    const wanted = (input['PointInTimeRecoverySpecification'] ?? {}) as Input;
    return await this.#tables.changeSettings(tableNameOf(input), {
      pointInTimeRecovery: {
        enabled: wanted['PointInTimeRecoveryEnabled'] === true,
        periodInDays: Number(wanted['RecoveryPeriodInDays'] ?? 35),
      },
    });
  }

  async #tag(input: Input): Promise<Record<string, unknown>> {
    const added = (input['Tags'] ?? []) as readonly { Key: string; Value: string }[];
    const tags = {
      ...this.#table(input).tags,
      ...Object.fromEntries(added.map(({ Key, Value }) => [Key, Value])),
    };
    await this.#tables.changeSettings(tableNameOf(input), { tags });
    return {};
  }

  async #untag(input: Input): Promise<Record<string, unknown>> {
    const removed = new Set((input['TagKeys'] ?? []) as readonly string[]);
    const tags = Object.entries(this.#table(input).tags).filter(([key]) => !removed.has(key));
    await this.#tables.changeSettings(tableNameOf(input), { tags: Object.fromEntries(tags) });
    return {};
  }

  async #size(tableName: string): Promise<TableSize> {
    const known = this.#sizes.get(tableName);
    if (known !== undefined && known.measuredAtMs > this.#now() - sizeLifeMs) return known;
    let itemCount = 0;
    let sizeBytes = 0;
    for await (const item of this.#storage.values(wholeSpace(keySpaces.items(tableName)))) {
      itemCount += 1;
      sizeBytes += engine.itemSize(item as Item);
    }
    const size = { itemCount, sizeBytes, measuredAtMs: this.#now() };
    this.#sizes.set(tableName, size);
    return size;
  }
}

function describeTimeToLive({ timeToLiveAttribute }: TableRecord): Record<string, unknown> {
  if (timeToLiveAttribute === undefined) return { TimeToLiveStatus: 'DISABLED' };
  return { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLiveAttribute };
}
