import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ValidationCompleted } from '#events/validation.ts';
import * as contract from '#services/feature-store/contract.ts';
import * as projects from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { functionName, stateMachineName, tableName } from '#shared/kernel/names.ts';
import { localAssemblyWithSwitch } from './assemblies.ts';
import { RunningPlatform } from './running-platform.ts';

/** Off at first: what is stopped then has written nothing, however fast the machine. */
let writesParts = false;
const platform = new RunningPlatform({
  assemble: localAssemblyWithSwitch({
    stack: 'Millrace-local-feature-store',
    functionName: functionName('local', 'feature-store', 'task-write-part'),
    isOff: () => !writesParts,
  }),
  templates: 'local',
});
const restart = async () => {
  await platform.stop();
  await platform.start();
};
const clientConfig = () => {
  const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
  return { endpoint, region, credentials };
};
const projectFile = (name: string, store: 'dynamodb' | 'sagemaker') => `name: ${name}
owners: [ada]
data:
  primaryKey: id
  eventTime: happened_at
  checks: { minRows: 1 }
  columns:
    id: { type: string }
    driver: { type: string }
    happened_at: { type: timestamp }
    rating: { type: number }
    late: { type: number }
target: { column: late, task: regression }
excludeFeatures: [driver]
training: { onNewData: never }
features:
  entities:
    driver: { joinKeys: { driver: string } }
  sources:
    trips: { type: dataset }
  featureViews:
    driver_stats:
      entities: [driver]
      source: trips
      schema: { rating: number }
      store: ${store}
    driver_windows:
      entities: [driver]
      source: trips
      aggregations:
        trips_7d: { function: count, window: 7d }
`;
const apply = async (project: string, store: 'dynamodb' | 'sagemaker' = 'dynamodb') => {
  const { problem } = await platform.call(projects.applyProject, {
    params: { project },
    body: projectFile(project, store),
  });
  expect(problem, JSON.stringify(problem)).not.toHaveProperty('code');
};
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
const csv = (rows: readonly (readonly [id: string, driver: string, at: string, rating: number])[]) =>
  `id,driver,happened_at,rating,late\n${rows.map((row) => `${row.join(',')},0`).join('\n')}\n`;
const upload = (project: string, name: string, content: string) =>
  platform.upload(`incoming/${project}/${name}`, content);
const params = (project: string, view = 'driver_stats') => ({ project, view });
const list = async (project: string, view?: string) =>
  (await platform.call(contract.listMaterializations, { params: params(project, view) })).body.items;
const ended = (project: string, count: number, view?: string) =>
  platform.eventually(`materialization ${count} of ${view ?? 'driver_stats'} of ${project}`, async () => {
    const items = await list(project, view);
    return items.length >= count && items[0]?.status !== 'running' ? items[0] : undefined;
  });

/** Online values of a view by driver, as they lie in the table. */
async function online(project: string, view = 'driver_stats') {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig()));
  const found = new Map<string, Record<string, unknown>>();
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: tableName('local', 'feature-store'),
        FilterExpression: 'begins_with(pk, :pk)',
        ExpressionAttributeValues: { ':pk': `ONLINE#${project}#${view}#` },
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    for (const item of page.Items ?? []) found.set(String(item['pk']).split('#').at(-1)!, item);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}
const ratings = async (project: string) =>
  Object.fromEntries(
    [...(await online(project))].map(([key, { values }]) => [
      JSON.parse(key)[0],
      JSON.parse(String(values)).rating,
    ]),
  );

