import path from 'node:path';
import { freePort } from '../../../scripts/local/host/free-port.ts';
import type { ReadStream } from '../../wire/dynamodb/index.ts';
import { java, mavenFolder } from './maven.ts';
import { type ForeignServer, startServer } from './server.ts';

/** Version of AWS's own DynamoDB Local. */
export const dynamoDbLocalVersion = '2.6.1';

/** The folder with DynamoDB Local. */
export const dynamoDbLocal = () =>
  mavenFolder({ group: 'com.amazonaws', name: 'DynamoDBLocal', version: dynamoDbLocalVersion });

/** Runs DynamoDB Local in memory, on loopback, without telemetry. */
export async function startDynamoDbLocal(folder: string): Promise<ForeignServer> {
  const port = await freePort();
  const program = path.join(import.meta.dirname, 'java', 'DynamoDbLocal.java');
  const args = [`-Dsqlite4java.library.path=${folder}`, '-cp', path.join(folder, '*'), program, String(port)];
  return await startServer(java, port, { args });
}

/** Reads a change stream by the API of DynamoDB Streams, of a server that checks no signatures. */
export function streamReader(url: string): ReadStream {
  const call = async (operation: string, input: object) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  return async (StreamArn) => {
    const { StreamDescription } = (await call('DescribeStream', { StreamArn })) as {
      StreamDescription: { Shards: { ShardId: string }[] };
    };
    const records = StreamDescription.Shards.map(async ({ ShardId }) => {
      const from = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      const { ShardIterator } = await call('GetShardIterator', from);
      const { Records } = await call('GetRecords', { ShardIterator });
      return Records as Awaited<ReturnType<ReadStream>>;
    });
    return (await Promise.all(records)).flat();
  };
}
