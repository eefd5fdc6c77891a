import { AppError, type Violation } from '#shared/kernel/errors.ts';
import { microsecondsText, parseMicroseconds } from '#shared/kernel/microseconds.ts';
import { nearestName } from '#shared/kernel/nearest-name.ts';
import type { FeatureValue, FeatureViewVersion, ViewSource } from '../contract.ts';
import { entityKeyOf } from './online-key.ts';
import type { RowOrder } from './rank.ts';
import { otherTypeThan, typedFeatureValue } from './typed-values.ts';

/** A record of a stream, checked. Its tie is its id. */
export interface StreamRecord extends RowOrder {
  readonly recordId: string;
  /** What was sent, by member; columns that were left out are left out. */
  readonly values: Readonly<Record<string, FeatureValue>>;
}

/** A version of a view that is fed by a stream. */
export type StreamView = FeatureViewVersion & { readonly source: Extract<ViewSource, { type: 'stream' }> };

export const isStreamView = (version: FeatureViewVersion): version is StreamView =>
  version.source.type === 'stream';

/** Versions of a view whose online values records are written to: the newest, and those before it that models may still pin. */
export const keptVersions = 5;

const maxViolations = 50;

interface CheckedRecord {
  readonly violations: readonly Violation[];
  readonly isInFuture: boolean;
  readonly eventAt: number;
  readonly values: Readonly<Record<string, FeatureValue>>;
}

/**
 * Records as a view takes them. Throws InvalidRecords (invalid_input), or EventTimeInFuture (invalid_input) where nothing else is wrong,
 * naming each place. `idOf` names a record by its content where the caller gave no id.
 */
export function checkRecords(
  view: StreamView,
  sent: {
    readonly records: readonly Readonly<Record<string, FeatureValue>>[];
    readonly recordIds?: readonly string[] | undefined;
  },
  availableAt: number,
  idOf: (values: Readonly<Record<string, FeatureValue>>) => string,
): StreamRecord[] {
  const checked = sent.records.map((record, index) =>
    checkRecord(view, record, `records/${index}`, availableAt),
  );
  const violations = checked.flatMap((record) => record.violations);
  const { recordIds } = sent;
  if (recordIds && recordIds.length !== sent.records.length)
    violations.push({
      path: 'recordIds',
      message: `has ${recordIds.length} ids for ${sent.records.length} records: send one per record, or none.`,
    });
  const areOnlyEarly = checked.every(({ violations: own, isInFuture }) => own.length === 0 || isInFuture);
  if (violations.length > 0) throw refused(view, violations, areOnlyEarly && !tooFew(sent));
  return checked.map(({ eventAt, values }, index) => {
    const recordId = recordIds?.[index] ?? idOf(values);
    return { recordId, eventAt, availableAt, tie: recordId, values };
  });
}

const tooFew = ({
  records,
  recordIds,
}: {
  readonly records: readonly unknown[];
  readonly recordIds?: readonly string[] | undefined;
}): boolean => recordIds !== undefined && recordIds.length !== records.length;

function refused(view: StreamView, violations: readonly Violation[], areOnlyEarly: boolean): AppError {
  const named = violations.slice(0, maxViolations);
  const more = violations.length > named.length ? ` And ${violations.length - named.length} more.` : '';
  return new AppError(
    'invalid_input',
    areOnlyEarly ? 'EventTimeInFuture' : 'InvalidRecords',
    `None of the records was taken, for view '${view.view}' cannot take all of them: ${named
      .map(({ path, message }) => `${path}: ${message}`)
      .join(' ')}${more}`,
    { violations: named },
  );
}

function checkRecord(
  view: StreamView,
  record: Readonly<Record<string, FeatureValue>>,
  path: string,
  availableAt: number,
): CheckedRecord {
  const { columns, eventTimestamp } = view.source;
  const keys = view.joinKeys.map(({ name }) => name);
  const known = new Set([...keys, ...Object.keys(columns), eventTimestamp]);
  const unknown = Object.keys(record).filter((name) => !known.has(name));
  const eventAt = parseMicroseconds(String(record[eventTimestamp] ?? ''));
  const isInFuture = eventAt !== undefined && eventAt > availableAt;
  const violations = [
    ...unknown.map((name) => ({ path: `${path}/${name}`, message: unknownMember(name, [...known]) })),
    ...keyViolations(view, record, path),
    ...Object.entries(columns).flatMap(([name, type]) => {
      if (keys.includes(name)) return [];
      const value = record[name] ?? null;
      return typedFeatureValue(value, type) === undefined
        ? [{ path: `${path}/${name}`, message: otherTypeThan(type, value) }]
        : [];
    }),
    ...timeViolations(record[eventTimestamp], `${path}/${eventTimestamp}`, eventAt, availableAt),
  ];
  const typed = Object.entries(columns).flatMap(([name, type]) =>
    record[name] === undefined || keys.includes(name)
      ? []
      : [[name, typedFeatureValue(record[name], type) ?? null] as const],
  );
  const key = violations.length > 0 ? [] : entityKeyOf(view.joinKeys, record, path);
  return {
    violations,
    isInFuture: isInFuture && violations.length === 1,
    eventAt: eventAt ?? 0,
    values: {
      ...Object.fromEntries(keys.map((name, place) => [name, key[place] ?? null])),
      ...Object.fromEntries(typed),
      [eventTimestamp]: microsecondsText(eventAt ?? 0),
    },
  };
}

function keyViolations(
  view: StreamView,
  record: Readonly<Record<string, FeatureValue>>,
  path: string,
): Violation[] {
  return view.joinKeys.flatMap((key) => {
    try {
      entityKeyOf([key], record, 'The record');
      return [];
    } catch (error) {
      return [{ path: `${path}/${key.name}`, message: (error as AppError).message }];
    }
  });
}

function timeViolations(
  sent: FeatureValue | undefined,
  path: string,
  eventAt: number | undefined,
  availableAt: number,
): Violation[] {
  if (sent === undefined || sent === null)
    return [{ path, message: 'is missing: say when it happened, as an ISO 8601 time.' }];
  if (eventAt === undefined || typeof sent !== 'string')
    return [{ path, message: otherTypeThan('timestamp', sent) }];
  if (eventAt <= availableAt) return [];
  return [
    {
      path,
      message: `${sent} is later than now, ${microsecondsText(availableAt)}: send a record once it happened, and look at the sender's clock.`,
    },
  ];
}

function unknownMember(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined
    ? `is no member of the stream; it has ${known.join(', ')}.`
    : `is no member of the stream. Did you mean '${nearest}'?`;
}
