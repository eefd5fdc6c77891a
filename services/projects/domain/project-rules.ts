import {
  askedColumns,
  contractOf,
  type DataContract,
  type FeatureDefinitions,
  type ProjectDefinition,
  type Target,
} from '../contract.ts';
import { contractViolations, hasContract, withContract } from './contract-rules.ts';
import { type Datasets, featureViolations } from './feature-rules.ts';
import { targetViolations } from './target-rules.ts';
import { type DefinitionViolation, unknownColumn, violationWhere } from './violation.ts';

type Task = Target['task'];

/** Which metrics say something about which task. */
const metricsOfTask: Readonly<Record<Task, readonly string[]>> = {
  binary_classification: ['auc', 'accuracy', 'precision', 'recall', 'f1', 'log_loss'],
  multiclass_classification: ['accuracy', 'precision', 'recall', 'f1', 'log_loss'],
  regression: ['rmse', 'mae', 'r2'],
};

/**
 * The rules that span parts of a definition and that its schema cannot tell. Empty when all hold. `datasets` is the data of the other
 * projects that features come from; where one is missing its columns count as not known yet.
 */
export function violationsOf(
  definition: ProjectDefinition,
  datasets: Datasets = new Map(),
): DefinitionViolation[] {
  const { data, target } = definition;
  return [
    ...contractViolations(contractOf(definition)).map(({ path, message }) => ({
      path: ['data', ...path],
      message,
    })),
    ...fileViolations(definition),
    // Whether target and features fit shows once there are columns: then the contract is applied, and these are held against it.
    ...(target && hasContract(data)
      ? [...targetViolations(definition, target), ...inputViolations(definition)]
      : []),
    ...(target ? metricViolations(definition, target) : untrainedViolations(definition)),
    ...limitViolations(definition),
    ...featureViolations(definition, datasets),
  ];
}

/** What is wrong with a contract for a project. Paths begin at the contract; those of the project's other parts at `project.yaml`. */
export function contractViolationsFor(
  project: ProjectDefinition,
  contract: DataContract,
  datasets: Datasets = new Map(),
): DefinitionViolation[] {
  if (!hasContract(contract))
    return [{ path: ['columns'], message: 'a contract needs columns; declare them by name' }];
  return violationsOf(withContract(project, contract), datasets).map(withinFile('data'));
}

/** What is wrong with feature definitions for a project. Paths begin at them; those of the project's other parts at `project.yaml`. */
export const featureViolationsFor = (
  project: ProjectDefinition,
  features: FeatureDefinitions,
  datasets: Datasets,
): DefinitionViolation[] => violationsOf({ ...project, features }, datasets).map(withinFile('features'));

/** Paths as they lead through a file that holds one part of a project. */
const withinFile =
  (filePart: string) =>
  ({ path: [part, ...below], message }: DefinitionViolation): DefinitionViolation => ({
    path: part === filePart ? below : ['project.yaml', ...(part === undefined ? [] : [part]), ...below],
    message,
  });

/** The columns that the model sees, in the order of the definition. */
export function featureNames(definition: ProjectDefinition): string[] {
  const { data, target, excludeFeatures } = definition;
  const hidden = new Set([data.primaryKey, data.eventTime, target?.column, ...excludeFeatures]);
  return Object.keys(data.columns).filter((name) => !hidden.has(name));
}

