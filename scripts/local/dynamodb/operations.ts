import { AwsError } from '../emulated-service.ts';
import { checkRequest, isEngineOperation, runOperation } from './engine.ts';
import { EngineStore } from './engine-store.ts';
import type { ItemWriter } from './item-writer.ts';
import type { Storage } from './storage.ts';
import type { TableCatalog } from './table-catalog.ts';
import type { TableOperations } from './table-operations.ts';
import type { Transactions } from './transactions.ts';
import { writeItem } from './write-items.ts';

interface OperationParts {
  readonly storage: Storage;
  readonly catalog: TableCatalog;
  readonly writer: ItemWriter;
  readonly transactions: Transactions;
  readonly tableOperations: TableOperations;
}

/** Who carries out which operation of the API. */
export class Operations {
  readonly #parts: OperationParts;

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  /** Carries out an operation; rejects with the AwsError of DynamoDB, NotImplemented for operations that are not imitated. */
  async run(operation: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const { storage, catalog, writer, transactions, tableOperations } = this.#parts;
    switch (operation) {
      case 'TransactWriteItems':
        return await transactions.write(input);
      case 'TransactGetItems':
        return await transactions.get(input);
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem':
        return await writeItem(writer, catalog, operation, input);
      case 'BatchWriteItem': {
        const request = checkRequest(operation, input);
        return await writer.write((store) => runOperation(operation, store, request));
      }
    }
    if (isEngineOperation(operation)) {
      return await runOperation(operation, new EngineStore(storage, catalog), checkRequest(operation, input));
    }
    const { byName } = tableOperations;
    const onTable = Object.hasOwn(byName, operation) ? byName[operation] : undefined;
    if (onTable !== undefined) return await onTable(input);
    throw new AwsError('NotImplemented', `The laptop runtime does not imitate dynamodb:${operation}.`, 501);
  }
}
