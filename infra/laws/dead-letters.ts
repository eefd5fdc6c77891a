import {
  at,
  type Law,
  listOf,
  referencedId,
  type StageTemplates,
  type TemplateResource,
} from './resource.ts';

/** What could not be delivered or done is kept: rules, schedules, stream mappings, and the functions that these call asynchronously. */
export const deadLetters: Law = (resource, all) => {
  switch (resource.type) {
    case 'AWS::Events::Rule':
      return listOf(resource.properties['Targets']).flatMap((target) =>
        targetViolations(target, resource, all),
      );
    case 'AWS::Scheduler::Schedule':
      return targetViolations(resource.properties['Target'], resource, all);
    case 'AWS::Lambda::EventSourceMapping':
      return mappingViolations(resource);
    default:
      return [];
  }
};

function targetViolations(target: unknown, { stackName }: TemplateResource, all: StageTemplates): string[] {
  const missing = at(target, 'DeadLetterConfig', 'Arn')
    ? []
    : ['has a target without a dead-letter queue: give it DeadLetterConfig.'];
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

function mappingViolations({ properties }: TemplateResource): string[] {
  const checks: readonly [boolean, string][] = [
    [at(properties, 'DestinationConfig', 'OnFailure', 'Destination') !== undefined, 'a failure destination'],
    [
      listOf(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures'),
      'ReportBatchItemFailures',
    ],
    [typeof properties['MaximumRetryAttempts'] === 'number', 'an end to its retries'],
  ];
  return checks.flatMap(([kept, what]) => (kept ? [] : [`reads a stream without ${what}.`]));
}
