import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type EmulatedService,
  type RequiredPermission,
  type RuntimeContext,
  type SnsApi,
  type SqsApi,
} from '../emulated-service.ts';
import { checkHandle, correctAnswer } from './engine-gaps.ts';
import { readMessageAttributes } from './notification.ts';
import { isSnsOperation, isSqsOperation, snsPermission, sqsPermission } from './permissions.ts';
import { QueueMetrics } from './queue-metrics.ts';
import { Queues } from './queues.ts';
import { ResourcePolicies } from './resource-policies.ts';
import { deprovision, provision, resourceTypes } from './resources.ts';
import { QueueApi } from './sqs-api.ts';
import { Topics } from './topics.ts';

const expiryIntervalMs = 10 * 60 * 1000;
/** SQS sends its metrics every minute. */
const metricsIntervalMs = 60 * 1000;

/** SQS and SNS: fauxqs in process, with persistence, resource policies and delivery to functions around it. */
export function createSqsSns(context: RuntimeContext): EmulatedService & SqsApi & SnsApi {
  const queues = new Queues(context);
  const policies = new ResourcePolicies(context);
  const queueApi = new QueueApi(queues, policies, context);
  const topics = new Topics(queues, policies, context);
  const parts = { queues, policies, context };
  const metrics = new QueueMetrics(context, () => queues.sqs.allQueues());
  let timers: NodeJS.Timeout[] = [];
  const permissionOf = (request: AwsRequest) => requiredPermission(request, queues, context);
  return {
    name: 'sqs',
    signingNames: ['sqs', 'sns'],
    resourceTypes,
    start: async () => queues.open(),
    async resume() {
      queues.expire(context.now());
      metrics.report();
      timers = [
        setInterval(() => queues.expire(context.now()), expiryIntervalMs).unref(),
        setInterval(() => metrics.report(), metricsIntervalMs).unref(),
      ];
    },
    provision: async (resource) => provision(parts, resource),
    deprovision: async (resource) => deprovision(parts, resource),
    authorize: async (request) => [await permissionOf(request)],
    async handle(request) {
      policies.demandNotDenied(request.principal, [await permissionOf(request)]);
      const operation = await operationOf(request);
      if (operation === 'Publish') return await publish(topics, request);
      if (operation === 'ListDeadLetterSourceQueues') return await listSourceQueues(queues, request);
      return await throughEngine(queues, operation, request);
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      queueApi.stop();
      await queues.close();
    },
    sendMessage: (queueArn, body, options) => queueApi.sendMessage(queueArn, body, options),
    receive: (queueArn, options) => queueApi.receive(queueArn, options),
    deleteMessages: (queueArn, receiptHandles) => queueApi.deleteMessages(queueArn, receiptHandles),
    publish: (topicArn, message, options) => topics.publish(topicArn, message, options),
  };
}

/** SQS's own operations, with the engine's gaps closed; SNS speaks another protocol and goes through as it is. */
async function throughEngine(queues: Queues, operation: string, request: AwsRequest): Promise<AwsResponse> {
  if (request.signingName !== 'sqs') return await queues.handle(request);
  const input = await jsonOf(request);
  checkHandle(operation, input);
  const answer = await queues.handle(request);
  if (answer.status !== 200) return answer;
  const output = JSON.parse(String(answer.body) || '{}') as Record<string, unknown>;
  return { ...answer, body: JSON.stringify(correctAnswer(operation, input, output)) };
}

async function requiredPermission(
  request: AwsRequest,
  queues: Queues,
  context: RuntimeContext,
): Promise<RequiredPermission> {
  const operation = await operationOf(request);
  if (request.signingName === 'sqs') {
    return sqsPermission(operation, await jsonOf(request), (name) => queues.arnOf(name));
  }
  const topicPrefix = `arn:aws:sns:${context.region}:${context.accountId}:`;
  return snsPermission(operation, await formOf(request), (name) => topicPrefix + name);
}

/** SQS speaks JSON, `x-amz-target: AmazonSQS.<Operation>`; SNS speaks the Query protocol. Throws NotImplemented. */
async function operationOf(request: AwsRequest): Promise<string> {
  const isSqs = request.signingName === 'sqs';
  const operation = isSqs
    ? (request.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '')
    : ((await formOf(request)).get('Action') ?? '');
  if (isSqs ? isSqsOperation(operation) : isSnsOperation(operation)) return operation;
  throw new AwsError(
    'NotImplemented',
    `The laptop runtime does not imitate ${request.signingName}:${operation}.`,
    501,
  );
}

async function publish(topics: Topics, request: AwsRequest): Promise<AwsResponse> {
  const form = await formOf(request);
  const subject = form.get('Subject') ?? undefined;
  const message = { ...(subject === undefined ? {} : { subject }), body: form.get('Message') ?? '' };
  const messageId = await topics.send(form.get('TopicArn') ?? '', message, readMessageAttributes(form));
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body:
      '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>' +
      `<MessageId>${messageId}</MessageId></PublishResult>` +
      `<ResponseMetadata><RequestId>${request.requestId}</RequestId></ResponseMetadata></PublishResponse>`,
  };
}

/** The queues whose redrive policy names the queue of the request. */
async function listSourceQueues(queues: Queues, request: AwsRequest): Promise<AwsResponse> {
  const { resource } = sqsPermission('ListDeadLetterSourceQueues', await jsonOf(request), (name) =>
    queues.arnOf(name),
  );
  const { arn } = queues.get(resource);
  const sources = [...queues.sqs.allQueues()].filter(({ attributes }) => {
    const policy = JSON.parse(attributes['RedrivePolicy'] || '{}') as { deadLetterTargetArn?: string };
    return policy.deadLetterTargetArn === arn;
  });
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ queueUrls: sources.map(({ name }) => queues.urlOf(name)) }),
  };
}

async function jsonOf(request: AwsRequest): Promise<Readonly<Record<string, unknown>>> {
  try {
    return JSON.parse((await request.bytes()).toString('utf8') || '{}') as Record<string, unknown>;
  } catch {
    throw new AwsError('SerializationException', 'The request body is no JSON');
  }
}

async function formOf(request: AwsRequest): Promise<URLSearchParams> {
  return new URLSearchParams((await request.bytes()).toString('utf8'));
}
