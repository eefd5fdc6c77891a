import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Counters, sum } from './counters.ts';
import type { RecordedRequest } from './request-log.ts';

/** Requests by price class: PUT, COPY, POST and LIST cost twelve times as much as GET; DELETE is free. */
export function countS3Requests(requests: readonly RecordedRequest[]): Counters {
  return requests.map(({ operation }) => requestClass(operation)).reduce(sum, {});
}

function requestClass(operation: string): Counters {
  const [method = '', address = ''] = operation.split(' ');
  const isBucket = address.split('/').filter((part) => part !== '').length < 2;
  if (method === 'DELETE') return {};
  if (method === 'PUT' || method === 'POST' || isBucket) return { 's3.putRequests': 1 };
  return { 's3.getRequests': 1 };
}

/** Versions and delete markers, each of which S3 told EventBridge of, and the bytes of all versions. */
export async function countObjects(
  aws: ConstructorParameters<typeof S3Client>[0] & object,
  buckets: readonly string[],
): Promise<Counters> {
  const client = new S3Client(aws);
  let events = 0;
  let storedBytes = 0;
  for (const bucket of buckets) {
    for await (const { Versions = [], DeleteMarkers = [] } of versionsOf(client, bucket)) {
      events += Versions.length + DeleteMarkers.length;
      storedBytes += Versions.reduce((bytes, { Size }) => bytes + (Size ?? 0), 0);
    }
  }
  return { 's3.events': events, 's3.storedBytes': storedBytes };
}

async function* versionsOf(
  client: S3Client,
  Bucket: string,
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, ...markers }));
    yield page;
    if (!page.IsTruncated) return;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}
