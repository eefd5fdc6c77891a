import type { ColumnRule } from '#services/projects/contract.ts';
import { defaultThreshold } from '../statistics/outlier-bounds.ts';

/** What is expected, in words for reports and quarantine. */
export function typeWords({ type, format }: ColumnRule): string {
  switch (type) {
    case 'number':
      return 'a finite number';
    case 'integer':
      return 'an integer of at most 64 bits';
    case 'boolean':
      return 'true, false, 1 or 0';
    case 'timestamp':
      return format === undefined ? 'a time as ISO 8601' : `a time written as ${format}`;
    case 'string':
      return 'text';
  }
}

export function boundWords({
  min,
  max,
}: {
  min?: number | string | undefined;
  max?: number | string | undefined;
}): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}

const maxShown = 20;

export function allowedWords(values: readonly (string | number | boolean)[]): string {
  const shown = values.slice(0, maxShown).map((value) => JSON.stringify(value));
  return `one of ${shown.join(', ')}${values.length > maxShown ? ` and ${values.length - maxShown} more` : ''}`;
}

export const lengthWords = (rule: { min?: number | undefined; max?: number | undefined }): string =>
  `${boundWords(rule)} characters`;

export function outlierWords({
  method,
  threshold,
}: {
  method: 'iqr' | 'z' | 'mad';
  threshold?: number | undefined;
}): string {
  const distance = threshold ?? defaultThreshold[method];
  const words = {
    iqr: `${distance} quartile distances of the quartiles`,
    z: `${distance} standard deviations of the mean`,
    mad: `${distance} scaled median deviations of the median`,
  };
  return `within ${words[method]}`;
}
