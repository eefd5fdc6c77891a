import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  getOnlineFeatures,
  readFeatureErasure,
  readFeatureFreshness,
  readFeatureService,
  requestFeatureErasure,
  sendFeatureRecords,
} from '#services/feature-store/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import type { Violation } from '#shared/kernel/errors.ts';
import { resourcePrefix, tableName } from '#shared/kernel/names.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import type { Problem } from '#shared/lambda/problem.ts';
import { RunningPlatform } from './running-platform.ts';

const project = 'rides';
const params = { project };
const projectFile = `name: rides
owners: [ada]
data:
  primaryKey: id
  columns:
    id: { type: string }
    note: { type: string }
features:
  entities:
    driver: { joinKeys: { driver_id: string } }
  sources:
    trips:
      type: stream
      columns: { driver_id: string, rating: number, fare: integer, city: string }
    fares:
      type: stream
      columns: { driver_id: string, rating: number, fare: integer, city: string }
  featureViews:
    driver_latest:
      entities: [driver]
      source: trips
      schema: { rating: number, city: string }
      ttl: 1h
    driver_windows:
      entities: [driver]
      source: fares
      aggregations:
        trips_1h: { function: count, window: 1h }
        fares_1h: { function: sum, column: fare, window: 1h }
  onDemandFeatureViews:
    trip:
      request: { distance: number }
      views: [driver_latest]
      features:
        worth: { type: number, expression: rating * distance }
  featureServices:
    dispatch: { features: [driver_latest, driver_windows, trip] }
`;

const platform = new RunningPlatform();
const clientConfig = () => {
  const { awsUrl, region, credentials } = platform.runtime.endpoints;
  return { endpoint: awsUrl, region, credentials };
};

beforeAll(async () => {
  await platform.start();
  const { status: applied, problem } = await platform.call(applyProject, { params, body: projectFile });
  expect(applied, JSON.stringify(problem)).toBe(200);
  await platform.eventually('the feature service', async () => {
    const { status } = await platform.call(readFeatureService, { params: { project, service: 'dispatch' } });
    return status === 200 ? true : undefined;
  });
});
afterAll(() => platform.close());

const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

const violatedPaths = ({ violations }: Problem) =>
  (violations as readonly Violation[] | undefined)?.map(({ path }) => path);

const send = (view: string, records: readonly object[], recordIds?: readonly string[]) =>
  platform.call(sendFeatureRecords, { params: { project, view }, body: { records, recordIds } });

async function ask(drivers: readonly string[], distances: readonly number[]) {
  const { status, body, problem } = await platform.call(getOnlineFeatures, {
    params,
    body: {
      featureService: 'dispatch',
      entities: { driver_id: drivers },
      request: { distance: distances },
    },
  });
  if (status !== 200) return { problem, rows: [] };
  const rows = drivers.map((_driver, row) =>
    Object.fromEntries(
      body.metadata.featureNames.map((name, place) => [
        name,
        [body.results[place]!.values[row], body.results[place]!.statuses[row]],
      ]),
    ),
  );
  return { problem, rows };
}

/** The index of landed files, as the table has it. */
async function landedFiles(view: string) {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig()));
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: tableName('local', 'feature-store'),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `RECORDS#${project}#${view}` },
    }),
  );
  return Items as { object: { uri: string }; format: string; rows: number; replaces?: string[] }[];
}

async function landedIds(view: string): Promise<string[]> {
  const files = await landedFiles(view);
  const texts = await Promise.all(
    files
      .filter(({ format }) => format === 'jsonl')
      .map(async ({ object }) => (await platform.read('data', parseS3Uri(object.uri).key)).toString('utf8')),
  );
  return texts
    .flatMap((text) => text.trim().split('\n'))
    .map((line) => (JSON.parse(line) as { _record_id: string })._record_id)
    .sort();
}

