import { type ProjectDefinition, targetOf } from '#services/projects/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';

type ColumnType = ProjectDefinition['data']['columns'][string]['type'];

/** What each column of a project is to a model. */
export interface TrainingColumns {
  readonly primaryKey: string;
  readonly eventTime?: string;
  readonly target: { readonly name: string; readonly type: ColumnType };
  /** In the order of the definition, which is the order of the model's inputs. */
  readonly features: readonly { readonly name: string; readonly type: ColumnType }[];
}

/**
 * Features are all columns but the key, the event time, the target and what the project excludes. Text and times are refused
 * (UnsupportedFeatureType): a model takes numbers, and numbering categories here would tell it of an order that is not there.
 */
export function trainingColumns(definition: ProjectDefinition): TrainingColumns {
  const { data, excludeFeatures } = definition;
  const target = targetOf(definition);
  const hidden = new Set([data.primaryKey, data.eventTime, target.column, ...excludeFeatures]);
  const features = Object.entries(data.columns)
    .filter(([name]) => !hidden.has(name))
    .map(([name, { type }]) => ({ name, type }));
  const unsupported = features.find(({ type }) => type === 'string' || type === 'timestamp');
  if (unsupported) {
    throw new AppError(
      'invalid_input',
      'UnsupportedFeatureType',
      `Column '${unsupported.name}' is ${unsupported.type}, and a model's features are numbers or booleans. Add '${unsupported.name}' to excludeFeatures of the project, or upload it as numbers.`,
    );
  }
  return {
    primaryKey: data.primaryKey,
    ...(data.eventTime === undefined ? {} : { eventTime: data.eventTime }),
    target: { name: target.column, type: data.columns[target.column]!.type },
    features,
  };
}
