import type { ColumnType } from '#services/projects/contract.ts';

/** Numbers of Feast's enumeration ValueType that are a type here. */
const types: Readonly<Record<number, ColumnType>> = {
  2: 'string',
  3: 'integer',
  4: 'integer',
  5: 'number',
  6: 'number',
  7: 'boolean',
  8: 'timestamp',
  36: 'string',
  37: 'string',
  44: 'number',
  48: 'timestamp',
};

const otherNames: Readonly<Record<number, string>> = { 0: 'of no type', 1: 'bytes', 19: 'null', 20: 'a map' };

/** The type here of a type of Feast's; undefined for bytes, lists, sets, maps and structures. */
export const columnTypeOf = (valueType: number): ColumnType | undefined => types[valueType];

/** A type of Feast's that is none here, in words. */
export const valueTypeText = (valueType: number): string =>
  otherNames[valueType] ?? (valueType >= 11 && valueType <= 18 ? 'a list' : `of Feast's type ${valueType}`);