describe('records of a stream', () => {
  it('are answered online at once, each counted once, and land in a file', async () => {
    const records = [
      { driver_id: 'd1', event_timestamp: secondsAgo(20), rating: 4.5, fare: 10, city: 'Oslo' },
      { driver_id: 'd1', event_timestamp: secondsAgo(40), rating: 3, fare: 7, city: 'Rome' },
      { driver_id: 'd2', event_timestamp: secondsAgo(7200), rating: 2, fare: 5 },
    ];
    for (const view of ['driver_latest', 'driver_windows']) {
      const first = await send(view, records, ['r1', 'r2', 'r3']);
      expect(first).toMatchObject({ status: 202, body: { accepted: 3, duplicates: 0 } });
      const second = await send(view, records, ['r1', 'r2', 'r3']);
      expect(second.body).toMatchObject({ accepted: 0, duplicates: 3 });
    }
    const { rows } = await ask(['d1', 'd2', 'd3'], [2, 3, 4]);
    expect(rows).toEqual([
      {
        rating: [4.5, 'PRESENT'],
        city: ['Oslo', 'PRESENT'],
        trips_1h: [2, 'PRESENT'],
        fares_1h: [17, 'PRESENT'],
        worth: [9, 'PRESENT'],
      },
      {
        rating: [null, 'EXPIRED'],
        city: [null, 'EXPIRED'],
        trips_1h: [null, 'NOT_FOUND'],
        fares_1h: [null, 'NOT_FOUND'],
        worth: [null, 'PRESENT'],
      },
      {
        rating: [null, 'NOT_FOUND'],
        city: [null, 'NOT_FOUND'],
        trips_1h: [null, 'NOT_FOUND'],
        fares_1h: [null, 'NOT_FOUND'],
        worth: [null, 'PRESENT'],
      },
    ]);
    const ids = await platform.eventually('the landed file', async () => {
      const landed = await landedIds('driver_windows');
      return landed.length >= 3 ? landed : undefined;
    });
    expect(ids).toEqual(['r1', 'r2', 'r3']);
    const fresh = await platform.eventually('how fresh the view is', async () => {
      const { body } = await platform.call(readFeatureFreshness, { params });
      return body.views.find(({ view, newestEventAt }) => view === 'driver_windows' && newestEventAt);
    });
    expect(Date.parse(fresh.newestEventAt!)).toBe(Date.parse(records[0]!.event_timestamp));
  });

  it('come by the queue too, and what is wrong there goes to the dead letters alone', async () => {
    const sqs = new SQSClient(clientConfig());
    const queueUrl = async (name: string) =>
      (await sqs.send(new GetQueueUrlCommand({ QueueName: `${resourcePrefix('local')}-${name}` }))).QueueUrl!;
    const QueueUrl = await queueUrl('feature-records');
    const record = { driver_id: 'q1', event_timestamp: secondsAgo(5), fare: 4 };
    const good = { project, view: 'driver_windows', records: [record], recordIds: ['q-1'] };
    for (const message of [good, { ...good, view: 'no_such_view' }, good])
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
    const counted = await platform.eventually('the value', async () => {
      const [row] = (await ask(['q1'], [1])).rows;
      return row?.['trips_1h']?.[0] === null ? undefined : row;
    });
    expect(counted).toMatchObject({ trips_1h: [1, 'PRESENT'], fares_1h: [4, 'PRESENT'] });
  });

  it('are all refused where one is wrong, naming each place', async () => {
    const good = { driver_id: 'd9', event_timestamp: secondsAgo(1), fare: 1 };
    const { status, problem } = await send('driver_windows', [
      good,
      { ...good, fare: 1.5, rated: 4 },
      { event_timestamp: 'yesterday' },
    ]);
    expect({ status, code: problem.code }).toEqual({ status: 400, code: 'InvalidRecords' });
    expect(violatedPaths(problem)).toEqual([
      'records/1/rated',
      'records/1/fare',
      'records/2/driver_id',
      'records/2/event_timestamp',
    ]);
    const early = await send('driver_windows', [{ ...good, event_timestamp: secondsAgo(-60) }]);
    expect(early.problem.code).toBe('EventTimeInFuture');
    expect((await ask(['d9'], [1])).rows[0]).toMatchObject({ trips_1h: [null, 'NOT_FOUND'] });
  });

  it('are put together as Parquet, and the small files go with the next hour', async () => {
    const before = await platform.eventually('landed files', async () => {
      const files = await landedFiles('driver_latest');
      return files.length > 0 ? files : undefined;
    });
    await platform.eventually('the Parquet file', async () => {
      await platform.invoke('feature-store', 'every-hour-records', {});
      const files = await landedFiles('driver_latest');
      return files.every(({ format }) => format === 'parquet') ? files : undefined;
    });
    const [merged] = await landedFiles('driver_latest');
    expect(merged).toMatchObject({ format: 'parquet', rows: 3 });
    expect(merged?.replaces).toEqual(before.map(({ object }) => object.uri));
    await platform.invoke('feature-store', 'every-hour-records', {});
    const [settled] = await landedFiles('driver_latest');
    expect(settled?.replaces).toBeUndefined();
    const { key } = parseS3Uri(before[0]!.object.uri);
    await expect(platform.read('data', key)).rejects.toThrow();
  }, 150_000);
});

