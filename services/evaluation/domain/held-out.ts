import { AppError } from '#shared/kernel/errors.ts';

/** Labels of the held-out rows: the first field of each line `label,primaryKey`. Throws InvalidLabels, naming the line. */
export function parseLabels(csv: string): number[] {
  return lines(csv).map((line, index) => {
    const [field = ''] = line.split(',', 1);
    return numberOf(field, () => `label in line ${index + 1} of the held-out labels`, 'InvalidLabels');
  });
}

/**
 * Predictions as the managed XGBoost image writes them in a batch transform: a line per row with one number, or the class
 * probabilities as a list `[p0, p1, …]`. Throws InvalidPredictions, naming the line.
 */
export function parsePredictions(text: string): number[][] {
  return lines(text).map((line, index) =>
    line
      .replace(/^\[|\]$/g, '')
      .split(',')
      .map((field) =>
        numberOf(
          field,
          () => `prediction in line ${index + 1} of the held-out predictions`,
          'InvalidPredictions',
        ),
      ),
  );
}

/** Throws InvalidLabels unless every label is the index of a class. */
export function assertClassIndices(labels: readonly number[], classes: number): void {
  const foreign = labels.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (foreign === undefined) return;
  throw new AppError(
    'precondition_failed',
    'InvalidLabels',
    `The held-out labels hold ${foreign}, which is no class index: the signature names ${classes} classes, 0 to ${classes - 1}.`,
  );
}

/** Throws PredictionsMismatch unless there is a row of `width` numbers for every label. */
export function assertPredictionsFit(
  labels: readonly number[],
  predictions: readonly (readonly number[])[],
  width: number,
  whose: string,
): void {
  const misfit = predictions.find((row) => row.length !== width);
  if (labels.length > 0 && labels.length === predictions.length && !misfit) return;
  throw new AppError(
    'precondition_failed',
    'PredictionsMismatch',
    misfit
      ? `A prediction of the ${whose} has ${misfit.length} numbers, ${width} are expected for this task.`
      : `The ${whose} predicted ${predictions.length} rows, the held-out part has ${labels.length}. Both must be the same and not none.`,
  );
}

const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '');

function numberOf(field: string, what: () => string, code: string): number {
  const value = Number(field);
  if (field.trim() !== '' && Number.isFinite(value)) return value;
  throw new AppError(
    'precondition_failed',
    code,
    `The ${what()} is '${field.slice(0, 40)}', a number is expected.`,
  );
}
