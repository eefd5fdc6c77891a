import type { RequiredPermission } from '../emulated-service.ts';
import type { TableCatalog } from './table-catalog.ts';
import { toTableName } from './table-name.ts';

type Input = Readonly<Record<string, unknown>>;

const transactMembers: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

/** Which actions on which resources a request needs, as the service authorization reference of DynamoDB lists them. */
export class PermissionMap {
  readonly #tables: TableCatalog;
  readonly #arnPrefix: string;

  constructor(tables: TableCatalog, region: string, accountId: string) {
    this.#tables = tables;
    this.#arnPrefix = `arn:aws:dynamodb:${region}:${accountId}:table/`;
  }

  required(operation: string, input: Input): RequiredPermission[] {
    switch (operation) {
      case 'ListTables':
        return [{ action: 'dynamodb:ListTables', resource: '*' }];
      case 'TransactWriteItems':
      case 'TransactGetItems':
        return distinct(this.#ofTransaction(input));
      case 'BatchGetItem':
      case 'BatchWriteItem':
        return distinct(this.#ofBatch(operation, input));
      default:
        return [this.#ofTable(operation, input)];
    }
  }

  /** An operation on one table or, for Query and Scan, one of its indexes. */
  #ofTable(operation: string, input: Input): RequiredPermission {
    const tableName = toTableName(String(input['TableName'] ?? input['ResourceArn'] ?? ''));
    const index = typeof input['IndexName'] === 'string' ? `/index/${input['IndexName']}` : '';
    const permission = { action: `dynamodb:${operation}`, resource: this.#arnPrefix + tableName + index };
    return this.#withLeadingKey(permission, tableName, input['Key'] ?? input['Item']);
  }

  #ofTransaction(input: Input): RequiredPermission[] {
    const items = Array.isArray(input['TransactItems']) ? (input['TransactItems'] as Input[]) : [];
    return items.flatMap((item) =>
      Object.entries(item).flatMap(([member, part]) => {
        const operation = transactMembers[member];
        return operation === undefined ? [] : [this.#ofTable(operation, part as Input)];
      }),
    );
  }

  #ofBatch(operation: string, input: Input): RequiredPermission[] {
    return Object.entries((input['RequestItems'] ?? {}) as Record<string, unknown>).flatMap(
      ([name, part]) => {
        const tableName = toTableName(name);
        const permission = { action: `dynamodb:${operation}`, resource: this.#arnPrefix + tableName };
        const keys = keysOfBatch(part);
        if (keys.length === 0) return [permission];
        return keys.map((key) => this.#withLeadingKey(permission, tableName, key));
      },
    );
  }

  /** Adds the condition key `dynamodb:LeadingKeys`, the value of the partition key. */
  #withLeadingKey(permission: RequiredPermission, tableName: string, key: unknown): RequiredPermission {
    const partitionKey = this.#tables.find(tableName)?.KeySchema[0]?.AttributeName;
    const value =
      partitionKey === undefined ? undefined : (key as Record<string, object> | undefined)?.[partitionKey];
    if (value === undefined) return permission;
    return { ...permission, context: { 'dynamodb:LeadingKeys': String(Object.values(value)[0]) } };
  }
}

function keysOfBatch(part: unknown): unknown[] {
  if (Array.isArray(part)) {
    return part.map(
      (request: { PutRequest?: { Item?: unknown }; DeleteRequest?: { Key?: unknown } }) =>
        request.PutRequest?.Item ?? request.DeleteRequest?.Key,
    );
  }
  const keys = (part as { Keys?: unknown } | null)?.Keys;
  return Array.isArray(keys) ? keys : [];
}

function distinct(permissions: readonly RequiredPermission[]): RequiredPermission[] {
  return [...new Map(permissions.map((one) => [JSON.stringify(one), one])).values()];
}
