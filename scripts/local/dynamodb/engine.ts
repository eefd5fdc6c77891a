import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import getItem from 'dynalite/actions/getItem.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import type { Store } from 'dynalite/db/index.js';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import getItemRules from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import { AwsError } from '../emulated-service.ts';
import { ParsedConditions } from './parsed-conditions.ts';
import type { EngineOperation } from './types.ts';

/** The largest item that DynamoDB stores, names included. */
export const maxItemSizeBytes = 400 * 1024;

const operations = {
  GetItem: { action: getItem, rules: getItemRules },
  BatchGetItem: { action: batchGetItem, rules: batchGetItemRules },
  Query: { action: query, rules: queryRules },
  Scan: { action: scan, rules: scanRules },
  PutItem: { action: putItem, rules: putItemRules },
  UpdateItem: { action: updateItem, rules: updateItemRules },
  DeleteItem: { action: deleteItem, rules: deleteItemRules },
  BatchWriteItem: { action: batchWriteItem, rules: batchWriteItemRules },
} as const satisfies Record<EngineOperation, unknown>;

const conditions = new ParsedConditions();

/** A request that has passed all checks that need no table; expressions are parsed. */
export type CheckedRequest = Readonly<Record<string, unknown>>;

export function isEngineOperation(operation: string): operation is EngineOperation {
  return Object.hasOwn(operations, operation);
}

/** Checks types, limits and expressions of a request; throws the AwsError that DynamoDB would send. */
export function checkRequest(operation: EngineOperation, input: object): CheckedRequest {
  const { types, custom } = operations[operation].rules;
  try {
    return conditions.check(validations.checkTypes({ ...input }, types), (data) =>
      validations.checkValidations(data, types, custom, { options: { maxItemSize: maxItemSizeBytes } }),
    );
  } catch (error) {
    throw toAwsError(error);
  }
}

/** Carries out a checked request against a store; rejects with the AwsError that DynamoDB would send. */
export function runOperation(
  operation: EngineOperation,
  store: Store,
  request: CheckedRequest,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    operations[operation].action(store, request, (error, answer) => {
      if (error) reject(toAwsError(error));
      else resolve(answer ?? {});
    });
  });
}

/** The engine's errors carry the body that goes on the wire: `{ __type: '<namespace>#<code>', message }`. */
export function toAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || !('body' in error) || !('statusCode' in error)) return error;
  const body = error.body as { __type: string; message?: string; Message?: string };
  const code = body.__type.slice(body.__type.indexOf('#') + 1);
  return new AwsError(code, body.message ?? body.Message ?? '', Number(error.statusCode));
}
