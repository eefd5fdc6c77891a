import * as z from 'zod';
import {
  type ProvisionedResource,
  type ResourceDeclaration,
  type RuntimeContext,
  UnsupportedResource,
} from '../emulated-service.ts';
import { readQueueResource } from './queue-resource.ts';
import type { Queues } from './queues.ts';
import type { ResourcePolicies } from './resource-policies.ts';

/** The CloudFormation types of this part. */
export const resourceTypes = [
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
] as const;

const protocols = ['sqs', 'lambda', 'email', 'email-json'] as const;
const text = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value)),
]);
const inlineSubscription = z.object({ Protocol: z.string(), Endpoint: z.string() });
const topicProperties = z.object({
  TopicName: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/, 'FIFO topics and other characters are not imitated'),
  DisplayName: z.string().optional(),
  Subscription: z.array(inlineSubscription).default([]),
});
const subscriptionProperties = inlineSubscription.extend({
  TopicArn: z.string(),
  FilterPolicy: text.optional(),
  FilterPolicyScope: z.string().optional(),
  RawMessageDelivery: z.union([z.boolean(), z.string()]).transform(String).optional(),
});
const queuePolicy = z.object({ Queues: z.array(z.string()), PolicyDocument: z.unknown() });
const topicPolicy = z.object({ Topics: z.array(z.string()), PolicyDocument: z.unknown() });

interface Parts {
  readonly queues: Queues;
  readonly policies: ResourcePolicies;
  readonly context: RuntimeContext;
}

/** Creates or updates a queue, topic, subscription or policy. */
export function provision(parts: Parts, resource: ResourceDeclaration): ProvisionedResource {
  switch (resource.type) {
    case 'AWS::SQS::Queue':
      return provisionQueue(parts, resource);
    case 'AWS::SNS::Topic':
      return provisionTopic(parts, resource);
    case 'AWS::SNS::Subscription':
      return provisionSubscription(parts, resource);
    default:
      return provisionPolicy(parts, resource);
  }
}

/** Removes what the template no longer has; a queue goes with its messages. */
export function deprovision(
  { queues, policies }: Parts,
  { type, previous, properties }: ResourceDeclaration,
): void {
  if (previous === undefined) return;
  if (type === 'AWS::SQS::Queue') queues.sqs.deleteQueue(previous.ref);
  else if (type === 'AWS::SNS::Topic') queues.sns.deleteTopic(previous.ref);
  else if (type === 'AWS::SNS::Subscription') queues.sns.unsubscribe(previous.ref);
  else for (const arn of policyTargets(queues, type, properties)) policies.remove(arn);
}

function provisionQueue(
  { queues }: Parts,
  { stackName, logicalId, properties }: ResourceDeclaration,
): ProvisionedResource {
  const { name, attributes, tags } = readQueueResource(properties, `${stackName}-${logicalId}`);
  const queue = queues.declare(name, attributes, tags);
  const url = queues.urlOf(name);
  return { ref: url, attributes: { Arn: queue.arn, QueueName: name, QueueUrl: url } };
}

function provisionTopic(
  parts: Parts,
  { stackName, logicalId, type, properties }: ResourceDeclaration,
): ProvisionedResource {
  const named = { TopicName: `${stackName}-${logicalId}`, ...properties };
  const { TopicName, DisplayName, Subscription } = parse(type, topicProperties, named);
  const attributes = DisplayName === undefined ? {} : { DisplayName };
  const topic = parts.queues.sns.createTopic(TopicName, attributes, undefined, parts.context.region);
  for (const { Protocol, Endpoint } of Subscription)
    subscribe(parts, type, topic.arn, Protocol, Endpoint, {});
  return { ref: topic.arn, attributes: { TopicArn: topic.arn, TopicName } };
}

function provisionSubscription(parts: Parts, { type, properties }: ResourceDeclaration): ProvisionedResource {
  const { TopicArn, Protocol, Endpoint, ...options } = parse(type, subscriptionProperties, properties);
  const attributes = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const arn = subscribe(parts, type, TopicArn, Protocol, Endpoint, attributes as Record<string, string>);
  return { ref: arn, attributes: { Arn: arn } };
}

function provisionPolicy({ queues, policies }: Parts, resource: ResourceDeclaration): ProvisionedResource {
  const { type, properties, stackName, logicalId } = resource;
  for (const arn of policyTargets(queues, type, properties))
    policies.set(arn, properties['PolicyDocument'], type);
  return { ref: `${stackName}-${logicalId}`, attributes: {} };
}

function policyTargets(
  queues: Queues,
  type: string,
  properties: ResourceDeclaration['properties'],
): string[] {
  if (type === 'AWS::SNS::TopicPolicy') return parse(type, topicPolicy, properties).Topics;
  const urls = parse(type, queuePolicy, properties).Queues;
  return urls.map((url) => queues.arnOf(url.slice(url.lastIndexOf('/') + 1)));
}

function subscribe(
  { queues }: Parts,
  type: string,
  topicArn: string,
  protocol: string,
  endpoint: string,
  attributes: Record<string, string>,
): string {
  if (!protocols.some((one) => one === protocol)) {
    throw new UnsupportedResource(
      type,
      `Protocol ${protocol}`,
      `Subscribe by one of ${protocols.join(', ')}.`,
    );
  }
  const subscription = queues.sns.subscribe(topicArn, protocol, endpoint, attributes);
  if (subscription === undefined)
    throw new Error(`${type}: topic ${topicArn} does not exist. Declare it before its subscriptions.`);
  return subscription.arn;
}

function parse<Schema extends z.ZodType>(type: string, schema: Schema, properties: object): z.infer<Schema> {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  throw new UnsupportedResource(
    type,
    z.prettifyError(parsed.error),
    'Write the properties as CloudFormation defines them.',
  );
}
