import type { CapturedPrediction, GroundTruthLabel } from '#services/predictions/contract.ts';
import type { LearningTask } from '#shared/contracts/parts.ts';
import type { Value } from './binning.ts';

/** The question that a model answers: a part of its signature. */
export interface Question {
  readonly task: LearningTask;
  /** In the order of the probabilities; for binary the second is positive. Empty for regression. */
  readonly classes: readonly string[];
}

/** A captured prediction as the numbers that metrics are computed from: probability of the positive class, of every class, or the value. */
export function predictedNumbers(
  { value, probabilities }: CapturedPrediction['prediction'],
  { task, classes }: Question,
): number[] {
  if (task === 'regression') return [Number(value)];
  const shares = classes.map((name) => probabilities?.[name] ?? (String(value) === name ? 1 : 0));
  return task === 'binary_classification' ? [shares[1] ?? 0] : shares;
}

/** What drift of predictions is looked for in: the positive class’s probability, the likeliest class, or the value. */
export function monitoredPrediction(numbers: readonly number[], { task, classes }: Question): Value {
  if (task !== 'multiclass_classification') return numbers[0] ?? null;
  return classes[numbers.indexOf(Math.max(...numbers))] ?? null;
}

/** Captured features in the order of the model’s inputs; booleans as 1 and 0, as models are trained with them. */
export function featureValues(
  features: CapturedPrediction['features'],
  inputs: readonly string[],
): (number | null)[] {
  return inputs.map((name) => {
    const value = features[name] ?? null;
    return value === null || Number.isNaN(Number(value)) ? null : Number(value);
  });
}

/** A label as a class index or a value; undefined where it is neither. Classes are text, so 1, 1.0 and true all mean the class `1`. */
export function labelNumber(
  value: GroundTruthLabel['value'],
  { task, classes }: Question,
): number | undefined {
  const number = Number(value);
  if (task === 'regression') return Number.isFinite(number) && value !== '' ? number : undefined;
  const exact = classes.indexOf(String(value));
  const index =
    exact === -1 && value !== ''
      ? classes.findIndex((name) => name !== '' && Number(name) === number)
      : exact;
  return index === -1 ? undefined : index;
}
