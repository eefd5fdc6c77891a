import { invalidParameter, missingParameter } from '#shared/mlflow/errors.ts';
import { assertKey, invalidParameterValue } from '../domain/limits.ts';
import { storableValue } from '../domain/metrics.ts';
import type { LoggedMetric, RunTag } from '../domain/run.ts';

/** Reads the lists of log-batch, and refuses what MLflow's server refuses, in its words. */

const specialNumbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

type Fields = Readonly<Record<string, unknown>>;

export function metricsOf(list: readonly unknown[]): LoggedMetric[] {
  return list.map((entry, index) => {
    const place = `metrics[${index}]`;
    const fields = fieldsOf(entry, place);
    const key = textOf(fields['key'], place, 'key');
    const value = numberOf(fields['value'], place, 'value');
    const timestamp = integerOf(fields['timestamp'], place, 'timestamp');
    const { step } = fields;
    return checkedMetric(
      {
        key,
        value,
        timestamp,
        step: step === undefined || step === null ? 0 : integerOf(step, place, 'step'),
      },
      place,
    );
  });
}

/** The metric as it is stored. Throws InvalidParameter for a name or a time that MLflow refuses. */
export function checkedMetric({ key, value, timestamp, step }: LoggedMetric, place = ''): LoggedMetric {
  const path = place === '' ? '' : `${place}.`;
  assertKey(key, `${path}name`, 'Metric name');
  if (timestamp < 0) {
    throw invalidParameterValue(
      `Invalid value ${timestamp} for parameter '${path}timestamp' supplied: metric '${key}' (value=${value}). Timestamp must be a nonnegative long (64-bit integer) `,
    );
  }
  return { key, value: storableValue(value), timestamp, step };
}

export function pairsOf(list: readonly unknown[], name: 'params' | 'tags'): RunTag[] {
  return list.map((entry, index) => {
    const place = `${name}[${index}]`;
    const fields = fieldsOf(entry, place);
    const { value } = fields;
    return {
      key: textOf(fields['key'], place, 'key'),
      value: value === undefined || value === null ? '' : textOf(value, place, 'value'),
    };
  });
}

function fieldsOf(entry: unknown, place: string): Fields {
  if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) return entry as Fields;
  throw invalidParameter(place, entry, 'it must be an object');
}

function textOf(value: unknown, place: string, name: string): string {
  if (typeof value === 'string') return value;
  throw refused(value, place, name, 'it must be a string');
}

function numberOf(value: unknown, place: string, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '') {
    const number = specialNumbers[value] ?? Number(value);
    if (!Number.isNaN(number) || value === 'NaN') return number;
  }
  throw refused(value, place, name, 'it must be a number');
}

function integerOf(value: unknown, place: string, name: string): number {
  const number = typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw refused(value, place, name, 'it must be an integer');
}

const refused = (value: unknown, place: string, name: string, hint: string) =>
  value === undefined || value === null
    ? missingParameter(`${place}.${name}`)
    : invalidParameter(`${place}.${name}`, value, hint);
