import { createHash } from 'node:crypto';
import engine, { type Item } from 'dynalite/db/index.js';
import { AwsError } from '../emulated-service.ts';
import { type CheckedRequest, checkRequest, runOperation, toAwsError } from './engine.ts';
import { EngineStore } from './engine-store.ts';
import type { ItemWriter } from './item-writer.ts';
import { keySpaces, wholeSpace } from './key-space.ts';
import type { Storage } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import { isConditionFailure, returnsItemOnFailure, storedItem } from './write-items.ts';

const maxItems = 100;
/** How long DynamoDB answers a repeated client request token as it answered the first. */
const tokenLifeMs = 10 * 60 * 1000;

type Input = Readonly<Record<string, unknown>>;

interface Token {
  readonly requestHash: string;
  readonly expiresAtMs: number;
}

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

/** One item of TransactWriteItems after all checks that need no stored item. */
interface TransactWrite {
  readonly operation: 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheck';
  readonly request: CheckedRequest;
  readonly itemOnFailure: boolean;
}

const members = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheck',
} as const;

/** TransactWriteItems and TransactGetItems, which the engine lacks. */
export class Transactions {
  readonly #storage: Storage;
  readonly #tables: TableCatalog;
  readonly #writer: ItemWriter;
  readonly #now: () => number;

  constructor(storage: Storage, tables: TableCatalog, writer: ItemWriter, now: () => number) {
    this.#storage = storage;
    this.#tables = tables;
    this.#writer = writer;
    this.#now = now;
  }

  /** All writes or none; throws TransactionCanceledException with one reason per item. */
  async write(input: Input): Promise<Record<string, unknown>> {
    const items = itemsOf(input, 'TransactItems', 'transactItems');
    const writes = items.map((item, index) => checkWrite(item, index + 1));
    this.#rejectRepeatedItems(writes);
    const token = input['ClientRequestToken'];
    const tokenKey = typeof token === 'string' ? keySpaces.tokens + token : undefined;
    const requestHash = createHash('sha256').update(JSON.stringify(items)).digest('hex');
    return await this.#writer.write(async (store) => {
      if (tokenKey !== undefined) {
        if (this.#wasDone(store.stored(tokenKey), requestHash)) return {};
        const remembered: Token = { requestHash, expiresAtMs: this.#now() + tokenLifeMs };
        store.include({ key: tokenKey, value: remembered });
      }
      await this.#applyAll(store, writes);
      return {};
    });
  }

  /** Reads all items as they are at one moment. */
  async get(input: Input): Promise<Record<string, unknown>> {
    const requests = itemsOf(input, 'TransactItems', 'transactItems').map((item) =>
      checkRequest('GetItem', asInput(item['Get'])),
    );
    // Between writes, never during one: this is what makes the reads one moment.
    return await this.#writer.exclusively(async () => {
      const store = new EngineStore(this.#storage, this.#tables);
      const answers = await Promise.all(requests.map((request) => runOperation('GetItem', store, request)));
      return { Responses: answers.map(({ Item }) => (Item === undefined ? {} : { Item })) };
    });
  }

  /** Forgets tokens whose time is over. */
  async expireTokens(): Promise<void> {
    const expired: { key: string }[] = [];
    for await (const [key, token] of this.#storage.entries(wholeSpace(keySpaces.tokens))) {
      if ((token as Token).expiresAtMs <= this.#now()) expired.push({ key });
    }
    if (expired.length > 0) await this.#storage.write(expired);
  }

  #wasDone(stored: unknown, requestHash: string): boolean {
    const known = stored as Token | undefined;
    if (known === undefined || known.expiresAtMs <= this.#now()) return false;
    if (known.requestHash === requestHash) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The provided client request token was used before with other parameters. Use a new token for another request.',
    );
  }

  #rejectRepeatedItems(writes: readonly TransactWrite[]): void {
    const seen = new Set<string>();
    for (const { request } of writes) {
      const table = this.#tables.get(String(request['TableName']));
      const item = (request['Key'] ?? request['Item']) as Item;
      const invalid = request['Key'] === undefined ? null : engine.validateKey(item, table);
      if (invalid) throw toAwsError(invalid);
      if (table.KeySchema.some(({ AttributeName }) => item[AttributeName] === undefined)) continue;
      const key = JSON.stringify([
        table.TableName,
        table.KeySchema.map(({ AttributeName }) => item[AttributeName]),
      ]);
      if (seen.has(key)) {
        throw new AwsError(
          'ValidationException',
          'Transaction request cannot include multiple operations on one item',
        );
      }
      seen.add(key);
    }
  }

  async #applyAll(store: EngineStore, writes: readonly TransactWrite[]): Promise<void> {
    const reasons: CancellationReason[] = [];
    for (const write of writes) reasons.push(await this.#apply(store, write));
    if (reasons.every(({ Code }) => Code === 'None')) return;
    const codes = reasons.map(({ Code }) => Code).join(', ');
    throw new AwsError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      400,
      { CancellationReasons: reasons },
    );
  }

  async #apply(store: EngineStore, write: TransactWrite): Promise<CancellationReason> {
    try {
      if (write.operation === 'ConditionCheck') this.#checkCondition(store, write.request);
      else await runOperation(write.operation, store, write.request);
      return { Code: 'None' };
    } catch (error) {
      if (isConditionFailure(error)) {
        const item = write.itemOnFailure ? storedItem(store, this.#tables, write.request) : undefined;
        const reason = { Code: 'ConditionalCheckFailed', Message: error.message };
        return item === undefined ? reason : { ...reason, Item: item };
      }
      if (error instanceof AwsError && error.name === 'ValidationException') {
        return { Code: 'ValidationError', Message: error.message };
      }
      throw error;
    }
  }

  #checkCondition(store: EngineStore, request: CheckedRequest): void {
    const failure = engine.checkConditional(request, storedItem(store, this.#tables, request));
    if (failure) throw toAwsError(failure);
  }
}

function checkWrite(item: Input, position: number): TransactWrite {
  const given = Object.entries(members).filter(([member]) => item[member] !== undefined);
  const [member, operation] = given[0] ?? [];
  if (given.length !== 1 || member === undefined || operation === undefined) {
    throw new AwsError(
      'ValidationException',
      'TransactItems can only contain one of Check, Put, Update or Delete',
    );
  }
  const input = asInput(item[member]);
  if (operation === 'ConditionCheck' && input['ConditionExpression'] === undefined) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value null at 'transactItems.${position}.member.conditionCheck.conditionExpression' ` +
        'failed to satisfy constraint: Member must not be null',
    );
  }
  // A condition check has the members of a conditional delete.
  const rules = operation === 'ConditionCheck' ? 'DeleteItem' : operation;
  return { operation, request: checkRequest(rules, input), itemOnFailure: returnsItemOnFailure(input) };
}

function itemsOf(input: Input, member: string, wireName: string): Input[] {
  const items = input[member];
  const count = Array.isArray(items) ? items.length : 0;
  if (count >= 1 && count <= maxItems) return (items as unknown[]).map(asInput);
  const bound = count < 1 ? 'greater than or equal to 1' : `less than or equal to ${maxItems}`;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '[${count} items]' at '${wireName}' failed to satisfy constraint: ` +
      `Member must have length ${bound}`,
  );
}

function asInput(value: unknown): Input {
  if (typeof value === 'object' && value !== null) return value as Input;
  throw new AwsError('SerializationException', 'Start of structure or map expected');
}
