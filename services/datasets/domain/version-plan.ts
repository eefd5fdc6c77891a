import type { Column } from '#shared/contracts/parts.ts';
import type { DatasetManifest } from '../contract.ts';

type ManifestObject = DatasetManifest['objects'][number];

/** What an upload brings: its stored object and the columns that were seen in it. */
export interface Arrival {
  readonly project: string;
  readonly format: DatasetManifest['format'];
  /** `append` adds to the newest version, `replace` is the whole next one. */
  readonly mode: 'append' | 'replace';
  readonly object: ManifestObject;
  readonly columns: readonly Column[];
}

/**
 * The manifest of the next version, or `undefined` where the newest one holds the same content already. A project that changes
 * its format begins its dataset anew.
 */
export function planNextManifest(
  newest: DatasetManifest | undefined,
  arrival: Arrival,
): DatasetManifest | undefined {
  const { project, format, mode, object, columns } = arrival;
  const comparable = newest?.format === format ? newest : undefined;
  const kept = mode === 'append' ? comparable : undefined;
  const isThere = comparable?.objects.some(({ sha256 }) => sha256 === object.sha256) ?? false;
  if (isThere && (kept || comparable?.objects.length === 1)) return undefined;
  return {
    schemaVersion: 1,
    project,
    format,
    columns: kept ? mergeColumns(kept.columns, columns) : [...columns],
    objects: [...(kept?.objects ?? []), object],
  };
}

/** The columns of both, in the order that they came; where types differ, the narrowest that holds both. */
export function mergeColumns(before: readonly Column[], after: readonly Column[]): Column[] {
  const types = new Map(before.map(({ name, type }) => [name, type]));
  for (const { name, type } of after) {
    const other = types.get(name);
    types.set(name, other === undefined || other === type ? type : commonType(other, type));
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

function commonType(a: Column['type'], b: Column['type']): Column['type'] {
  const isNumeric = (type: Column['type']) => type === 'number' || type === 'integer';
  return isNumeric(a) && isNumeric(b) ? 'number' : 'string';
}

/** Columns that every row must have a value of and that the upload does not have at all. */
export function missingColumns(
  declared: Readonly<Record<string, { readonly nullable: boolean }>>,
  found: readonly Column[],
): string[] {
  const names = new Set(found.map(({ name }) => name));
  return Object.entries(declared)
    .filter(([name, { nullable }]) => !nullable && !names.has(name))
    .map(([name]) => name);
}
