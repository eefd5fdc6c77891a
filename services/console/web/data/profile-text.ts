import type { AnswerOf } from '../api/operations.ts';
import { timeText, valueText } from '../text/format.ts';

type ColumnProfile = AnswerOf<'readProfile'>['columns'][number];

/** Place of the median among the quantiles of a profile: 0, 0.01, 0.05, 0.25, 0.5, … */
const median = 4;

/** From where to where the values go and what lies in their middle; how long they are, where they are texts; `; masked` for sensitive columns. */
export function spanText({ type, sensitive, min, max, quantiles, length }: ColumnProfile): string {
  if (sensitive) return '; values are masked';
  const middle = quantiles?.[median];
  if (type === 'timestamp' && min && max) return `; ${timeText(min)} to ${timeText(max)}`;
  if (middle !== undefined && min !== undefined && max !== undefined)
    return `; ${shortNumber(min)} to ${shortNumber(max)}, median ${valueText(middle)}`;
  if (length) return `; ${length.min} to ${length.max} characters`;
  return '';
}

function shortNumber(text: string): string {
  const value = Number(text);
  return Number.isNaN(value) ? text : valueText(value);
}
