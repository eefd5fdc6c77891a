import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Journal } from '../durable/journal.ts';
import { AwsError, type Principal, type RuntimeContext, type SnsApi } from '../emulated-service.ts';
import { matchesFilterPolicy, matchesFilterPolicyOnBody, type SnsSubscription } from './fauxqs.ts';
import { envelopeOf, type MessageAttribute, type Notification } from './notification.ts';
import type { Queues } from './queues.ts';
import type { ResourcePolicies } from './resource-policies.ts';
import { enqueue } from './sqs-api.ts';

/** A message of 256 KB, attributes included, is the largest that SNS takes. */
const maxMessageBytes = 256 * 1024;
const snsService = 'sns.amazonaws.com';

interface Mail {
  readonly to: string;
  readonly topicArn: string;
  readonly subject: string;
  readonly body: string;
  readonly sentAt: string;
}

/** Publishes to topics and delivers to their subscriptions: queues, functions, and e-mail into a file. */
export class Topics implements SnsApi {
  readonly #queues: Queues;
  readonly #policies: ResourcePolicies;
  readonly #context: RuntimeContext;
  readonly #mails: Journal<Mail>;

  constructor(queues: Queues, policies: ResourcePolicies, context: RuntimeContext) {
    this.#queues = queues;
    this.#policies = policies;
    this.#context = context;
    this.#mails = new Journal(path.join(context.folder('sqs'), 'e-mails.jsonl'));
  }

  /** A topic without a policy of its own lets its account and AWS services publish, as the default policy does. */
  async publish(
    topicArn: string,
    message: { subject?: string; body: string },
    { principal }: { principal: Principal },
  ): Promise<void> {
    const permission = { action: 'sns:Publish', resource: topicArn };
    if (principal.kind === 'role' || this.#policies.has(topicArn))
      this.#policies.demand(principal, permission);
    await this.send(topicArn, message);
  }

  /** Publishes for a caller who may; returns the message id. Throws NotFound or InvalidParameter. */
  async send(
    topicArn: string,
    { subject, body }: { subject?: string; body: string },
    attributes: Readonly<Record<string, MessageAttribute>> = {},
  ): Promise<string> {
    const topic = this.#queues.sns.getTopic(topicArn);
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
    if (body === '') throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
    if (Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(attributes)) > maxMessageBytes) {
      throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
    }
    const notification: Notification = {
      messageId: randomUUID(),
      topicArn,
      ...(subject === undefined ? {} : { subject }),
      message: body,
      attributes,
      timeMs: this.#context.now(),
    };
    for (const arn of topic.subscriptionArns) {
      const subscription = this.#queues.sns.getSubscription(arn);
      if (subscription !== undefined && passesFilter(subscription, notification)) {
        await this.#deliver(subscription, notification);
      }
    }
    return notification.messageId;
  }

  /** A delivery that fails is told in the log and does not keep the others from theirs. */
  async #deliver(subscription: SnsSubscription, notification: Notification): Promise<void> {
    const { topicArn } = notification;
    const principal: Principal = { kind: 'service', service: snsService, sourceArn: topicArn };
    try {
      if (subscription.protocol === 'sqs') this.#toQueue(subscription, notification, principal);
      else if (subscription.protocol === 'lambda')
        await this.#toFunction(subscription, notification, principal);
      else this.#toMailbox(subscription, notification);
    } catch (error) {
      this.#context.log('sns', `delivery to ${subscription.endpoint} failed: ${String(error)}`, { topicArn });
    }
  }

  #toQueue(
    { endpoint, attributes }: SnsSubscription,
    notification: Notification,
    principal: Principal,
  ): void {
    this.#policies.demand(principal, { action: 'sqs:SendMessage', resource: endpoint });
    const queue = this.#queues.get(endpoint);
    if (attributes['RawMessageDelivery'] === 'true')
      enqueue(queue, notification.message, notification.attributes);
    else enqueue(queue, JSON.stringify(envelopeOf(notification, 'SigningCertURL')));
  }

  async #toFunction(
    subscription: SnsSubscription,
    notification: Notification,
    principal: Principal,
  ): Promise<void> {
    const record = {
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: subscription.arn,
      Sns: envelopeOf(notification, 'SigningCertUrl'),
    };
    await this.#context.lambda.invoke(
      subscription.endpoint,
      { Records: [record] },
      { type: 'Event', principal },
    );
  }

  #toMailbox({ endpoint }: SnsSubscription, { topicArn, subject, message, timeMs }: Notification): void {
    const title = subject ?? 'AWS Notification Message';
    this.#mails.append({
      to: endpoint,
      topicArn,
      subject: title,
      body: message,
      sentAt: new Date(timeMs).toISOString(),
    });
    this.#context.log('sns', `e-mail to ${endpoint}: ${title}`, { topicArn });
  }
}

function passesFilter(subscription: SnsSubscription, { message, attributes }: Notification): boolean {
  const policy = subscription.attributes['FilterPolicy'];
  if (policy === undefined) return true;
  const parsed = JSON.parse(policy) as Record<string, unknown>;
  if (subscription.attributes['FilterPolicyScope'] === 'MessageBody')
    return matchesFilterPolicyOnBody(parsed, message);
  return matchesFilterPolicy(parsed, attributes);
}
