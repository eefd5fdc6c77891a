import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError, type AwsRequest, type EmulatedService } from '../emulated-service.ts';
import { serveServices } from './serve-one.ts';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
let close: (() => Promise<void>) | undefined;
afterEach(async () => close?.());

function service(signingName: string, handle: EmulatedService['handle']): EmulatedService {
  return {
    name: signingName,
    signingNames: [signingName],
    resourceTypes: [],
    start: async () => undefined,
    provision: async () => ({ ref: '', attributes: {} }),
    authorize: async () => [],
    handle,
    stop: async () => undefined,
  };
}

async function serve(signingName: string, handle: EmulatedService['handle']) {
  const served = await serveServices([() => service(signingName, handle)]);
  close = served.close;
  return { endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 };
}

describe('serveServices', () => {
  it('hands a JSON request to the service that its signature names, body and target readable', async () => {
    let seen: AwsRequest | undefined;
    const client = new DynamoDBClient(
      await serve('dynamodb', async (request) => {
        seen = request;
        const input = JSON.parse((await request.bytes()).toString());
        return { status: 200, body: JSON.stringify({ Item: input.Key }) };
      }),
    );
    const answer = await client.send(new GetItemCommand({ TableName: 'abc', Key: { id: { S: '1' } } }));
    expect(answer.Item).toEqual({ id: { S: '1' } });
    expect(seen?.headers['x-amz-target']).toBe('DynamoDB_20120810.GetItem');
    expect(seen?.principal.kind).toBe('operator');
  });

  it('renders a JSON error so that the SDK names its class and carries its members', async () => {
    const client = new DynamoDBClient(
      await serve('dynamodb', async () => {
        throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, {
          Item: { id: { S: '1' } },
        });
      }),
    );
    await expect(
      client.send(new GetItemCommand({ TableName: 'abc', Key: { id: { S: '1' } } })),
    ).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { id: { S: '1' } },
    });
  });

  it('renders a REST-JSON error by header', async () => {
    const client = new LambdaClient(
      await serve('lambda', async () => {
        throw new AwsError('ResourceNotFoundException', 'Function not found: f', 404, { Type: 'User' });
      }),
    );
    await expect(client.send(new GetFunctionCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: f',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('renders an S3 error as XML, even when the body was not read', async () => {
    const client = new S3Client(
      await serve('s3', async () => {
        throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: 'b' });
      }),
    );
    await expect(
      client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'NoSuchBucket', message: 'The specified bucket does not exist' });
  });

  it('answers InternalFailure when a service breaks', async () => {
    const client = new DynamoDBClient(
      await serve('dynamodb', async () => {
        throw new TypeError('a bug');
      }),
    );
    await expect(
      client.send(new GetItemCommand({ TableName: 'abc', Key: { id: { S: '1' } } })),
    ).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  });
});
