import { microsecondsText } from '#shared/kernel/microseconds.ts';
import type { FeatureValue, FeatureViewVersion } from '../contract.ts';
import { type EntityKey, entityKeyOf } from './online-key.ts';
import { rankOf } from './rank.ts';
import type { StreamRecord } from './stream-records.ts';
import { addRows, dropBefore, type WindowState } from './window-state.ts';

/** Columns of landed records besides those that were sent. */
export const recordColumns = {
  recordId: '_record_id',
  availableAt: '_available_at',
  /** The newest version of the view when the record came. */
  viewVersion: '_view_version',
} as const;

/** Where the files of a view's records are, by the day that they came. */
export const recordFileKey = (project: string, view: string, availableAt: string, name: string): string =>
  `feature-store/${project}/records/${view}/${availableAt.slice(0, 10).replaceAll('-', '/')}/${name}`;

/** A record as a line of a landed file. */
export const landedLine = (record: StreamRecord, viewVersion: number): string =>
  JSON.stringify({
    [recordColumns.recordId]: record.recordId,
    [recordColumns.availableAt]: microsecondsText(record.availableAt),
    [recordColumns.viewVersion]: viewVersion,
    ...record.values,
  });

/** The entity of a record in a version of its view; undefined where that version has other join keys, which the record lacks. */
export function entityOf(
  version: FeatureViewVersion,
  { values }: Pick<StreamRecord, 'values'>,
): EntityKey | undefined {
  const isWhole = version.joinKeys.every(({ name, type }) =>
    type === 'integer' ? Number.isSafeInteger(values[name]) : typeof values[name] === 'string',
  );
  return isWhole ? entityKeyOf(version.joinKeys, values, 'The record') : undefined;
}

/** The values of a record in a version of its view, by feature. */
export const featuresOf = (
  version: FeatureViewVersion,
  { values }: StreamRecord,
): Record<string, FeatureValue> =>
  Object.fromEntries(version.features.map(({ name, column }) => [name, values[column] ?? null]));

/** The record of greatest rank; there is at least one. */
export const newestRecord = (records: readonly StreamRecord[]): StreamRecord =>
  records.reduce((best, each) => (rankOf(each) > rankOf(best) ? each : best));

/** The windows of an entity with more records, and without what no window reaches any more. */
export const withRecords = (
  version: FeatureViewVersion,
  state: WindowState,
  records: readonly StreamRecord[],
  now: number,
): WindowState => dropBefore(addRows(state, version.aggregations, records), version.aggregations, now);
