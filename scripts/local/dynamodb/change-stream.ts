import { hash } from 'node:crypto';
import engine from 'dynalite/db/index.js';
import { AwsError, type RuntimeContext, type StreamRecord } from '../emulated-service.ts';
import type { ItemChange } from './engine-store.ts';
import { keyAttributes } from './item-key.ts';
import { keySpaces, wholeSpace, within } from './key-space.ts';
import type { Storage, StorageWrite } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import type { AttributeMap, TableRecord } from './types.ts';

/** How long DynamoDB keeps stream records. */
const retentionMs = 24 * 60 * 60 * 1000;
/** Added to every sequence number, so that all have 21 digits and sort as text. */
const sequenceBase = 10n ** 20n;
const sequencesPerMs = 1_000_000n;

type Identity = NonNullable<StreamRecord['userIdentity']>;
type Listener = (records: readonly StreamRecord[]) => void;

/** The change streams of all tables: which records a change makes, and reading and expiry of those that are kept. */
export class ChangeStreams {
  readonly #storage: Storage;
  readonly #tables: TableCatalog;
  readonly #context: RuntimeContext;
  readonly #newest = new Map<string, bigint>();
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(storage: Storage, tables: TableCatalog, context: RuntimeContext) {
    this.#storage = storage;
    this.#tables = tables;
    this.#context = context;
  }

  /** Learns the newest sequence numbers, so that new ones go on growing. */
  async load(): Promise<void> {
    for (const { TableName } of this.#tables.all()) {
      const prefix = keySpaces.stream(TableName);
      for await (const [key] of this.#storage.entries({ ...wholeSpace(prefix), reverse: true, limit: 1 })) {
        this.#newest.set(TableName, BigInt(key.slice(prefix.length)));
      }
    }
  }

  /** The records of a commit, to be written in the same batch as the items. */
  recordsFor(changes: readonly ItemChange[], userIdentity?: Identity): StreamRecord[] {
    return changes.flatMap((change) => {
      const record = change.table.LatestStreamArn && this.#record(change, change.table.LatestStreamArn);
      return record ? [userIdentity === undefined ? record : { ...record, userIdentity }] : [];
    });
  }

  /** Where the records of `recordsFor` are kept. */
  writesFor(records: readonly StreamRecord[]): StorageWrite[] {
    return records.map((record) => ({
      key: keySpaces.stream(tableOfStream(record.eventSourceARN)) + record.dynamodb.SequenceNumber,
      value: record,
    }));
  }

  /** Tells listeners of committed records. Faults of delivery are the business of who delivers: a stream itself loses nothing. */
  announce(records: readonly StreamRecord[]): void {
    for (const streamArn of new Set(records.map(({ eventSourceARN }) => eventSourceARN))) {
      const own = records.filter(({ eventSourceARN }) => eventSourceARN === streamArn);
      queueMicrotask(() => this.#notify(streamArn, own));
    }
  }

  /** Records after a sequence number, oldest first; throws ResourceNotFoundException for a stream that no table has. */
  async read(streamArn: string, afterSequenceNumber: string, limit: number): Promise<StreamRecord[]> {
    const prefix = keySpaces.stream(this.#streamOf(streamArn).TableName);
    const records: StreamRecord[] = [];
    const oldestKept = sequenceAt(this.#context.now() - retentionMs);
    const after = BigInt(afterSequenceNumber) > oldestKept ? BigInt(afterSequenceNumber) : oldestKept;
    for await (const record of this.#storage.values(within(prefix, { gt: String(after), limit }))) {
      records.push(record as StreamRecord);
    }
    return records;
  }

  newestSequenceNumber(streamArn: string): string {
    const { TableName } = this.#streamOf(streamArn);
    return String(this.#newest.get(TableName) ?? sequenceAt(this.#context.now()));
  }

  subscribe(streamArn: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(streamArn) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(streamArn, listeners);
    return () => listeners.delete(listener);
  }

  /** Drops records that are older than a stream keeps. */
  async expire(): Promise<void> {
    const bound = String(sequenceAt(this.#context.now() - retentionMs));
    for (const { TableName } of this.#tables.all()) {
      await this.#storage.clear(within(keySpaces.stream(TableName), { lt: bound }));
    }
  }

  #notify(streamArn: string, records: readonly StreamRecord[]): void {
    for (const listener of this.#listeners.get(streamArn) ?? []) listener(records);
  }

  #streamOf(streamArn: string): TableRecord {
    const table = this.#tables.find(tableOfStream(streamArn));
    if (table?.LatestStreamArn === streamArn) return table;
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Stream: ${streamArn} not found`,
    );
  }

  #record({ table, oldItem, newItem }: ItemChange, streamArn: string): StreamRecord {
    const sequence = this.#nextSequence(table.TableName);
    const keys = keyAttributes(table, (newItem ?? oldItem) as AttributeMap);
    const view = table.StreamViewType ?? 'KEYS_ONLY';
    const images = {
      ...(newItem !== undefined && view.startsWith('NEW') ? { NewImage: newItem } : {}),
      ...(oldItem !== undefined && view.includes('OLD') ? { OldImage: oldItem } : {}),
    };
    const sizeBytes = [keys, ...Object.values(images)].reduce((sum, part) => sum + engine.itemSize(part), 0);
    return {
      eventID: hash('md5', `${streamArn} ${sequence}`),
      eventName: oldItem === undefined ? 'INSERT' : newItem === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.#context.region,
      eventSourceARN: streamArn,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.#context.now() / 1000),
        Keys: keys,
        ...images,
        SequenceNumber: String(sequence),
        SizeBytes: sizeBytes,
        StreamViewType: view,
      },
    };
  }

  #nextSequence(tableName: string): bigint {
    const byTime = sequenceAt(this.#context.now());
    const newest = this.#newest.get(tableName) ?? 0n;
    const next = byTime > newest ? byTime : newest + 1n;
    this.#newest.set(tableName, next);
    return next;
  }
}

/** Time is part of the sequence number, so that numbers go on growing after all records have expired. */
function sequenceAt(timeMs: number): bigint {
  return sequenceBase + BigInt(Math.floor(timeMs)) * sequencesPerMs;
}

/** `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>` → name. */
function tableOfStream(streamArn: string): string {
  return streamArn.split('/')[1] ?? '';
}
