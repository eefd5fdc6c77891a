import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import type * as z from 'zod';
import { columnRule, contractRule, type DataContract } from '#services/projects/contract.ts';

/** A contract as the text of its file. Columns and rules are without members that say what holds without them, as are empty lists. */
export function contractFile({ missingValues, columns, rules, ...rest }: DataContract): string {
  return stringify({
    ...rest,
    ...(missingValues.length > 0 ? { missingValues } : {}),
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, lean(columnRule, column)]),
    ),
    ...(rules.length > 0 ? { rules: rules.map((rule) => lean(contractRule, rule)) } : {}),
  });
}

/** Without the members that the schema puts there by itself. */
function lean<T extends object>(schema: z.ZodType<T>, value: T): Partial<T> {
  const isDefault = (name: string): boolean => {
    const { [name as keyof T]: _left, ...rest } = value;
    const parsed = schema.safeParse(rest);
    return parsed.success && isDeepStrictEqual(parsed.data, value);
  };
  return Object.fromEntries(Object.entries(value).filter(([name]) => !isDefault(name))) as Partial<T>;
}
