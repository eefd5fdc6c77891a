import { Readable } from 'node:stream';
import { CloudWatchClient, PutMetricDataCommand, type StandardUnit } from '@aws-sdk/client-cloudwatch';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { AwsError, type RuntimeContext } from '../emulated-service.ts';
import { createLogWriter } from './log-writer.ts';
import { createServiceEvents } from './service-events.ts';

/** The parts of the runtime that SageMaker uses, and how to let go of them. */
export interface EmulatorApis extends Pick<RuntimeContext, 's3' | 'events' | 'cloudwatch' | 'logs'> {
  /** Writes what is still to be written and closes the connections. */
  close(): Promise<void>;
}

/** S3, events, metrics and logs of an emulator, by AWS SDK clients with the credentials of the environment. */
export function emulatorApis(
  config: { readonly endpoint: string; readonly region: string },
  accountId: string,
  log: RuntimeContext['log'],
): EmulatorApis {
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const events = createServiceEvents(config, accountId);
  const metrics = new CloudWatchClient(config);
  const logs = createLogWriter(config, (problem) => log('sagemaker', problem));
  return {
    s3: s3Api(s3),
    events: events.api,
    cloudwatch: {
      putMetricData(namespace, points) {
        const command = new PutMetricDataCommand({ Namespace: namespace, MetricData: points.map(datum) });
        metrics.send(command).catch((error: unknown) => log('sagemaker', `metrics not sent: ${error}`));
      },
    },
    logs: logs.api,
    async close() {
      await logs.close();
      events.close();
      for (const client of [s3, metrics]) client.destroy();
    },
  };
}

function s3Api(client: S3Client): RuntimeContext['s3'] {
  return {
    getObject: (Bucket, Key) =>
      asAwsErrors(async () => {
        const { Body, ETag = '' } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), etag: ETag };
      }),
    putObject: (Bucket, Key, Body, ContentType) =>
      asAwsErrors(async () => {
        const put = new PutObjectCommand({ Bucket, Key, Body, ...(ContentType ? { ContentType } : {}) });
        const { ETag = '' } = await client.send(put);
        return { etag: ETag };
      }),
    readObject: (Bucket, Key) =>
      asAwsErrors(async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return Body instanceof Readable ? Body : Readable.from([]);
      }),
    writeObject: (Bucket, Key, Body, ContentLength) =>
      asAwsErrors(async () => {
        await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength }));
      }),
    listKeys: (Bucket, Prefix) =>
      asAwsErrors(async () => {
        const keys: string[] = [];
        for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix }))
          keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
        return keys;
      }),
  };
}

/** A job tells its caller of S3's refusals by their AWS names. */
async function asAwsErrors<Value>(call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === undefined) throw error;
    throw new AwsError(name, message, $metadata.httpStatusCode);
  }
}

type Point = Parameters<RuntimeContext['cloudwatch']['putMetricData']>[1][number];

const datum = ({ name, value, unit, dimensions, timestampMs }: Point) => ({
  MetricName: name,
  Value: value,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  ...(unit ? { Unit: unit as StandardUnit } : {}),
  ...(timestampMs === undefined ? {} : { Timestamp: new Date(timestampMs) }),
});
