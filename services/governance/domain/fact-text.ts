/** Reads members of event data, which the audit log keeps as plain JSON, for one-line summaries. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** `1 row`, `300 rows`. */
export const count = (value: unknown, noun: string): string =>
  `${numberOf(value)} ${noun}${numberOf(value) === 1 ? '' : 's'}`;

/** `auc 0.987, recall 0.9`. */
export function metricsText(metrics: unknown): string {
  return Object.entries(objectOf(metrics))
    .map(([name, value]) => `${name} ${Number(numberOf(value).toPrecision(3))}`)
    .join(', ');
}
