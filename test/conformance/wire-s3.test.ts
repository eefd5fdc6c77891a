import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe } from 'vitest';
import { bucketNames, s3Suite } from '../wire/s3/index.ts';
import { declareSuite } from '../wire/suite.ts';
import { ministackDifferences, motoDifferences } from './known/s3.ts';
import { ministack, ministackVersion, startMinistack } from './parts/ministack.ts';
import { moto, motoVersion, startMoto } from './parts/moto.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { anyClient, type ForeignServer } from './parts/server.ts';

const objectServer = await part(moto);
const emulator = await part(ministack);

const implementations = [
  {
    title: `S3 as in moto ${motoVersion}`,
    have: objectServer,
    start: () => startMoto(theValue(objectServer)),
    known: motoDifferences,
  },
  {
    title: `S3 as in MiniStack ${ministackVersion}`,
    have: emulator,
    start: () => startMinistack({ program: theValue(emulator) }),
    known: ministackDifferences,
  },
];

async function makeBuckets(client: S3Client): Promise<void> {
  for (const Bucket of Object.values(bucketNames)) await client.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await client.send(
    new PutBucketVersioningCommand({ Bucket: bucketNames.versioned, VersioningConfiguration }),
  );
}

for (const { title, have, start, known } of implementations) {
  describe.skipIf(have.missing)(checkTitle(title, have), () => {
    let server: ForeignServer;
    let client: S3Client;
    beforeAll(async () => {
      server = await start();
      client = new S3Client(anyClient(server.url));
      await makeBuckets(client);
    });
    afterAll(async () => {
      client?.destroy();
      await server?.stop();
    });
    declareSuite(s3Suite, () => ({ client, ...bucketNames }), known);
  });
}
