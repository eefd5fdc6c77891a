import type { RoutingRecord } from '#services/deployment/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';

export interface Prediction {
  readonly value: string | number;
  /** By class, for classification. */
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** Numbers as models print them: with exponents, without thousands. */
const numberPattern = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;

/**
 * Reads what a model answered for `rows` rows: one number per row, or one per class and row. The managed image separates them by
 * commas, new lines or brackets depending on the objective, so only the numbers count. Throws ModelAnswerUnreadable.
 */
export function readAnswer(
  text: string,
  rows: number,
  signature: Pick<RoutingRecord['versions'][number]['signature'], 'task' | 'classes'>,
): Prediction[] {
  const numbers = (text.match(numberPattern) ?? []).map(Number);
  const perRow = signature.task === 'multiclass_classification' ? signature.classes.length : 1;
  if (numbers.length !== rows * perRow) {
    throw new AppError(
      'unavailable',
      'ModelAnswerUnreadable',
      `The model answered ${numbers.length} numbers for ${rows} rows; ${rows * perRow} were expected.`,
    );
  }
  return Array.from({ length: rows }, (_none, row) =>
    predictionOf(numbers.slice(row * perRow, (row + 1) * perRow), signature),
  );
}

function predictionOf(
  numbers: readonly number[],
  { task, classes }: Pick<RoutingRecord['versions'][number]['signature'], 'task' | 'classes'>,
): Prediction {
  const [first = 0] = numbers;
  if (task === 'regression') return { value: first };
  const shares = task === 'binary_classification' ? [1 - first, first] : numbers;
  const probabilities = Object.fromEntries(classes.map((name, index) => [name, shares[index] ?? 0]));
  const best = shares.reduce((leader, share, index) => (share > (shares[leader] ?? 0) ? index : leader), 0);
  // A tie of a binary model at 0.5 counts as positive, as its evaluation counts it.
  const winner = task === 'binary_classification' ? (first >= 0.5 ? 1 : 0) : best;
  return { value: classes[winner] ?? '', probabilities };
}
