import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { OnlineRow } from '#services/feature-store/ports.ts';
import { rowItem } from '#services/feature-store/store/online-items.ts';
import { createOnlineValues } from '#services/feature-store/store/online-values.ts';
import { createTable } from '#shared/aws/table.ts';
import { inParallel } from '#shared/kernel/in-parallel.ts';
import { createDynamoDb } from '../../scripts/local/dynamodb/index.ts';
import type { AwsRequest } from '../../scripts/local/emulated-service.ts';
import { makeTestContext } from '../../scripts/local/testing/serve-one.ts';
import type { Measurement } from './measurement.ts';
import { withFolder } from './temporary-folder.ts';

const rowCount = 10_000;
const rowsPerSecondGoal = 20_000;
const repeats = 3;
const tableName = 'bench';
const view = { project: 'bench', view: 'driver_stats', version: 1 };
/** Microseconds of the first of January 2026. */
const firstEventAt = 1_767_225_600_000_000;
/** As many as a part of a materialization has under way. */
const writesAtOnce = 32;

type Engine = ReturnType<typeof createDynamoDb>;
interface Use {
  readonly seconds: number;
  readonly cpuSeconds: number;
}
type Request = Pick<AwsRequest, 'headers'> & { readonly body: Buffer };

/**
 * Puts rows online as a part of a materialization does, one conditional PutItem each, into the laptop runtime's table engine in this process. The requests are
 * made once by the service's own code, and then given to the engine: into a table like the service's, whose change stream and expiry index grow as well, and into
 * a table alone. Throws where a row is not there afterwards.
 */
export async function measureMaterialization(say: (line: string) => void): Promise<Measurement[]> {
  const rows = Array.from({ length: rowCount }, (_, place) => rowOf(place));
  const requests = await requestsOf(rows);
  const alone: Use[] = [];
  const served: Use[] = [];
  const made: Use[] = [];
  for (let run = 1; run <= repeats; run++) {
    say(`${rowCount} rows online, run ${run} of ${repeats}`);
    alone.push(
      await secondsIn({}, (engine) => inParallel(requests, writesAtOnce, (one) => send(engine, one))),
    );
    served.push(
      await secondsIn(asOfService, (engine) =>
        inParallel(requests, writesAtOnce, (one) => send(engine, one)),
      ),
    );
    made.push(
      await secondsIn(asOfService, (engine) => writerInto((one) => send(engine, one)).put(view, rows, ttl)),
    );
  }
  const bytes = sizeOf(rowItem(view, rows[0]!, ttl.ttlSeconds));
  const count = rowCount.toLocaleString('en');
  return [
    {
      title: `${count} rows of five features put online in the table engine (${Math.ceil(bytes / 1024)} write request unit each: an item has ${bytes} bytes)`,
      unit: 's',
      values: alone.map(({ seconds }) => seconds),
      limit: rowCount / rowsPerSecondGoal,
    },
    { title: '… processor time', unit: 's', values: alone.map(({ cpuSeconds }) => cpuSeconds) },
    {
      title: '… with the change stream and the expiry index of the service’s table',
      unit: 's',
      values: served.map(({ seconds }) => seconds),
    },
    {
      title: '… and with the making of the requests by the AWS SDK',
      unit: 's',
      values: made.map(({ seconds }) => seconds),
    },
  ];
}

const ttl = { ttlSeconds: 30 * 86_400 };
const asOfService = {
  StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};

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

/** What the service sends for rows. */
async function requestsOf(rows: readonly OnlineRow[]): Promise<readonly Request[]> {
  const requests: Request[] = [];
  const writer = writerInto(async (request) => {
    requests.push(request);
    return { status: 200, body: '{}' };
  });
  await writer.put(view, rows, ttl);
  return requests;
}

async function secondsIn(properties: object, write: (engine: Engine) => Promise<unknown>): Promise<Use> {
  return withFolder(async (dataDir) => {
    const engine = createDynamoDb(makeTestContext({ dataDir, now: Date.now }));
    await engine.start();
    try {
      await declareTable(engine, properties);
      const startedMs = performance.now();
      const cpu = process.cpuUsage();
      await write(engine);
      const used = process.cpuUsage(cpu);
      const seconds = (performance.now() - startedMs) / 1000;
      await assertThere(engine);
      return { seconds, cpuSeconds: (used.user + used.system) / 1e6 };
    } finally {
      await engine.stop();
    }
  });
}

const declareTable = (engine: Engine, properties: object) =>
  engine.provision({
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
      ...properties,
    },
  });

async function assertThere(engine: Engine): Promise<void> {
  let count = 0;
  let ExclusiveStartKey: unknown;
  do {
    const { body } = await send(engine, {
      headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' },
      body: Buffer.from(JSON.stringify({ TableName: tableName, Select: 'COUNT', ExclusiveStartKey })),
    });
    const page = JSON.parse(body) as { Count: number; LastEvaluatedKey?: unknown };
    count += page.Count;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  if (count !== rowCount) throw new Error(`${count} of ${rowCount} rows are online.`);
}

/** Gives a request to the engine without a socket. */
async function send(engine: Engine, { headers, body }: Request): Promise<{ status: number; body: string }> {
  const answer = await engine.handle({
    requestId: 'bench',
    method: 'POST',
    rawPath: '/',
    query: new URLSearchParams(),
    headers,
    get stream(): never {
      throw new Error('The body is read as bytes.');
    },
    bytes: async () => body,
    principal: { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator' },
    signingName: 'dynamodb',
  });
  return { status: answer.status, body: String(answer.body) };
}

/** The service's writer, whose requests go to a function instead of a socket. */
function writerInto(answer: (request: Request) => Promise<{ status: number; body: string }>) {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: {
      handle: async ({ headers, body: sent }: { headers: Record<string, string>; body: Uint8Array }) => {
        const { status, body } = await answer({
          headers,
          body: Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength),
        });
        return {
          response: {
            statusCode: status,
            headers: { 'content-type': 'application/x-amz-json-1.0' },
            body: Buffer.from(body),
          },
        };
      },
    } as never,
  });
  return createOnlineValues(createTable(DynamoDBDocumentClient.from(client), tableName));
}

/** Bytes of an item as DynamoDB counts them: names and texts in UTF-8, numbers by their digits. */
function sizeOf(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    const valueBytes =
      typeof value === 'number' ? Math.ceil(String(value).length / 2) + 1 : Buffer.byteLength(String(value));
    return sum + Buffer.byteLength(name) + valueBytes;
  }, 0);
}
