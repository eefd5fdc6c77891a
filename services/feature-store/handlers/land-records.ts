import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { documentClient } from '#shared/aws/clients.ts';
import { putObject } from '#shared/aws/objects.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { loggedFailure } from '#shared/lambda/event.ts';
import { landingEnvironment } from '../env.ts';
import type { LandingRecord } from '../ports.ts';
import { createRecordFiles } from '../store/record-files.ts';
import { createStreamStates } from '../store/view-state.ts';
import { landRecords } from '../use-cases/land-records.ts';

const { TABLE_NAME, DATA_BUCKET } = readEnvironment(landingEnvironment);
const table = createTable(documentClient(), TABLE_NAME);
const deps = {
  files: createRecordFiles(table),
  states: createStreamStates(table),
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
