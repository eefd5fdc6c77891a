import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventEntry } from '../emulated-service.ts';
import { type ServedServices, serveServices } from '../testing/serve-one.ts';
import { createS3 } from './index.ts';

const plain = 'plain-bucket';
const versioned = 'versioned-bucket';

let served: ServedServices<readonly [ReturnType<typeof createS3>]>;
let s3: S3Client;
const events: EventEntry[] = [];

beforeAll(async () => {
  served = await serveServices([createS3], {
    apis: { events: { publish: async (entries) => void events.push(...entries) } },
  });
  s3 = new S3Client({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await declare(plain, {
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  await declare(versioned, { VersioningConfiguration: { Status: 'Enabled' } });
});
afterAll(async () => {
  s3.destroy();
  await served.close();
});

async function declare(BucketName: string, properties: object) {
  return await served.services[0].provision({
    stackName: 'test',
    logicalId: BucketName,
    type: 'AWS::S3::Bucket',
    properties: { BucketName, ...properties },
  });
}
const put = (Key: string, Body: string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket: plain, Key, Body, ...more }));

describe('buckets', () => {
  it('of the template are listed and described', async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand());
    expect(Buckets?.map(({ Name }) => Name)).toEqual([plain, versioned]);
    expect((await s3.send(new HeadBucketCommand({ Bucket: plain }))).BucketRegion).toBe('us-east-1');
    expect(
      (await s3.send(new GetBucketLocationCommand({ Bucket: plain }))).LocationConstraint,
    ).toBeUndefined();
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: versioned }))).Status).toBe('Enabled');
  });

  it('refuse a property that would be ignored', async () => {
    await expect(declare('web', { WebsiteConfiguration: {} })).rejects.toMatchObject({
      name: 'UnsupportedResource',
      message: expect.stringContaining('WebsiteConfiguration'),
    });
  });
});

describe('notifications', () => {
  it('tell EventBridge of created and deleted objects, in the form of AWS', async () => {
    events.length = 0;
    const { ETag } = await put('note/a b.csv', 'abc');
    await s3.send(new DeleteObjectCommand({ Bucket: plain, Key: 'note/a b.csv' }));
    await expect.poll(() => events.length).toBe(2);
    expect(events[0]).toMatchObject({
      source: 'aws.s3',
      detailType: 'Object Created',
      resources: [`arn:aws:s3:::${plain}`],
      detail: {
        version: '0',
        bucket: { name: plain },
        object: {
          key: 'note/a b.csv',
          size: 3,
          etag: ETag?.replaceAll('"', ''),
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
        },
        'request-id': expect.any(String),
        requester: '000000000000',
        'source-ip-address': '127.0.0.1',
        reason: 'PutObject',
      },
    });
    expect(events[1]).toMatchObject({
      detailType: 'Object Deleted',
      detail: { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' },
    });
    const sequencers = events.map(
      ({ detail }) => (detail as { object: { sequencer: string } }).object.sequencer,
    );
    expect(sequencers[0]?.localeCompare(sequencers[1] ?? '')).toBeLessThan(0);
  });
});
