/** Of Apache Hive, for a missing value. */
const missingValue = '__HIVE_DEFAULT_PARTITION__';

/** Columns that the folders of a path name, as Apache Hive writes them: `dt=2026-11-01/region=eu/part-0.csv`. Missing ones are the empty text. */
export function partitionOf(path: string): Record<string, string> | undefined {
  const pairs = path.split('/').slice(0, -1).flatMap(pairOf);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function pairOf(folder: string): [string, string][] {
  const at = folder.indexOf('=');
  if (at < 1) return [];
  const value = unescapeHive(folder.slice(at + 1));
  return [[unescapeHive(folder.slice(0, at)), value === missingValue ? '' : value]];
}

/** Hive writes characters that a path must not have as `%` and two hexadecimal digits. */
const unescapeHive = (text: string): string =>
  text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
