import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { documentClient } from '#shared/aws/clients.ts';
import { objectVersions } from '#shared/aws/object-versions.ts';
import { putObject } from '#shared/aws/objects.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { loggedFailure } from '#shared/lambda/event.ts';
import { landingEnvironment } from '../env.ts';
import type { LandingRecord } from '../ports.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { createFeatureErasureStore } from '../store/feature-erasure-store.ts';
import { createOnlineValues } from '../store/online-values.ts';
import { createRecordFiles } from '../store/record-files.ts';
import { createRecordItems } from '../store/record-items.ts';
import { createViewStates } from '../store/view-state.ts';
import { landRecords } from '../use-cases/land-records.ts';

const { TABLE_NAME, DATA_BUCKET } = readEnvironment(landingEnvironment);
const table = createTable(documentClient(), TABLE_NAME);
const deps = {
  files: createRecordFiles(table),
  definitions: createDefinitionStore(table),
  recordItems: createRecordItems(table),
  online: createOnlineValues(table),
  erasures: createFeatureErasureStore(table),
  states: createViewStates(table),
  objects: objectVersions,
  clock: systemClock,
  write: (key: string, lines: readonly string[]) =>
    putObject({ bucket: DATA_BUCKET, key }, `${lines.join('\n')}\n`, 'application/jsonl'),
};

/** New records off the table's stream, many at a time, become files. All or nothing: the batch is tried again as a whole. */
export const handler = middy<DynamoDBStreamEvent, DynamoDBBatchResponse>()
  .use(loggedFailure())
  .handler(async ({ Records }) => {
    const records = Records.map(
      ({ dynamodb }) =>
        unmarshall(dynamodb?.NewImage as Parameters<typeof unmarshall>[0]) as unknown as LandingRecord,
    );
    await landRecords(deps, records);
    return { batchItemFailures: [] };
  });
