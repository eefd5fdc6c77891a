import type { AttributeMap, TableRecord } from './types.ts';

/** The key attributes of an item. */
export function keyAttributes(table: Pick<TableRecord, 'KeySchema'>, item: AttributeMap): AttributeMap {
  return Object.fromEntries(
    table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName] ?? {}]),
  );
}
