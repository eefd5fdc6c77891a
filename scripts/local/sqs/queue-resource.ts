import * as z from 'zod';
import { UnsupportedResource } from '../emulated-service.ts';

const type = 'AWS::SQS::Queue';
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const policy = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value)),
]);

/** The properties that are attributes of the API under the same name. */
const queueAttributes = z.strictObject({
  ContentBasedDeduplication: scalar.optional(),
  DeduplicationScope: scalar.optional(),
  DelaySeconds: scalar.optional(),
  FifoQueue: scalar.optional(),
  FifoThroughputLimit: scalar.optional(),
  KmsDataKeyReusePeriodSeconds: scalar.optional(),
  KmsMasterKeyId: scalar.optional(),
  MaximumMessageSize: scalar.optional(),
  MessageRetentionPeriod: scalar.optional(),
  ReceiveMessageWaitTimeSeconds: scalar.optional(),
  RedriveAllowPolicy: policy.optional(),
  RedrivePolicy: policy.optional(),
  SqsManagedSseEnabled: scalar.optional(),
  VisibilityTimeout: scalar.optional(),
});
const tags = z.array(z.object({ Key: z.string(), Value: z.string() })).default([]);
const queueName = z.string().regex(/^[A-Za-z0-9_-]{1,80}$|^[A-Za-z0-9_-]{1,75}\.fifo$/);

/** A queue of a template. */
export interface DeclaredQueue {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly tags: Record<string, string>;
}

/** Reads an AWS::SQS::Queue; throws UnsupportedResource for properties that are not imitated. */
export function readQueueResource(
  properties: Readonly<Record<string, unknown>>,
  defaultName: string,
): DeclaredQueue {
  const { QueueName, Tags, ...rest } = properties;
  const parsed = z
    .object({ name: queueName, attributes: queueAttributes, tags })
    .safeParse({ name: QueueName ?? defaultName, attributes: rest, tags: Tags });
  if (!parsed.success) {
    throw new UnsupportedResource(
      type,
      z.prettifyError(parsed.error),
      'Write the properties as CloudFormation defines them.',
    );
  }
  const { name, attributes } = parsed.data;
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return {
    name,
    // An absent redrive policy must clear that of an earlier start.
    attributes: { RedrivePolicy: '', ...Object.fromEntries(given) },
    tags: Object.fromEntries(parsed.data.tags.map(({ Key, Value }) => [Key, Value])),
  };
}
