import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe } from 'vitest';
import { sqsSuite } from '../wire/sqs/index.ts';
import { declareSuite } from '../wire/suite.ts';
import { elasticmqDifferences, ministackDifferences } from './known/sqs.ts';
import { elasticmq, elasticmqVersion, startElasticmq } from './parts/elasticmq.ts';
import { ministack, ministackVersion, startMinistack } from './parts/ministack.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { anyClient, type ForeignServer } from './parts/server.ts';

const queueServer = await part(elasticmq);
const emulator = await part(ministack);

const implementations = [
  {
    title: `SQS as in ElasticMQ ${elasticmqVersion}`,
    have: queueServer,
    start: () => startElasticmq(theValue(queueServer)),
    known: elasticmqDifferences,
  },
  {
    title: `SQS as in MiniStack ${ministackVersion}`,
    have: emulator,
    start: () => startMinistack({ program: theValue(emulator) }),
    known: ministackDifferences,
  },
];

for (const { title, have, start, known } of implementations) {
  describe.skipIf(have.missing)(checkTitle(title, have), () => {
    let server: ForeignServer;
    let client: SQSClient;
    beforeAll(async () => {
      server = await start();
      client = new SQSClient(anyClient(server.url));
    });
    afterAll(async () => {
      client?.destroy();
      await server?.stop();
    });
    declareSuite(sqsSuite, () => ({ client }), known);
  });
}
