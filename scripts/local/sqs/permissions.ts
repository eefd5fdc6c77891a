import type { RequiredPermission } from '../emulated-service.ts';

/** The operations of SQS that are imitated; batches need the permission of their single operation. */
const sqsActions: Readonly<Record<string, string>> = {
  ChangeMessageVisibility: 'sqs:ChangeMessageVisibility',
  ChangeMessageVisibilityBatch: 'sqs:ChangeMessageVisibility',
  CreateQueue: 'sqs:CreateQueue',
  DeleteMessage: 'sqs:DeleteMessage',
  DeleteMessageBatch: 'sqs:DeleteMessage',
  DeleteQueue: 'sqs:DeleteQueue',
  GetQueueAttributes: 'sqs:GetQueueAttributes',
  GetQueueUrl: 'sqs:GetQueueUrl',
  ListDeadLetterSourceQueues: 'sqs:ListDeadLetterSourceQueues',
  ListQueues: 'sqs:ListQueues',
  ListQueueTags: 'sqs:ListQueueTags',
  PurgeQueue: 'sqs:PurgeQueue',
  ReceiveMessage: 'sqs:ReceiveMessage',
  SendMessage: 'sqs:SendMessage',
  SendMessageBatch: 'sqs:SendMessage',
  SetQueueAttributes: 'sqs:SetQueueAttributes',
  TagQueue: 'sqs:TagQueue',
  UntagQueue: 'sqs:UntagQueue',
};

/** The operations of SNS that are imitated, and the parameter that names the resource. */
const snsResources: Readonly<Record<string, string | undefined>> = {
  CreateTopic: 'Name',
  GetSubscriptionAttributes: 'SubscriptionArn',
  GetTopicAttributes: 'TopicArn',
  ListSubscriptions: undefined,
  ListSubscriptionsByTopic: 'TopicArn',
  ListTagsForResource: 'ResourceArn',
  ListTopics: undefined,
  Publish: 'TopicArn',
  Subscribe: 'TopicArn',
  Unsubscribe: 'SubscriptionArn',
};

export function isSqsOperation(operation: string): boolean {
  return Object.hasOwn(sqsActions, operation);
}

export function isSnsOperation(operation: string): boolean {
  return Object.hasOwn(snsResources, operation);
}

/** What an SQS request needs; the queue stands in its URL or its name. */
export function sqsPermission(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  arnOf: (queueName: string) => string,
): RequiredPermission {
  const action = sqsActions[operation] ?? `sqs:${operation}`;
  const nameOrUrl = String(input['QueueUrl'] ?? input['QueueName'] ?? '');
  const name = nameOrUrl.slice(nameOrUrl.lastIndexOf('/') + 1);
  return { action, resource: operation === 'ListQueues' ? '*' : arnOf(name) };
}

/** What an SNS request needs. */
export function snsPermission(
  operation: string,
  form: URLSearchParams,
  arnOf: (topicName: string) => string,
): RequiredPermission {
  const parameter = snsResources[operation];
  const named = parameter === undefined ? '*' : (form.get(parameter) ?? '');
  const resource = parameter === 'SubscriptionArn' ? topicOf(named) : named;
  return { action: `sns:${operation}`, resource: parameter === 'Name' ? arnOf(named) : resource };
}

/** The ARN of a subscription is its topic's, with an id behind it; policies name topics only. */
const topicOf = (subscriptionArn: string): string => subscriptionArn.split(':').slice(0, 6).join(':');
