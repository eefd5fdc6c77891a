import { localStage } from '../config.ts';
import { at, type Law, listOf, type TemplateResource } from './resource.ts';

/** Logs end: every log group has a retention, and every function writes to a group of ours. */
export const logRetention: Law = ({ type, properties }) => {
  if (type === 'AWS::Logs::LogGroup' && properties['RetentionInDays'] === undefined) {
    return ['keeps logs for ever: set RetentionInDays.'];
  }
  if (type === 'AWS::Lambda::Function' && at(properties, 'LoggingConfig', 'LogGroup') === undefined) {
    return ['logs to a group that Lambda makes, which keeps logs for ever: give it a log group.'];
  }
  return [];
};

/** Everything that runs has a time limit: functions, state machines, and each of their tasks. */
export const timeLimits: Law = ({ type, properties }) => {
  if (type === 'AWS::Lambda::Function' && properties['Timeout'] === undefined) {
    return ['has no time limit: set Timeout.'];
  }
  return type === 'AWS::StepFunctions::StateMachine' ? machineViolations(properties['DefinitionString']) : [];
};

/** Functions run on arm64, which costs a fifth less; the laptop runtime runs them on what there is. */
export const arm64Functions: Law = ({ type, properties }, { stage }) =>
  type === 'AWS::Lambda::Function' &&
  stage !== localStage &&
  !listOf(properties['Architectures']).includes('arm64')
    ? ['does not run on arm64: set Architectures.']
    : [];

/** Nothing lies unencrypted, and nothing is reached unencrypted. DynamoDB, Logs and EventBridge encrypt by themselves. */
export const encryption: Law = ({ type, properties, logicalId, stackName }, { resources }) => {
  const isAt = (other: TemplateResource) => other.stackName === stackName;
  const refusesPlainHttp = (policyType: string) =>
    resources.some(
      (other) =>
        isAt(other) &&
        other.type === policyType &&
        JSON.stringify(other.properties).includes(logicalId) &&
        JSON.stringify(other.properties).includes('"aws:SecureTransport":"false"'),
    );
  const plain = 'may be reached without TLS: set enforceSSL.';
  switch (type) {
    case 'AWS::S3::Bucket':
      return [
        ...(properties['BucketEncryption'] ? [] : ['is not encrypted: set BucketEncryption.']),
        ...(refusesPlainHttp('AWS::S3::BucketPolicy') ? [] : [plain]),
      ];
    case 'AWS::SQS::Queue':
      return [
        ...(properties['SqsManagedSseEnabled'] === true || properties['KmsMasterKeyId']
          ? []
          : ['is not encrypted: set SqsManagedSseEnabled.']),
        ...(refusesPlainHttp('AWS::SQS::QueuePolicy') ? [] : [plain]),
      ];
    case 'AWS::SNS::Topic':
      return refusesPlainHttp('AWS::SNS::TopicPolicy') ? [] : [plain];
    default:
      return [];
  }
};

/** Types that have tags and cost something with use: the bill can be read by stage and service. */
const billedTypes: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Api',
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::StepFunctions::StateMachine',
]);

/** What costs something with use carries the tags `millrace:stage` and `millrace:service`. */
export const costTags: Law = ({ type, properties }) => {
  if (!billedTypes.has(type)) return [];
  const tags = properties['Tags'];
  const names = Array.isArray(tags) ? tags.map((tag) => at(tag, 'Key')) : Object.keys(tags ?? {});
  return ['millrace:stage', 'millrace:service']
    .filter((name) => !names.includes(name))
    .map((name) => `lacks the cost tag ${name}: make its stack a PlatformStack.`);
};

function machineViolations(definition: unknown): string[] {
  const text = definitionText(definition);
  const machine = JSON.parse(text) as { TimeoutSeconds?: number };
  return [
    ...(machine.TimeoutSeconds ? [] : ['has no time limit: set TimeoutSeconds.']),
    ...tasksWithoutTimeLimit(machine).map(
      (name) => `has the task ${name} without a time limit: set TimeoutSeconds.`,
    ),
  ];
}

/** The definition with placeholders for what is known only at deployment. */
function definitionText(definition: unknown): string {
  const parts = at(definition, 'Fn::Join');
  if (!Array.isArray(parts)) return String(definition);
  return (parts[1] as unknown[]).map((part) => (typeof part === 'string' ? part : 'token')).join('');
}

function tasksWithoutTimeLimit(value: unknown, name = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = at(value, 'Type') === 'Task' && at(value, 'TimeoutSeconds') === undefined ? [name] : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([member, inner]) => tasksWithoutTimeLimit(inner, member)),
  ];
}
