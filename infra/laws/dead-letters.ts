import {
  at,
  type Law,
  listOf,
  referencedId,
  type StageTemplates,
  type TemplateResource,
} from './resource.ts';

/**
 * What could not be delivered or done is kept: rules, schedules, stream mappings, and the functions that these call asynchronously. How
 * often and how long each is tried is stated.
 */
export const deadLetters: Law = (resource, all) => {
  switch (resource.type) {
    case 'AWS::Events::Rule':
      return listOf(resource.properties['Targets']).flatMap((target) =>
        targetViolations(target, resource, all),
      );
    case 'AWS::Scheduler::Schedule':
      return targetViolations(resource.properties['Target'], resource, all);
    case 'AWS::Lambda::EventSourceMapping':
      return mappingViolations(resource, all);
    case 'AWS::Lambda::EventInvokeConfig':
      return retryViolations(resource.properties);
    default:
      return [];
  }
};

function targetViolations(target: unknown, { stackName }: TemplateResource, all: StageTemplates): string[] {
  const missing = [
    ...(at(target, 'DeadLetterConfig', 'Arn')
      ? []
      : ['has a target without a dead-letter queue: give it DeadLetterConfig.']),
    ...retryViolations(at(target, 'RetryPolicy')),
  ];
  const functionId = referencedId(at(target, 'Arn'));
  const inStack = all.resources.filter((other) => other.stackName === stackName);
  const isFunction = inStack.some(
    ({ logicalId, type }) => logicalId === functionId && type === 'AWS::Lambda::Function',
  );
  const isCovered = inStack.some(
    ({ type, properties }) =>
      type === 'AWS::Lambda::EventInvokeConfig' &&
      referencedId(properties['FunctionName']) === functionId &&
      at(properties, 'DestinationConfig', 'OnFailure', 'Destination') !== undefined,
  );
  if (!isFunction || isCovered) return missing;
  return [
    ...missing,
    `calls ${functionId} asynchronously, whose own failures go nowhere: call deadLetterAsynchronousFailures() on it.`,
  ];
}

function mappingViolations(resource: TemplateResource, all: StageTemplates): string[] {
  const { properties, stackName } = resource;
  const sourceId = referencedId(properties['EventSourceArn']);
  const queue = all.resources.find(
    (other) =>
      other.stackName === stackName && other.logicalId === sourceId && other.type === 'AWS::SQS::Queue',
  );
  // A queue itself says how often a message is tried, and where it goes then.
  if (queue) {
    return [
      ...(at(queue.properties, 'RedrivePolicy', 'deadLetterTargetArn')
        ? []
        : [`reads the queue ${sourceId}, which has no dead-letter queue: give it a RedrivePolicy.`]),
      ...(listOf(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures')
        ? []
        : ['reads a queue without ReportBatchItemFailures.']),
    ];
  }
  const checks: readonly [boolean, string][] = [
    [at(properties, 'DestinationConfig', 'OnFailure', 'Destination') !== undefined, 'a failure destination'],
    [
      listOf(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures'),
      'ReportBatchItemFailures',
    ],
    [Number(properties['MaximumRetryAttempts'] ?? -1) >= 0, 'an end to its retries'],
  ];
  return checks.flatMap(([kept, what]) => (kept ? [] : [`reads a stream without ${what}.`]));
}

/** Of a rule's or schedule's target, or of what calls a function asynchronously. */
function retryViolations(policy: unknown): string[] {
  return ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts']
    .filter((limit) => typeof at(policy, limit) !== 'number')
    .map((limit) => `leaves ${limit} to the default of AWS: state it.`);
}