describe('a record of an entity that was erased', () => {
  it('does not land again when the stream hands it over again', async () => {
    const record = { driver_id: 'e1', event_timestamp: secondsAgo(5), fare: 4 };
    await send('driver_windows', [record], ['e-1']);
    await platform.eventually('its file', async () =>
      (await landedIds('driver_windows')).includes('e-1') ? true : undefined,
    );
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig()));
    const { Item } = await documents.send(
      new GetCommand({
        TableName: tableName('local', 'feature-store'),
        Key: { pk: `RECORD#${project}#driver_windows#e-1`, sk: 'RECORD' },
      }),
    );
    const { body } = await platform.call(requestFeatureErasure, {
      params,
      body: { entity: 'driver', keys: [{ driver_id: 'e1' }], reason: 'Consent was withdrawn.' },
    });
    await platform.eventually('the end of the erasure', async () => {
      const erasure = { params: { project, erasureId: body.erasureId } };
      return (await platform.call(readFeatureErasure, erasure)).body.status === 'done' ? true : undefined;
    });
    const files = await landedFiles('driver_windows');
    const NewImage = marshall(Item!);
    const other = marshall({ ...Item, recordId: 'e-2', line: String(Item?.['line']).replaceAll('e1', 'e2') });
    for (const images of [[NewImage], [NewImage, other]])
      await platform.invoke('feature-store', 'land-records', {
        Records: images.map((image) => ({ dynamodb: { NewImage: image } })),
      });
    const after = await landedFiles('driver_windows');
    expect(after.filter(({ object }) => files.every((file) => file.object.uri !== object.uri))).toMatchObject(
      [{ rows: 1 }],
    );
    expect((await ask(['e1'], [1])).rows[0]).toMatchObject({ trips_1h: [null, 'NOT_FOUND'] });
  });
});

describe('a new version of a view', () => {
  it('is filled with the records from before it, put together or not, once each', async () => {
    const at = (minutes: number, fare: number) => ({
      driver_id: 'v1',
      event_timestamp: secondsAgo(minutes * 60),
      fare,
    });
    await send('driver_windows', [at(90, 5), at(1, 2)], ['v-1', 'v-2']);
    const changed = projectFile
      .replace('trips_1h: { function: count, window: 1h }', 'trips_1h: { function: count, window: 2h }')
      .replace('ttl: 1h', 'ttl: 2h');
    const { status } = await platform.call(applyProject, { params, body: changed });
    expect(status).toBe(200);
    await platform.eventually('version 2 of the service', async () => {
      const { body } = await platform.call(readFeatureService, { params: { project, service: 'dispatch' } });
      return body?.versions?.length === 2 || body?.version === 2 ? true : undefined;
    });
    await send('driver_windows', [at(1, 1)], ['v-3']);
    const [filled] = await platform.eventually(
      'earlier records',
      async () => {
        const { rows } = await ask(['v1', 'd1'], [1, 1]);
        return rows[0]?.['trips_1h']?.[0] === 3 ? rows : undefined;
      },
      { timeoutMs: 200_000 },
    );
    expect(filled).toMatchObject({ trips_1h: [3, 'PRESENT'], fares_1h: [3, 'PRESENT'] });
    await send('driver_windows', [at(1, 1)], ['v-3']);
    expect((await ask(['v1'], [1])).rows[0]).toMatchObject({ trips_1h: [3, 'PRESENT'] });
  }, 300_000);
});

describe('a request for online values', () => {
  it('names each place that is wrong', async () => {
    const { problem } = await platform.call(getOnlineFeatures, {
      params,
      body: {
        featureService: 'dispatch',
        entities: { driver_id: ['d1', 7], driverid: ['x'] },
        request: { distance: ['far'] },
      },
    });
    expect(problem.code).toBe('InvalidEntities');
    expect(violatedPaths(problem)).toEqual([
      'entities/driverid',
      'request/distance',
      'entities/driver_id/1',
      'request/distance/0',
    ]);
  });

  it('names features by view, and what is not there', async () => {
    const body = {
      features: ['driver_latest:rating', 'driver_latest:none'],
      entities: { driver_id: ['d1'] },
    };
    const { problem } = await platform.call(getOnlineFeatures, { params, body });
    expect(problem).toMatchObject({ code: 'InvalidFeatures', violations: [{ path: 'features/1' }] });
    const good = { ...body, features: ['driver_latest:rating'], fullFeatureNames: true };
    const answer = await platform.call(getOnlineFeatures, { params, body: good });
    expect(answer.body.metadata.featureNames).toEqual(['driver_latest__rating']);
  });
});
