import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe } from 'vitest';
import { sqsSuite } from '../sqs/index.ts';
import { declareSuite } from '../suite.ts';
import { type Laptop, startLaptop } from './laptop.ts';

let laptop: Laptop;
let client: SQSClient;

beforeAll(async () => {
  laptop = await startLaptop();
  client = new SQSClient(laptop.config);
});
afterAll(async () => {
  client?.destroy();
  await laptop?.stop();
});

describe('SQS of the laptop runtime', () => {
  declareSuite(sqsSuite, () => ({ client }));
});
