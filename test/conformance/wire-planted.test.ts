import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Laptop, startLaptop } from '../integration/laptop.ts';
import { conditionSuite } from '../wire/dynamodb/conditions.ts';
import { type DynamoDbSubject, prepareDynamoDb } from '../wire/dynamodb/index.ts';
import { transactionSuite } from '../wire/dynamodb/transactions.ts';
import { differingCases, judge } from '../wire/suite.ts';
import { forgetting, renaming } from './parts/lying-client.ts';

/** Clients lie about the laptop runtime, which agrees with every case; the cases that fail must be those that the lie concerns. */
describe('wire suites find planted faults', () => {
  let laptop: Laptop;
  beforeAll(async () => {
    laptop = await startLaptop();
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

  it('in the known differences, one that is none any more', async () => {
    const known = { does: 'nothing', source: 'https://docs.aws.amazon.com' };
    await expect(judge(Promise.resolve(), known)).rejects.toThrow(
      'agrees with AWS now; drop the known difference "nothing"',
    );
    await expect(judge(Promise.reject(new Error('differs')), known)).resolves.toBeUndefined();
  });
});
