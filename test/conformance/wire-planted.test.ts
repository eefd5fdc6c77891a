import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionSuite } from '../wire/dynamodb/conditions.ts';
import { type DynamoDbSubject, prepareDynamoDb } from '../wire/dynamodb/index.ts';
import { transactionSuite } from '../wire/dynamodb/transactions.ts';
import { patternSuite } from '../wire/events/index.ts';
import { type Laptop, startLaptop } from '../wire/laptop/laptop.ts';
import { conditionSuite as objectConditionSuite } from '../wire/s3/conditions.ts';
import { bucketNames } from '../wire/s3/index.ts';
import { messageSuite } from '../wire/sqs/messages.ts';
import { definitionSuite } from '../wire/states/definitions.ts';
import type { StatesSubject } from '../wire/states/index.ts';
import { differingCases, judge } from '../wire/suite.ts';
import { forgetting, renaming } from './parts/lying-client.ts';

const buckets = Object.fromEntries(
  Object.entries(bucketNames).map(([id, BucketName]) => [
    id,
    { Type: 'AWS::S3::Bucket', Properties: { BucketName } },
  ]),
);

/** Clients lie about the laptop runtime, which agrees with every case; the cases that fail must be those that the lie concerns. */
describe('wire suites find planted faults', () => {
  let laptop: Laptop;
  beforeAll(async () => {
    laptop = await startLaptop({ template: { Resources: buckets } });
  });
  afterAll(() => laptop?.stop());

  describe('in DynamoDB', () => {
    let truthful: DynamoDbSubject;
    beforeAll(async () => {
      truthful = await prepareDynamoDb(new DynamoDBClient(laptop.config), async () => []);
    });
    const fresh = () => new DynamoDBClient(laptop.config);

    it('conditions that are ignored', async () => {
      const client = forgetting(fresh(), 'ConditionExpression');
      expect(await differingCases(conditionSuite, { ...truthful, client })).toEqual(
        expect.arrayContaining([
          'lets one of twenty racing writers win',
          'fails an update of an item that is not there, and creates nothing',
          'finds that begins_with(aText, :b) does not hold',
        ]),
      );
    });

    it('tokens of transactions that are ignored', async () => {
      const client = forgetting(fresh(), 'ClientRequestToken');
      expect(await differingCases(transactionSuite, { ...truthful, client })).toEqual([
        'with a token is done once',
        'refuses a token that served another request',
      ]);
    });

    it('another error code', async () => {
      const client = renaming(fresh(), 'IdempotentParameterMismatchException', 'ValidationException');
      expect(await differingCases(transactionSuite, { ...truthful, client })).toEqual([
        'refuses a token that served another request',
      ]);
    });
  });

  it('in S3, conditions of a write that are ignored', async () => {
    const client = forgetting(new S3Client(laptop.config), 'IfNoneMatch');
    expect(await differingCases(objectConditionSuite, { client, ...bucketNames })).toEqual([
      'lets one of twenty racing writers create an object',
      'refuses to create an object that is there',
      'answers the conditions of a read',
    ]);
  });

  it('in SQS, a visibility timeout that is ignored', async () => {
    const client = forgetting(new SQSClient(laptop.config), 'VisibilityTimeout');
    expect(await differingCases(messageSuite, { client })).toEqual(
      expect.arrayContaining([
        'hides a received message until it is made visible again',
        'gives a message again when its visibility ends',
      ]),
    );
  });

  it('in event patterns, matching that ignores the case of letters', async () => {
    const client = new EventBridgeClient(laptop.config);
    const matches = async (pattern: string, event: string) => {
      const test = { EventPattern: pattern.toLowerCase(), Event: event.toLowerCase() };
      return (await client.send(new TestEventPatternCommand(test))).Result === true;
    };
    expect(await differingCases(patternSuite, { matches })).toEqual(
      expect.arrayContaining(['does not match: another string', 'does not match: a prefix in another case']),
    );
  });

  it('in Step Functions, a validation that finds nothing', async () => {
    const client = {
      send: async () => ({ result: 'OK', diagnostics: [] }),
    } as unknown as StatesSubject['client'];
    const found = await differingCases(definitionSuite, { client } as StatesSubject);
    expect(found).toContain('refuses a definition with a dangling Next');
    expect(found).not.toContain('finds nothing wrong with a right definition');
  });

  it('in the known differences, one that is none any more', async () => {
    const known = { does: 'nothing', source: 'https://docs.aws.amazon.com' };
    await expect(judge(Promise.resolve(), known)).rejects.toThrow(
      'agrees with AWS now; drop the known difference "nothing"',
    );
    await expect(judge(Promise.reject(new Error('differs')), known)).resolves.toBeUndefined();
  });
});
