import * as z from 'zod';
import { indexInput, readTableDefinition } from './table-definition.ts';
import type { IndexDefinition, TableDefinition, TableRecord } from './types.ts';

const indexUpdates = z
  .array(
    z.object({
      Create: indexInput.optional(),
      Delete: z.object({ IndexName: z.string() }).optional(),
    }),
  )
  .default([]);

/** The definition that UpdateTable asks for; throws ValidationException. */
export function updatedDefinition(
  table: TableRecord,
  input: Readonly<Record<string, unknown>>,
): TableDefinition {
  const updates = indexUpdates.parse(input['GlobalSecondaryIndexUpdates']);
  const dropped = updates.map((update) => update.Delete?.IndexName);
  const kept = table.GlobalSecondaryIndexes.filter(({ IndexName }) => !dropped.includes(IndexName));
  const created = updates.flatMap(({ Create }) => (Create === undefined ? [] : [Create as IndexDefinition]));
  const indexes = [...kept, ...created];
  const { StreamViewType, ...rest } = table;
  return readTableDefinition({
    ...rest,
    StreamSpecification: StreamViewType && { StreamEnabled: true, StreamViewType },
    ...input,
    TableName: table.TableName,
    AttributeDefinitions: usedAttributes(table, indexes, input['AttributeDefinitions']),
    GlobalSecondaryIndexes: indexes,
  });
}

/** The attributes of keys: those of dropped indexes go, those of created ones come with the request. */
function usedAttributes(table: TableRecord, indexes: readonly IndexDefinition[], added: unknown): unknown[] {
  const schemas = [table, ...indexes, ...table.LocalSecondaryIndexes].flatMap(({ KeySchema }) => KeySchema);
  const used = new Set(schemas.map(({ AttributeName }) => AttributeName));
  const given = Array.isArray(added) ? (added as TableRecord['AttributeDefinitions']) : [];
  const byName = new Map([...table.AttributeDefinitions, ...given].map((one) => [one.AttributeName, one]));
  return [...byName.values()].filter(({ AttributeName }) => used.has(AttributeName));
}
