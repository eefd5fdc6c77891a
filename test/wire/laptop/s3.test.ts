import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe } from 'vitest';
import { bucketNames, s3Suite } from '../s3/index.ts';
import { declareSuite } from '../suite.ts';
import { type Laptop, startLaptop } from './laptop.ts';

const bucket = (BucketName: string, more: object = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName, ...more },
});
const Resources = {
  Plain: bucket(bucketNames.bucket),
  Versioned: bucket(bucketNames.versioned, { VersioningConfiguration: { Status: 'Enabled' } }),
};

let laptop: Laptop;
let client: S3Client;

beforeAll(async () => {
  laptop = await startLaptop({ template: { Resources } });
  client = new S3Client(laptop.config);
});
afterAll(async () => {
  client?.destroy();
  await laptop?.stop();
});

describe('S3 of the laptop runtime', () => {
  declareSuite(s3Suite, () => ({ client, ...bucketNames }));
});
