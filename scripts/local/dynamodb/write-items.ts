import engine, { type Item } from 'dynalite/db/index.js';
import { AwsError } from '../emulated-service.ts';
import { type CheckedRequest, checkRequest, runOperation } from './engine.ts';
import type { EngineStore } from './engine-store.ts';
import type { ItemWriter } from './item-writer.ts';
import type { TableCatalog } from './table-catalog.ts';

/** The writes of one item. */
export type ItemWrite = 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** Carries out PutItem, UpdateItem or DeleteItem; a failed condition carries the item where the request asks for it. */
export async function writeItem(
  writer: ItemWriter,
  tables: TableCatalog,
  operation: ItemWrite,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const itemOnFailure = returnsItemOnFailure(input);
  const request = checkRequest(operation, input);
  return await writer.write(async (store) => {
    try {
      return await runOperation(operation, store, request);
    } catch (error) {
      if (!itemOnFailure || !isConditionFailure(error)) throw error;
      const item = storedItem(store, tables, request);
      throw new AwsError(error.name, error.message, error.status, item === undefined ? {} : { Item: item });
    }
  });
}

/** Reads `ReturnValuesOnConditionCheckFailure`; throws ValidationException for a value that it cannot have. */
export function returnsItemOnFailure(input: Readonly<Record<string, unknown>>): boolean {
  const wanted = input['ReturnValuesOnConditionCheckFailure'];
  if (wanted === undefined || wanted === 'NONE') return false;
  if (wanted === 'ALL_OLD') return true;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${String(wanted)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy ` +
      'constraint: Member must satisfy enum value set: [ALL_OLD, NONE]',
  );
}

export function isConditionFailure(error: unknown): error is AwsError {
  return error instanceof AwsError && error.name === 'ConditionalCheckFailedException';
}

/** The item that a request is about, as it was before the request. */
export function storedItem(
  store: EngineStore,
  tables: TableCatalog,
  request: CheckedRequest,
): Item | undefined {
  const table = tables.get(String(request['TableName']));
  const key = (request['Key'] ?? request['Item']) as Item;
  return store.storedItem(table.TableName, engine.createKey(key, table));
}
