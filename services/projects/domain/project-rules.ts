import { contractOf, type DataContract, type ProjectDefinition } from '../contract.ts';
import { contractViolations, hasContract, withContract } from './contract-rules.ts';
import { targetViolations } from './target-rules.ts';
import { type DefinitionViolation, unknownColumn, violationWhere } from './violation.ts';

type Task = ProjectDefinition['target']['task'];

/** Which metrics say something about which task. */
const metricsOfTask: Readonly<Record<Task, readonly string[]>> = {
  binary_classification: ['auc', 'accuracy', 'precision', 'recall', 'f1', 'log_loss'],
  multiclass_classification: ['accuracy', 'precision', 'recall', 'f1', 'log_loss'],
  regression: ['rmse', 'mae', 'r2'],
};

/** The rules that span parts of a definition and that its schema cannot tell. Empty when all hold. */
export function violationsOf(definition: ProjectDefinition): DefinitionViolation[] {
  const { data } = definition;
  return [
    ...contractViolations(contractOf(definition)).map(({ path, message }) => ({
      path: ['data', ...path],
      message,
    })),
    ...fileViolations(definition),
    // Whether target and features fit shows once there are columns: then the contract is applied, and these are held against it.
    ...(hasContract(data) ? [...targetViolations(definition), ...featureViolations(definition)] : []),
    ...metricViolations(definition),
    ...limitViolations(definition),
  ];
}

/** What is wrong with a contract for a project. Paths begin at the contract; those of the project's other parts at `project.yaml`. */
export function contractViolationsFor(
  project: ProjectDefinition,
  contract: DataContract,
): DefinitionViolation[] {
  if (!hasContract(contract))
    return [{ path: ['columns'], message: 'a contract needs columns; declare them by name' }];
  return violationsOf(withContract(project, contract)).map(({ path: [part, ...below], message }) => ({
    path: part === 'data' ? below : ['project.yaml', ...(part === undefined ? [] : [part]), ...below],
    message,
  }));
}

/** The columns that the model sees, in the order of the definition. */
export function featureNames(definition: ProjectDefinition): string[] {
  const { data, target, excludeFeatures } = definition;
  const hidden = new Set([data.primaryKey, data.eventTime, target.column, ...excludeFeatures]);
  return Object.keys(data.columns).filter((name) => !hidden.has(name));
}

function fileViolations({ data: { csv } }: ProjectDefinition): DefinitionViolation[] {
  return violationWhere(
    csv?.delimiter !== undefined && (csv.delimiter === csv.quote || /["\r\n]/.test(csv.delimiter)),
    ['data', 'csv', 'delimiter'],
    `values cannot be delimited by ${JSON.stringify(csv?.delimiter)}, which stands around them or ends a row; write a comma, semicolon, tab or bar`,
  );
}

function featureViolations(definition: ProjectDefinition): DefinitionViolation[] {
  const { columns } = definition.data;
  const features = featureNames(definition);
  return [
    ...definition.excludeFeatures.flatMap((name, index) =>
      unknownColumn(['excludeFeatures', index], name, columns),
    ),
    ...features
      .filter((name) => ['string', 'timestamp'].includes(columns[name]!.type))
      .map((name) => ({
        path: ['data', 'columns', name, 'type'],
        message: `'${name}' is ${columns[name]!.type}, and a model's features are numbers or booleans. Add '${name}' to excludeFeatures, or upload it as numbers`,
      })),
    ...(features.length === 0
      ? [
          {
            path: ['excludeFeatures'],
            message: 'no column is left that the model could see; add one to data.columns, or exclude fewer',
          },
        ]
      : []),
  ];
}

function metricViolations({ target, gates, monitoring }: ProjectDefinition): DefinitionViolation[] {
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