function fileViolations({ data: { csv } }: ProjectDefinition): DefinitionViolation[] {
  return violationWhere(
    csv?.delimiter !== undefined && (csv.delimiter === csv.quote || /["\r\n]/.test(csv.delimiter)),
    ['data', 'csv', 'delimiter'],
    `values cannot be delimited by ${JSON.stringify(csv?.delimiter)}, which stands around them or ends a row; write a comma, semicolon, tab or bar`,
  );
}

function inputViolations(definition: ProjectDefinition): DefinitionViolation[] {
  const { columns } = definition.data;
  const features = featureNames(definition);
  // What names entities, or is only computed with, is not shown to the model.
  const asked = askedColumns(definition);
  return [
    ...definition.excludeFeatures.flatMap((name, index) =>
      unknownColumn(['excludeFeatures', index], name, columns),
    ),
    ...features
      .filter((name) => ['string', 'timestamp'].includes(columns[name]!.type) && !asked.has(name))
      .map((name) => ({
        path: ['data', 'columns', name, 'type'],
        message: `'${name}' is ${columns[name]!.type}, and a model's features are numbers or booleans. Add '${name}' to excludeFeatures, or upload it as numbers`,
      })),
    ...(features.length === 0 && definition.training.featureService === undefined
      ? [
          {
            path: ['excludeFeatures'],
            message: 'no column is left that the model could see; add one to data.columns, or exclude fewer',
          },
        ]
      : []),
  ];
}

/** Parts that speak of a model have nothing to speak of: a target was forgotten, or they were left behind. */
function untrainedViolations({
  excludeFeatures,
  training,
  gates,
  monitoring,
}: ProjectDefinition): DefinitionViolation[] {
  const spoken: readonly [boolean, string[]][] = [
    [excludeFeatures.length > 0, ['excludeFeatures']],
    [training.featureService !== undefined, ['training', 'featureService']],
    [gates.thresholds.length > 0, ['gates', 'thresholds']],
    [gates.champion !== undefined, ['gates', 'champion']],
    [monitoring.performance !== undefined, ['monitoring', 'performance']],
  ];
  return spoken.flatMap(([isSpoken, path]) =>
    violationWhere(
      isSpoken,
      path,
      `${path.join('.')} speaks of a model, and the project has no target; declare target, or leave ${path.at(-1)} out`,
    ),
  );
}

function metricViolations({ gates, monitoring }: ProjectDefinition, target: Target): DefinitionViolation[] {
  const allowed = metricsOfTask[target.task];
  const { performance } = monitoring;
  const named = [
    ...gates.thresholds.map(({ metric }, index) => ({ metric, path: ['gates', 'thresholds', index] })),
    ...(gates.champion ? [{ metric: gates.champion.metric, path: ['gates', 'champion'] }] : []),
    ...(performance ? [{ metric: performance.metric, path: ['monitoring', 'performance'] }] : []),
  ];
  return [
    ...named
      .filter(({ metric }) => !allowed.includes(metric))
      .map(({ metric, path }) => ({
        path: [...path, 'metric'],
        message: `${metric} says nothing about ${target.task}; use one of ${allowed.join(', ')}`,
      })),
    ...(performance && (performance.min === undefined) === (performance.max === undefined)
      ? [
          {
            path: ['monitoring', 'performance'],
            message: 'performance needs min or max, and not both: the value beyond which it is degraded',
          },
        ]
      : []),
  ];
}

function limitViolations({ approval, monitoring, training }: ProjectDefinition): DefinitionViolation[] {
  const { approvers, quorum } = approval;
  return [
    ...(approvers.length > 0 && quorum > approvers.length
      ? [
          {
            path: ['approval', 'quorum'],
            message: `${quorum} must approve, but only ${approvers.length} may; lower quorum or add approvers`,
          },
        ]
      : []),
    ...(monitoring.minPredictions > monitoring.windowPredictions
      ? [
          {
            path: ['monitoring', 'minPredictions'],
            message: `minPredictions (${monitoring.minPredictions}) is more than a window holds (windowPredictions: ${monitoring.windowPredictions}), so that every verdict would be InsufficientData`,
          },
        ]
      : []),
    ...(training.spot.enabled && training.spot.maxWaitSeconds < training.limits.maxRuntimeSeconds
      ? [
          {
            path: ['training', 'spot', 'maxWaitSeconds'],
            message: `SageMaker wants maxWaitSeconds (${training.spot.maxWaitSeconds}) to be at least limits.maxRuntimeSeconds (${training.limits.maxRuntimeSeconds})`,
          },
        ]
      : []),
  ];
}
