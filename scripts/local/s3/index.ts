import path from 'node:path';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type EmulatedService,
  type RuntimeContext,
  type S3Api,
} from '../emulated-service.ts';
import { createBucket, listBuckets } from './bucket-operations.ts';
import { demandNotDenied } from './bucket-policy.ts';
import { Buckets } from './buckets.ts';
import type { S3Parts } from './call.ts';
import { Notifications } from './notifications.ts';
import { readOperation, readTarget } from './operation.ts';
import { operations } from './operations.ts';
import { requiredPermissions } from './permissions.ts';
import { deprovision, provision, resourceTypes } from './resources.ts';
import { createS3Api } from './runtime-api.ts';

/** S3 on plain files: content in files that never change, everything else in one journal per bucket. */
export function createS3(context: RuntimeContext): EmulatedService & S3Api {
  const buckets = new Buckets(path.join(context.folder('s3'), 'buckets'));
  const notifications = new Notifications(context);
  const parts: S3Parts = { context, buckets, notifications };
  const handle = (request: AwsRequest) => answer(parts, request);
  return {
    name: 's3',
    signingNames: ['s3'],
    resourceTypes,
    start: async () => buckets.load(),
    resume: async () => notifications.resume(buckets.all()),
    provision: async (resource) => provision(parts, resource),
    deprovision: async (resource) => deprovision(parts, resource),
    authorize: async (request) => {
      const target = readTarget(request);
      return await requiredPermissions(request, target, readOperation(request, target));
    },
    handle,
    async stop() {
      notifications.stop();
      buckets.stop();
    },
    ...createS3Api(context, buckets, handle),
  };
}

async function answer(parts: S3Parts, request: AwsRequest): Promise<AwsResponse> {
  const target = readTarget(request);
  const operation = readOperation(request, target);
  if (operation === 'ListBuckets') return listBuckets(parts);
  if (operation === 'CreateBucket') return createBucket(parts, target.bucket);
  const run = operations[operation];
  if (run === undefined) {
    throw new AwsError('NotImplemented', `The laptop runtime does not imitate s3:${operation}.`, 501);
  }
  const bucket = parts.buckets.get(target.bucket);
  if (bucket.settings.policy !== undefined) {
    const permissions = await requiredPermissions(request, target, operation);
    demandNotDenied(parts.context, bucket, request, permissions);
  }
  return await run({ ...parts, request, bucket, key: target.key });
}
