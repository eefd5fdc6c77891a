import type { ColumnProfile } from '../contract.ts';

/** A column's profile without anything that could tell a value, as for a column that the contract calls sensitive. */
export function maskProfile(profile: ColumnProfile): ColumnProfile {
  const { name, type, inferredType, values, missing, distinct, length } = profile;
  const kept = { name, type, inferredType, values, missing, distinct, ...(length ? { length } : {}) };
  return { ...kept, sensitive: true };
}
