import { microsecondsText, parseMicroseconds } from '#shared/kernel/microseconds.ts';
import type { FeatureValue, ViewFeature } from '../contract.ts';

type ColumnType = ViewFeature['type'];

const expectation: Readonly<Record<ColumnType, string>> = {
  string: 'a text',
  integer: 'a whole number of at most 2^53',
  number: 'a number',
  boolean: 'true or false',
  timestamp: 'an ISO 8601 time such as 2026-11-28T09:08:16Z',
};

/** A value as a column of this type holds it: times in UTC, in one way of writing. Undefined where it is of another type. */
export function typedFeatureValue(value: FeatureValue, type: ColumnType): FeatureValue | undefined {
  if (value === null) return null;
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'timestamp': {
      const at = typeof value === 'string' ? parseMicroseconds(value) : undefined;
      return at === undefined ? undefined : microsecondsText(at);
    }
    default:
      return typeof value === type ? value : undefined;
  }
}

/** What is wrong with a value of another type. */
export const otherTypeThan = (type: ColumnType, value: unknown): string =>
  `${JSON.stringify(value)?.slice(0, 60)} is not ${expectation[type]}.`;
