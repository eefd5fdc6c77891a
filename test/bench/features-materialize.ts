import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { OnlineRow } from '#services/feature-store/ports.ts';
import { rowItem } from '#services/feature-store/store/online-items.ts';
import { createOnlineValues } from '#services/feature-store/store/online-values.ts';
import { createTable } from '#shared/aws/table.ts';
import { createDynamoDb } from '../../scripts/local/dynamodb/index.ts';
import type { AwsRequest } from '../../scripts/local/emulated-service.ts';
import { makeTestContext } from '../../scripts/local/testing/serve-one.ts';
import type { Measurement } from './measurement.ts';

const rowCount = 10_000;
const rowsPerSecondGoal = 20_000;
const repeats = 3;
const tableName = 'bench';
const view = { project: 'bench', view: 'driver_stats', version: 1 };
/** Microseconds of the first of January 2026. */
const firstEventAt = 1_767_225_600_000_000;

/**
 * Puts rows online as a part of a materialization does, one conditional PutItem each, into the laptop runtime's table engine in this process:
 * without network, and without the file of the part.
 */
export async function materializationMeasurements(
  folder: string,
  say: (line: string) => void,
): Promise<Measurement[]> {
  const rows = Array.from({ length: rowCount }, (_, place) => rowOf(place));
  const seconds: number[] = [];
  for (let run = 1; run <= repeats; run++) {
    say(`${rowCount} rows online, run ${run} of ${repeats}`);
    seconds.push(await secondsToPut(`${folder}/run-${run}`, rows));
  }
  const bytes = sizeOf(rowItem(view, rows[0]!, undefined));
  return [
    {
      title: `${rowCount.toLocaleString('en')} rows of five features put online (${Math.ceil(bytes / 1024)} write request unit each: an item has ${bytes} bytes)`,
      unit: 's',
      values: seconds,
      limit: rowCount / rowsPerSecondGoal,
    },
  ];
}

function rowOf(place: number): OnlineRow {
  const eventAt = firstEventAt + place * 1_000_000;
  return {
    key: [`driver-${String(place).padStart(7, '0')}`],
    eventAt,
    availableAt: eventAt,
    tie: String(place).padStart(12, '0'),
    values: {
      trips: place % 1000,
      rating: (place % 50) / 10,
      distance_km: place / 7,
      city: `city-${place % 40}`,
      is_active: place % 3 === 0,
    },
  };
}

async function secondsToPut(dataDir: string, rows: readonly OnlineRow[]): Promise<number> {
  const dynamodb = createDynamoDb(makeTestContext({ dataDir, now: Date.now }));
  await dynamodb.start();
  try {
    await dynamodb.provision({
      stackName: 'bench',
      logicalId: 'Bench',
      type: 'AWS::DynamoDB::Table',
      properties: {
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      },
    });
    const online = createOnlineValues(createTable(clientOf(dynamodb), tableName));
    const startedMs = performance.now();
    const { put } = await online.put(view, rows, {});
    const seconds = (performance.now() - startedMs) / 1000;
    if (put !== rows.length) throw new Error(`${put} of ${rows.length} rows were put.`);
    return seconds;
  } finally {
    await dynamodb.stop();
  }
}

/** A client whose requests go to the engine without a socket. */
function clientOf(dynamodb: ReturnType<typeof createDynamoDb>): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: {
      handle: async (request: { headers: Record<string, string>; body: string }) => {
        const body = Buffer.from(request.body);
        const answer = await dynamodb.handle({
          requestId: 'bench',
          method: 'POST',
          rawPath: '/',
          query: new URLSearchParams(),
          headers: request.headers,
          get stream(): never {
            throw new Error('The body is read as bytes.');
          },
          bytes: async () => body,
          principal: { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator' },
          signingName: 'dynamodb',
        } as unknown as AwsRequest);
        return {
          response: {
            statusCode: answer.status,
            headers: { 'content-type': 'application/x-amz-json-1.0' },
            body: Buffer.from(String(answer.body)),
          },
        };
      },
    } as never,
  });
  return DynamoDBDocumentClient.from(client);
}

/** Bytes of an item as DynamoDB counts them: names and texts in UTF-8, numbers by their digits. */
function sizeOf(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    const valueBytes =
      typeof value === 'number' ? Math.ceil(String(value).length / 2) + 1 : Buffer.byteLength(String(value));
    return sum + Buffer.byteLength(name) + valueBytes;
  }, 0);
}
