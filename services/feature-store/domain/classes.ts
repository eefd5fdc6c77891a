import type { ProjectDefinition, Target } from '#services/projects/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';

/** The labels that stand in the rows, as text. */
export interface FoundLabels {
  readonly all: readonly string[];
  /** Those of the train split. */
  readonly train: readonly string[];
}

/**
 * The classes of a model in the order of its probabilities: what the target's column allows, else what the rows hold, sorted;
 * for a binary task the positive class comes second. Empty for regression. Throws TooFewClasses or TooManyClasses.
 */
export function classesOf(
  { data }: Pick<ProjectDefinition, 'data'>,
  target: Target,
  labels: FoundLabels,
): string[] {
  if (target.task === 'regression') return [];
  const allowed = data.columns[target.column]?.allowed?.map(String);
  const classes = sortLabels(allowed ?? labels.all);
  if (labels.train.length < 2) {
    throw new AppError(
      'precondition_failed',
      'TooFewClasses',
      `The train split holds ${labels.train.length === 0 ? 'no class' : `only the class '${labels.train[0]}'`} of '${target.column}'; ${target.task} needs at least two. Upload rows of the other classes.`,
    );
  }
  if (target.task !== 'binary_classification') return classes;
  const positive = String(target.positiveClass);
  const others = classes.filter((label) => label !== positive);
  if (others.length === 1 && classes.length === 2) return [others[0]!, positive];
  if (classes.length > 2) {
    throw new AppError(
      'precondition_failed',
      'TooManyClasses',
      `'${target.column}' holds ${classes.length} classes (${classes.slice(0, 10).join(', ')}); binary_classification takes two. Set target.task to multiclass_classification, or list the two in allowed.`,
    );
  }
  throw new AppError(
    'precondition_failed',
    'PositiveClassMissing',
    `'${target.column}' holds ${classes.join(' and ')}, and target.positiveClass is '${positive}'. Set positiveClass to one of them.`,
  );
}

/** Numbers by value where all are numbers, else by code unit. */
function sortLabels(labels: readonly string[]): string[] {
  const areNumbers = labels.every((label) => label.trim() !== '' && Number.isFinite(Number(label)));
  return [...new Set(labels)].sort((a, b) => (areNumbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}
