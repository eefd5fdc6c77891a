import { type ProjectDefinition, targetOf } from '#services/projects/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureServiceVersion } from '../contract/definitions.ts';
import { joinKeysOf } from './service-signature.ts';

type ColumnType = ProjectDefinition['data']['columns'][string]['type'];

/** A column, or an output of a feature service, that a model sees. */
export interface ModelInput {
  readonly name: string;
  readonly type: ColumnType;
}

/** What each column of a project is to a model. */
export interface TrainingColumns {
  readonly primaryKey: string;
  readonly eventTime?: string;
  readonly target: ModelInput;
  /** In the order of the definition, which is the order of the model's inputs. */
  readonly features: readonly ModelInput[];
}

/** Which columns of a project a feature service is asked with, and what it adds to the model's inputs. */
export interface ServiceColumns {
  /** The time that features are asked for. */
  readonly eventTime: string;
  /** Join keys and what expressions need, once each. */
  readonly asked: readonly string[];
  /** The service's outputs: inputs of the model after the project's own columns. */
  readonly outputs: readonly ModelInput[];
}

const isMeasure = (type: ColumnType): boolean => type !== 'string' && type !== 'timestamp';

/**
 * Features are all columns but the key, the event time, the target and what the project excludes. Text and times are refused
 * (UnsupportedFeatureType): a model takes numbers, and numbering categories here would tell it of an order that is not there.
 * Where the project's model uses a feature service, its join keys are no features, whatever their type: they name entities and measure
 * nothing. What only expressions need (text or times among its request members) is none either.
 */
export function trainingColumns(
  definition: ProjectDefinition,
  service?: FeatureServiceVersion,
): TrainingColumns {
  const { data, excludeFeatures } = definition;
  const target = targetOf(definition);
  const hidden = new Set([data.primaryKey, data.eventTime, target.column, ...excludeFeatures]);
  if (service) {
    for (const { name } of joinKeysOf(service)) hidden.add(name);
    for (const { name } of service.request) {
      const column = data.columns[name];
      if (column && !isMeasure(column.type)) hidden.add(name);
    }
  }
  const features = Object.entries(data.columns)
    .filter(([name]) => !hidden.has(name))
    .map(([name, { type }]) => ({ name, type }));
  const unsupported = features.find(({ type }) => !isMeasure(type));
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

/**
 * How a project's rows ask a feature service. Throws EventTimeMissing, ServiceColumnsMissing, UnsupportedFeatureType or
 * FeatureNameTaken (invalid_input) where they cannot.
 */
export function serviceColumns(
  { data }: ProjectDefinition,
  { features }: TrainingColumns,
  service: FeatureServiceVersion,
): ServiceColumns {
  const refused = (code: string, message: string) => new AppError('invalid_input', code, message);
  const { eventTime } = data;
  if (eventTime === undefined)
    throw refused(
      'EventTimeMissing',
      `Features of the service '${service.service}' are those of a row's time, and data.eventTime names no column. Name the column that says when a row happened.`,
    );
  const asked = [...new Set([...joinKeysOf(service), ...service.request].map(({ name }) => name))];
  const missing = asked.filter((name) => data.columns[name] === undefined);
  if (missing.length > 0)
    throw refused(
      'ServiceColumnsMissing',
      `The feature service '${service.service}' is asked with ${missing.map((name) => `'${name}'`).join(', ')}, which data.columns does not have. Add the columns, or leave out the features that need them.`,
    );
  const text = service.outputs.find(({ type }) => !isMeasure(type));
  if (text)
    throw refused(
      'UnsupportedFeatureType',
      `Feature '${text.name}' of the service '${service.service}' is ${text.type}, and a model's features are numbers or booleans. Leave it out of the service, or make numbers of it in an on-demand feature view.`,
    );
  // DuckDB's names are alike whatever their case.
  const own = new Set(
    [...asked, eventTime, ...features.map(({ name }) => name)].map((name) => name.toLowerCase()),
  );
  const twice = service.outputs.find(({ name }) => own.has(name.toLowerCase()));
  if (twice)
    throw refused(
      'FeatureNameTaken',
      `The feature service '${service.service}' answers '${twice.name}', and a column of the data has that name. Set fullFeatureNames of the service, or add '${twice.name}' to excludeFeatures.`,
    );
  return { eventTime, asked, outputs: service.outputs };
}
