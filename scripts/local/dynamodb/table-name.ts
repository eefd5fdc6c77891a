/** Reads the table name of a request, which may be given as an ARN, in `TableName` or `ResourceArn`. */
export function tableNameOf(input: Readonly<Record<string, unknown>>): string {
  return toTableName(String(input['TableName'] ?? input['ResourceArn'] ?? ''));
}

/** `arn:aws:dynamodb:<region>:<account>:table/<name>[/…]` → name; anything else is the name itself. */
export function toTableName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/')[1] ?? '') : nameOrArn;
}

/** A request with table ARNs replaced by names, at the top, in batches and in the items of transactions. */
export function withTableNames(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { TableName, RequestItems, TransactItems } = input;
  return {
    ...input,
    ...(typeof TableName === 'string' ? { TableName: toTableName(TableName) } : {}),
    ...(isRecord(RequestItems)
      ? {
          RequestItems: Object.fromEntries(
            Object.entries(RequestItems).map(([name, part]) => [toTableName(name), part]),
          ),
        }
      : {}),
    ...(Array.isArray(TransactItems) ? { TransactItems: TransactItems.map(withNamesInItem) } : {}),
  };
}

function withNamesInItem(item: unknown): unknown {
  if (!isRecord(item)) return item;
  return Object.fromEntries(
    Object.entries(item).map(([member, part]) => [member, isRecord(part) ? withTableNames(part) : part]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
