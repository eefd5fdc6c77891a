import { createHash } from 'node:crypto';
import type { FeatureDefinition } from '@aws-sdk/client-sagemaker';
import type { FeatureValue as StoredValue } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { sagemakerName } from '#shared/kernel/names.ts';
import type { FeatureValue, FeatureViewVersion, PinnedView } from '../contract.ts';
import { type EntityKey, entityKeyText } from '../domain/online-key.ts';
import { rankOf } from '../domain/rank.ts';
import type { OnlineRow, ViewKey } from '../ports/online.ts';

/**
 * How a view is kept in a SageMaker feature group. A record is the row of greatest rank of an entity. SageMaker takes a record where its event
 * time is later than that of the one it has, so the group's event time is an order that the writer sets: the row's event time, or a
 * microsecond after the record that it replaces. Names of features of the group that are no features of the view have a hyphen, which
 * those cannot have.
 */
export const recordFeatures = {
  key: 'entity-key',
  order: 'record-order',
  eventAt: 'event-at',
  rank: 'row-rank',
} as const;

/** At most 63 characters, unlike that of any other version of any view. */
export function featureGroupName(stage: string, { project, view, version }: ViewKey): string {
  const digest = createHash('sha256').update(`${project}/${view}/${version}`).digest('hex').slice(0, 8);
  return sagemakerName(stage, project, `${view.slice(0, 16)}-v${version}-${digest}`);
}

const featureTypes = {
  number: 'Fractional',
  integer: 'Integral',
  boolean: 'Integral',
  string: 'String',
  timestamp: 'String',
} as const;

export const featureDefinitions = ({
  features,
}: Pick<FeatureViewVersion, 'features'>): FeatureDefinition[] => [
  { FeatureName: recordFeatures.key, FeatureType: 'String' },
  { FeatureName: recordFeatures.order, FeatureType: 'Fractional' },
  { FeatureName: recordFeatures.eventAt, FeatureType: 'Integral' },
  { FeatureName: recordFeatures.rank, FeatureType: 'String' },
  ...features.map(({ name, type }) => ({
    FeatureName: storedName(name),
    FeatureType: featureTypes[type],
  })),
];

const reserved = new Set(['is_deleted', 'write_time', 'api_invocation_time']);

/** SageMaker keeps some names for itself, and none may end in an underscore. */
export const storedName = (name: string): string =>
  reserved.has(name) || name.endsWith('_') ? `${name}-value` : name;

/** Seconds since 1970 with six digits, of whole microseconds. */
export function orderText(microseconds: number): string {
  const digits = String(Math.abs(microseconds)).padStart(7, '0');
  return `${microseconds < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
export const orderOf = (text: string): number => Math.round(Number(text) * 1_000_000);

/** A record of a row. Null values are left out. */
export function recordOf(row: OnlineRow, orderMicroseconds: number): StoredValue[] {
  const values = Object.entries(row.values).flatMap(([name, value]) =>
    value === null ? [] : [[storedName(name), storedText(value)] as const],
  );
  return [
    [recordFeatures.key, identifierOf(row.key)] as const,
    [recordFeatures.order, orderText(orderMicroseconds)] as const,
    [recordFeatures.eventAt, String(row.eventAt)] as const,
    [recordFeatures.rank, storedText(rankOf(row))] as const,
    ...values,
  ].map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString }));
}

/** What a record holds, by name. */
export const valuesOf = (record: readonly StoredValue[] | undefined): ReadonlyMap<string, string> =>
  new Map((record ?? []).map(({ FeatureName, ValueAsString }) => [FeatureName ?? '', ValueAsString ?? '']));

/** An entity's key as a record's identifier: JSON of one line. */
export const identifierOf = (key: EntityKey): string => oneLine(entityKeyText(key));

function storedText(value: NonNullable<FeatureValue>): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  // SageMaker's values have one line. A text that is none, or that looks like what is written here instead, is written as JSON.
  return value === '' || value.startsWith('"') || lineEnd.test(value)
    ? oneLine(JSON.stringify(value))
    : value;
}

const lineEnd = /[\n\r\u0085\u2028\u2029]/;
/** JSON escapes the other ends of lines itself. */
const oneLine = (json: string): string =>
  json.replaceAll(
    /[\u0085\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export const readText = (text: string): string =>
  text.startsWith('"') ? (JSON.parse(text) as string) : text;

/** A view's value of a record; null where the record has none. */
export function readValue(
  { name, type }: Pick<PinnedView['features'][number], 'name' | 'type'>,
  record: ReadonlyMap<string, string>,
): FeatureValue {
  const text = record.get(storedName(name));
  if (text === undefined) return null;
  if (type === 'boolean') return text === '1';
  return type === 'number' || type === 'integer' ? Number(text) : readText(text);
}
