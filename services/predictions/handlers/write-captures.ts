import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { documentClient } from '#shared/aws/clients.ts';
import { putObject } from '#shared/aws/objects.ts';
import { createTable } from '#shared/aws/table.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { loggedFailure } from '#shared/lambda/event.ts';
import type { CapturedPrediction, GroundTruthLabel } from '../contract.ts';
import { captureEnvironment } from '../env.ts';
import { jsonLines, jsonLinesType } from '../store/capture-objects.ts';
import { labelsPrefix, predictionPrefix, unpack } from '../store/captures.ts';
import type { CaptureItem } from '../store/items.ts';
import { type CaptureBatch, writeCaptures } from '../use-cases/write-captures.ts';
import { openErasing } from './composition.ts';

const environment = readEnvironment(captureEnvironment);
const table = createTable(documentClient(), environment.TABLE_NAME);
/** A transaction takes at most 100 items. */
const eventsPerCommit = 90;

const write = (key: string, lines: readonly unknown[]) =>
  putObject({ bucket: environment.CAPTURES_BUCKET, key }, jsonLines(lines), jsonLinesType);
const deps = { ...openErasing(environment), clock: systemClock, write, publish };

async function publish(events: readonly DomainEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += eventsPerCommit)
    await table.commit({ writes: [], events: events.slice(from, from + eventsPerCommit) });
}

/** Lambda hands binary attributes of a stream record over as base64 text. */
function itemOf({ dynamodb }: DynamoDBRecord): CaptureItem {
  const image = unmarshall(dynamodb?.NewImage as Parameters<typeof unmarshall>[0]) as CaptureItem;
  return { ...image, body: Buffer.from(String(image.body), 'base64') };
}

/** New captures off the table’s stream, many at a time, become files. All or nothing: the batch is tried again as a whole. */
export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>()
  .use(loggedFailure())
  .handler(async ({ Records }) => {
    const items = Records.map(itemOf);
    const batch: CaptureBatch = {
      predictions: items
        .filter((item) => item.pk.startsWith(predictionPrefix))
        .flatMap((item) => unpack<CapturedPrediction>(item.body)),
      labels: items
        .filter((item) => item.pk.startsWith(labelsPrefix))
        .map((item) => ({
          project: item.project,
          batchId: `${item.pk.slice(labelsPrefix.length)}-${item.sk.slice(-4)}`,
          lines: unpack<GroundTruthLabel>(item.body),
        })),
    };
    await writeCaptures(deps, batch);
    return { batchItemFailures: [] };
  });
