import type { WireSuite } from '../suite.ts';
import { conditionSuite } from './conditions.ts';
import { querySuite } from './queries.ts';
import { readSuite } from './reads.ts';
import type { DynamoDbSubject } from './subject.ts';
import { tableSuite } from './tables.ts';
import { transactionSuite } from './transactions.ts';
import { updateSuite } from './updates.ts';

export { type DynamoDbSubject, prepareDynamoDb, type ReadStream } from './subject.ts';

/** What the services rely on in DynamoDB. */
export const dynamoDbSuite: WireSuite<DynamoDbSubject> = {
  ...conditionSuite,
  ...updateSuite,
  ...transactionSuite,
  ...querySuite,
  ...readSuite,
  ...tableSuite,
};
