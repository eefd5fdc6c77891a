import * as z from 'zod';
import type { ProvisionedResource, ResourceDeclaration, RuntimeContext } from '../emulated-service.ts';
import { checkPolicy } from './bucket-policy.ts';
import { bucketAttributes, readBucketResource } from './bucket-resource.ts';
import type { Buckets } from './buckets.ts';

/** The CloudFormation types of this part. */
export const resourceTypes = ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'] as const;

const bucketPolicy = z.object({ Bucket: z.string(), PolicyDocument: z.unknown() });

/** Creates a bucket or changes its settings; content stays. A policy is kept with its bucket. */
export function provision(
  { buckets, context }: { buckets: Buckets; context: RuntimeContext },
  { type, properties }: ResourceDeclaration,
): ProvisionedResource {
  if (type === 'AWS::S3::BucketPolicy') {
    const { Bucket, PolicyDocument } = bucketPolicy.parse(properties);
    checkPolicy(Bucket, PolicyDocument);
    const bucket = buckets.get(Bucket);
    bucket.change({ ...bucket.settings, policy: PolicyDocument });
    return { ref: Bucket, attributes: {} };
  }
  const existing = buckets.find(String(properties['BucketName']));
  const { name, settings } = readBucketResource(properties, existing?.settings, context.now());
  if (existing === undefined) buckets.create(name, settings);
  else existing.change(settings);
  return { ref: name, attributes: bucketAttributes(name, context.region) };
}

/** Removes a policy, or a bucket that is empty; one that holds objects stays, as CloudFormation leaves it. */
export function deprovision(
  { buckets }: { buckets: Buckets },
  { type, previous }: ResourceDeclaration,
): void {
  const bucket = previous && buckets.find(previous.ref);
  if (bucket === undefined) return;
  if (type === 'AWS::S3::BucketPolicy') {
    const { policy: _removed, ...settings } = bucket.settings;
    bucket.change(settings);
  } else if (bucket.isEmpty) buckets.remove(bucket.name);
}
