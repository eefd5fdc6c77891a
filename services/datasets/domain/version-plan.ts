import type { Column } from '#shared/contracts/parts.ts';
import { canonicalJson } from '#shared/kernel/hash.ts';
import type { DatasetManifest, ManifestObject } from '../contract.ts';

/** What an upload brings: its stored objects and the columns that were seen in them. */
export interface Arrival {
  readonly project: string;
  /** `append` adds to the newest version, `replace` is the whole next one. */
  readonly mode: 'append' | 'replace';
  readonly objects: readonly ManifestObject[];
  readonly columns: readonly Column[];
}

/** The manifest of the next version, or `undefined` where the newest one holds the same content already. The same content twice in an upload counts once. */
export function planNextManifest(
  newest: DatasetManifest | undefined,
  { project, mode, objects, columns }: Arrival,
): DatasetManifest | undefined {
  const kept = mode === 'append' ? newest : undefined;
  const there = new Set(newest?.objects.map(contentOf));
  const arrived = new Map(objects.map((object) => [contentOf(object), object]));
  const isAllThere = [...arrived.keys()].every((content) => there.has(content));
  if (isAllThere && (kept || there.size === arrived.size)) return undefined;
  const added = [...arrived].flatMap(([content, object]) => (kept && there.has(content) ? [] : [object]));
  return {
    schemaVersion: 2,
    project,
    columns: kept ? mergeColumns(kept.columns, columns) : [...columns],
    objects: [...(kept?.objects ?? []), ...added],
  };
}

/** Whether two versions have the same rows: the same objects, read alike. When they came to be known does not count. */
export function holdsSameContent(a: DatasetManifest, b: DatasetManifest): boolean {
  const contents = (manifest: DatasetManifest) => new Set(manifest.objects.map(contentOf));
  const [ofA, ofB] = [contents(a), contents(b)];
  return ofA.size === ofB.size && [...ofA].every((content) => ofB.has(content));
}

/** What decides which rows an object gives. */
const contentOf = ({ sha256, reading, partition }: ManifestObject): string =>
  canonicalJson({ sha256, reading, ...(partition ? { partition } : {}) });

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
