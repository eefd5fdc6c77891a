import { nearestName } from '#shared/kernel/nearest-name.ts';
import type { ColumnRule, DataContract } from '../contract.ts';

/** Something wrong with one place of a definition; `path` are the members that lead there. */
export interface DefinitionViolation {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The rule of a column; undefined where `name` is none. */
export function ruleOf(columns: DataContract['columns'], name: string): ColumnRule | undefined {
  return Object.hasOwn(columns, name) ? columns[name] : undefined;
}

/** A violation where `name` is no column of the data; empty where it is one. */
export function unknownColumn(
  path: readonly (string | number)[],
  name: string,
  columns: DataContract['columns'],
): DefinitionViolation[] {
  if (ruleOf(columns, name)) return [];
  const nearest = nearestName(name, Object.keys(columns));
  const hint = nearest ? `; did you mean '${nearest}'?` : `. Columns are: ${listed(Object.keys(columns))}`;
  return [{ path, message: `'${name}' is no column of data.columns${hint}` }];
}

/** A violation where `name` is none of `names`, which are called e.g. `entity`, declared under e.g. `entities`; empty where it is one. */
export function unknownName(
  path: readonly (string | number)[],
  name: string,
  names: readonly string[],
  called: { readonly one: string; readonly under: string },
): DefinitionViolation[] {
  if (names.includes(name)) return [];
  const nearest = nearestName(name, names);
  const hint = nearest
    ? `; did you mean '${nearest}'?`
    : `. Declared under ${called.under}: ${listed(names)}`;
  return [{ path, message: `'${name}' is no ${called.one}${hint}` }];
}

/** The violation, where there is something wrong. */
export const violationWhere = (
  wrong: boolean,
  path: readonly (string | number)[],
  message: string,
): DefinitionViolation[] => (wrong ? [{ path, message }] : []);

const listed = (names: readonly string[]): string =>
  names.length > 20
    ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more`
    : names.join(', ') || 'none';