async function stopExecution(name: string) {
  const states = new SFNClient(clientConfig());
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${stateMachineName('local', 'materialization')}`;
  const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
  const own = executions.find((execution) => execution.name === name)!;
  await states.send(new StopExecutionCommand({ executionArn: own.executionArn! }));
}

beforeAll(() => platform.start());
afterAll(() => platform.close());

describe('a materialization that is stopped on its way', () => {
  const project = 'fleet';
  const entities = 3000;

  it('is resumed, survives a restart, and ends as if nothing had happened', async () => {
    await apply(project);
    const at = hoursAgo(2);
    const rows = Array.from({ length: entities }, (_, i) => [`t${i}`, `d${i}`, at, i % 5] as const);
    await upload(project, 'a.csv', csv(rows));
    const { materializationId } = await platform.eventually('the plan', async () =>
      (await list(project)).find(({ progress }) => progress !== undefined),
    );
    await stopExecution(`${materializationId}-1`);
    const stopped = await ended(project, 1);
    expect(stopped).toMatchObject({ status: 'failed', progress: { parts: 2, partsDone: 0, rows: entities } });

    writesParts = true;
    await restart();
    const resumed = await platform.call(contract.resumeMaterialization, {
      params: { ...params(project), materializationId },
    });
    expect(resumed.status).toBe(202);
    await platform.eventually('the first rows', async () =>
      (await online(project)).size > 0 ? true : undefined,
    );
    await restart();
    expect(await ended(project, 1)).toMatchObject({
      materializationId,
      status: 'done',
      progress: { parts: 2, partsDone: 2, rowsDone: entities },
    });
    const values = await ratings(project);
    expect(Object.keys(values)).toHaveLength(entities);
    expect(values).toMatchObject({ d0: 0, d1: 1, d2999: 4 });
  }, 180_000);
});

describe('a view of a dataset', () => {
  const project = 'taxi';

  it('is online some seconds after its data was validated', async () => {
    await apply(project);
    await upload(
      project,
      'a.csv',
      csv([
        ['t1', 'd1', hoursAgo(9), 4],
        ['t2', 'd1', hoursAgo(8), 5],
        ['t3', 'd2', hoursAgo(7), 3],
      ]),
    );
    expect(await ended(project, 1)).toMatchObject({
      status: 'done',
      occasion: 'data',
      datasetVersion: 1,
      written: { put: 2, deleted: 0, skipped: 0 },
    });
    expect(await ratings(project)).toEqual({ d1: 5, d2: 3 });
    await ended(project, 1, 'driver_windows');
    expect([...(await online(project, 'driver_windows')).keys()].sort()).toEqual(['["d1"]', '["d2"]']);
  });

  it('takes only what changed from the next upload', async () => {
    await upload(
      project,
      'b.csv',
      csv([
        ['t4', 'd2', hoursAgo(1), 1],
        ['t5', 'd3', hoursAgo(1), 2],
      ]),
    );
    expect(await ended(project, 2)).toMatchObject({
      status: 'done',
      datasetVersion: 2,
      written: { put: 2, deleted: 0, skipped: 0 },
      progress: { parts: 1, partsDone: 1, rows: 2, rowsDone: 2 },
    });
    expect(await ratings(project)).toEqual({ d1: 5, d2: 1, d3: 2 });
    const { body } = await platform.call(contract.readFeatureView, { params: params(project) });
    expect(body.state).toMatchObject({
      entities: 3,
      lastMaterializationId: (await list(project))[0]!.materializationId,
    });
  });

  it('is written once for a fact that comes again, and by hand whenever somebody asks', async () => {
    const object = { uri: 's3://data/x', sha256: 'a'.repeat(64), bytes: 1 };
    const event = ValidationCompleted.create(
      startingJourney({
        eventId: 'validated-again',
        occurredAt: new Date(),
        project,
        actor: { type: 'service', id: 'validation' },
      }),
      {
        project,
        datasetVersion: 2,
        verdict: 'Pass',
        rows: 5,
        validRows: 5,
        quarantinedRows: 0,
        report: object,
        findings: [],
        projectRevision: 1,
      },
    );
    await platform.publish(event);
    await ended(project, 3);
    await platform.publish(event);
    const { status } = await platform.call(contract.materialize, {
      params: params(project),
      body: { mode: 'full' },
    });
    expect(status).toBe(202);
    const full = await ended(project, 4);
    expect(full).toMatchObject({ mode: 'full', occasion: 'manual', requestedBy: 'ann', written: { put: 3 } });
    expect(await list(project)).toHaveLength(4);
  });
});

describe('a view whose values SageMaker keeps', () => {
  const project = 'limos';
  const read = async (...drivers: string[]) => {
    const { body, problem } = await platform.call(contract.getOnlineFeatures, {
      params: { project },
      body: { features: ['driver_stats:rating'], entities: { driver: drivers } },
    });
    expect(problem).not.toHaveProperty('code');
    return body.results[0]!.values;
  };

  it('is read online from its feature group', async () => {
    await apply(project, 'sagemaker');
    const first = csv([
      ['t1', 'd1', hoursAgo(8), 4],
      ['t2', 'd2', hoursAgo(7), 3],
    ]);
    await upload(project, 'a.csv', first);
    expect(await ended(project, 1)).toMatchObject({ status: 'done', written: { put: 2 } });
    expect(await read('d1', 'd2', 'd3')).toEqual([4, 3, null]);
    expect((await online(project)).size).toBe(0);
    await upload(project, 'b.csv', csv([['t3', 'd1', hoursAgo(1), 5]]));
    expect(await ended(project, 2)).toMatchObject({ status: 'done', written: { put: 1 } });
    expect(await read('d1', 'd2')).toEqual([5, 3]);
  });

  it('forgets entities that are erased, and the certificate says what SageMaker keeps of them', async () => {
    const { body: requested } = await platform.call(contract.requestFeatureErasure, {
      params: { project },
      body: { entity: 'driver', keys: [{ driver: 'd1' }], reason: 'Consent was withdrawn.' },
    });
    const { erasureId } = requested;
    const done = await platform.eventually('the end of the erasure', async () => {
      const { body } = await platform.call(contract.readFeatureErasure, { params: { project, erasureId } });
      return body.status === 'running' ? undefined : body;
    });
    expect(done.certificateText?.onlineValuesDeleted).toBe(2);
    expect(done.certificateText?.remaining).toContainEqual(
      expect.objectContaining({ kind: 'feature-group-history', id: 'driver_stats' }),
    );
    expect(await ended(project, 3)).toMatchObject({ status: 'done', occasion: 'erasure' });
    expect(await read('d1', 'd2')).toEqual([null, 3]);
  });
});
