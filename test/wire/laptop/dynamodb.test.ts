import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { type DynamoDbSubject, dynamoDbSuite, prepareDynamoDb } from '../dynamodb/index.ts';
import { declareSuite } from '../suite.ts';
import { type Laptop, startLaptop } from './laptop.ts';

let laptop: Laptop;
let subject: DynamoDbSubject;

beforeAll(async () => {
  laptop = await startLaptop();
  const { dynamodb } = laptop.runtime.services;
  subject = await prepareDynamoDb(
    new DynamoDBClient(laptop.config),
    (streamArn) => dynamodb.readStream(streamArn, '0', 100_000) as ReturnType<DynamoDbSubject['readStream']>,
  );
});
afterAll(async () => {
  subject.client.destroy();
  await laptop.stop();
});

describe('DynamoDB of the laptop runtime', () => {
  declareSuite(dynamoDbSuite, () => subject);
});
