import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  paginateScan,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Counters, sum } from './counters.ts';
import { itemBytes, type WireItem, writeUnits } from './dynamodb-units.ts';
import type { RecordedRequest } from './request-log.ts';

/** DynamoDB adds this to each item that it stores (Developer Guide, "DynamoDB item sizes and formats"). */
const storedItemOverheadBytes = 100;
const monthSeconds = (365.25 / 12) * 86_400;
/** A read in a transaction counts twice, and is always strongly consistent. */
const transactionFactor = 2;

interface Keyed {
  readonly TableName: string;
  readonly Key?: WireItem;
  readonly Item?: WireItem;
}

interface BatchWrite {
  readonly PutRequest?: { readonly Item: WireItem };
  readonly DeleteRequest?: { readonly Key: WireItem };
}

/** Request units of recorded calls: writes by the size of the items, reads by asking again what they consume. */
export class DynamodbMeter {
  readonly #client: DynamoDBClient;

  constructor(aws: ConstructorParameters<typeof DynamoDBClient>[0] & object) {
    this.#client = new DynamoDBClient(aws);
  }

  async count(requests: readonly RecordedRequest[]): Promise<Counters> {
    let counted: Counters = {};
    for (const { operation, params = {} } of requests) {
      counted = sum(counted, await this.#unitsOf(operation, params));
    }
    return counted;
  }

  /** Bytes stored for good, and, of what expires, bytes times months until then. Items of the index count twice. */
  async stored(tableNames: readonly string[], nowSeconds: number): Promise<Counters> {
    let storedBytes = 0;
    let expiringByteMonths = 0;
    for (const TableName of tableNames) {
      for await (const page of paginateScan({ client: this.#client }, { TableName })) {
        for (const item of (page.Items ?? []) as unknown as WireItem[]) {
          const bytes = (itemBytes(item) + storedItemOverheadBytes) * ('gsi1pk' in item ? 2 : 1);
          const expiresAt = Number(item['expiresAt']?.['N'] ?? Number.NaN);
          if (Number.isNaN(expiresAt)) storedBytes += bytes;
          else expiringByteMonths += (bytes * Math.max(0, expiresAt - nowSeconds)) / monthSeconds;
        }
      }
    }
    return { 'dynamodb.storedBytes': storedBytes, 'dynamodb.expiringByteMonths': expiringByteMonths };
  }

  async #unitsOf(operation: string, params: Readonly<Record<string, unknown>>): Promise<Counters> {
    switch (operation) {
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem':
        return writes(writeUnits(await this.#itemOf(params as unknown as Keyed), false));
      case 'TransactWriteItems':
        return writes(await this.#transactionUnits(params['TransactItems'] as Record<string, Keyed>[]));
      case 'GetItem': {
        const input = { ...params, ReturnConsumedCapacity: 'TOTAL' } as GetItemCommandInput;
        return reads((await this.#client.send(new GetItemCommand(input))).ConsumedCapacity?.CapacityUnits);
      }
      case 'Query': {
        const input = { ...params, ReturnConsumedCapacity: 'TOTAL' } as QueryCommandInput;
        return reads((await this.#client.send(new QueryCommand(input))).ConsumedCapacity?.CapacityUnits);
      }
      case 'BatchGetItem': {
        const input = { ...params, ReturnConsumedCapacity: 'TOTAL' } as BatchGetItemCommandInput;
        const { ConsumedCapacity } = await this.#client.send(new BatchGetItemCommand(input));
        return reads(ConsumedCapacity?.reduce((units, { CapacityUnits = 0 }) => units + CapacityUnits, 0));
      }
      case 'BatchWriteItem':
        return writes(await this.#batchUnits(params['RequestItems'] as Record<string, BatchWrite[]>));
      case 'TransactGetItems':
        return reads((params['TransactItems'] as unknown[]).length * transactionFactor);
      default:
        throw new Error(
          `The measurement does not know what dynamodb:${operation} takes: add it to ${import.meta.filename}.`,
        );
    }
  }

  async #batchUnits(items: Readonly<Record<string, readonly BatchWrite[]>>): Promise<number> {
    let units = 0;
    for (const [TableName, tableWrites] of Object.entries(items)) {
      for (const { PutRequest, DeleteRequest } of tableWrites)
        units += writeUnits(await this.#itemOf({ TableName, ...PutRequest, ...DeleteRequest }), false);
    }
    return units;
  }

  /** A check of a condition counts like a write of the item. */
  async #transactionUnits(writes: readonly Record<string, Keyed>[]): Promise<number> {
    let units = 0;
    for (const write of writes) {
      for (const keyed of Object.values(write)) units += writeUnits(await this.#itemOf(keyed), true);
    }
    return units;
  }

  /** The item that was put, or what an update left behind; the key alone where it is gone. */
  async #itemOf({ TableName, Key, Item }: Keyed): Promise<WireItem> {
    if (Item) return Item;
    const input = { TableName, Key } as unknown as GetItemCommandInput;
    const found = await this.#client.send(new GetItemCommand(input));
    return (found.Item as unknown as WireItem | undefined) ?? Key ?? {};
  }
}

const writes = (units: number): Counters => ({ 'dynamodb.writeUnits': units });

function reads(units: number | undefined): Counters {
  if (units === undefined) throw new Error('The laptop runtime did not say what a read consumed.');
  return { 'dynamodb.readUnits': units };
}
