import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { type DynamoDbSubject, dynamoDbSuite, prepareDynamoDb } from '../wire/dynamodb/index.ts';
import { declareSuite } from '../wire/suite.ts';
import { dynamoDbLocalDifferences, ministackDifferences } from './known/dynamodb.ts';
import {
  dynamoDbLocal,
  dynamoDbLocalVersion,
  startDynamoDbLocal,
  streamReader,
} from './parts/dynamodb-local.ts';
import { ministack, ministackVersion, startMinistack } from './parts/ministack.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { anyClient, type ForeignServer } from './parts/server.ts';

const local = await part(dynamoDbLocal);
const emulator = await part(ministack);

const implementations = [
  {
    title: `DynamoDB as in DynamoDB Local ${dynamoDbLocalVersion}`,
    have: local,
    start: () => startDynamoDbLocal(theValue(local)),
    known: dynamoDbLocalDifferences,
  },
  {
    title: `DynamoDB as in MiniStack ${ministackVersion}`,
    have: emulator,
    start: () => startMinistack({ program: theValue(emulator) }),
    known: ministackDifferences,
  },
];

for (const { title, have, start, known } of implementations) {
  describe.skipIf(have.missing)(checkTitle(title, have), () => {
    let server: ForeignServer;
    let subject: DynamoDbSubject;
    beforeAll(async () => {
      server = await start();
      const client = new DynamoDBClient(anyClient(server.url));
      subject = await prepareDynamoDb(client, streamReader(server.url));
    });
    afterAll(async () => {
      subject?.client.destroy();
      await server?.stop();
    });
    declareSuite(dynamoDbSuite, () => subject, known);
  });
}
