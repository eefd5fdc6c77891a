import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DescribeFeatureGroupCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeatureValue, FeatureViewVersion, PinnedView } from '#services/feature-store/contract.ts';
import type { OnlineRow } from '#services/feature-store/ports/online.ts';
import { chooseOnlineStore } from '#services/feature-store/store/online-stores.ts';
import { createFeatureGroups } from '#services/feature-store/store/sagemaker-feature-group.ts';
import { createSagemakerOnlineValues } from '#services/feature-store/store/sagemaker-online-values.ts';
import { featureGroupName } from '#services/feature-store/store/sagemaker-records.ts';
import {
  type ServedSageMaker,
  serveSageMaker,
} from '../../../scripts/local/sagemaker/testing/served-sagemaker.ts';

const view: FeatureViewVersion = {
  project: 'rides',
  view: 'drivers_',
  version: 2,
  definitionSha256: 'a'.repeat(64),
  entities: ['driver'],
  joinKeys: [{ name: 'driver', type: 'string' }],
  source: { type: 'dataset', name: 'stats', dataset: 'rides', eventTimestamp: 'at' },
  features: (
    [
      ['rating', 'number'],
      ['trips', 'integer'],
      ['is_deleted', 'boolean'],
      ['note_', 'string'],
      ['since', 'timestamp'],
    ] as const
  ).map(([name, type]) => ({ name, type, column: name, sensitive: false })),
  aggregations: [],
  ttlSeconds: 3600,
  store: 'sagemaker',
  createdAt: '2026-11-28T09:00:00.000Z',
  projectRevision: 1,
};
const pinned: PinnedView = {
  ...view,
  features: view.features.map((feature) => ({ ...feature, as: feature.name })),
};

let dataDir: string;
let served: ServedSageMaker;
let values: ReturnType<typeof createSagemakerOnlineValues>;
beforeAll(async () => {
  dataDir = mkdtempSync(`${tmpdir()}/millrace-sagemaker-`);
  served = await serveSageMaker({ dataDir });
  values = createSagemakerOnlineValues(served.features, 'local');
});
afterAll(async () => {
  await served.close();
  rmSync(dataDir, { recursive: true });
});

const at = 1_795_000_000_000_000;
const row = (driver: string, changes: Partial<OnlineRow> = {}): OnlineRow => ({
  key: [driver],
  eventAt: at,
  availableAt: at,
  tie: '000000000001',
  values: { rating: 4.5, trips: 7, is_deleted: true, note_: 'good', since: '2026-01-01T00:00:00.000Z' },
  ...changes,
});
/** What a reader of all stores answers: the view says where its values are. */
const read = async (keys: string[], atMicroseconds = at, which = pinned) => {
  const unused = { read: async () => [], put: refuse, delete: refuse };
  const stores = chooseOnlineStore({ sagemaker: values, dynamodb: unused });
  const [answers] = await stores.read(
    'rides',
    [{ view: which, keys: keys.map((key) => [key]) }],
    atMicroseconds,
  );
  return answers;
};
const refuse = () => Promise.reject(new Error('These values are not in the table.'));
const nothing = { rating: null, trips: null, is_deleted: null, note_: null, since: null };

describe('a view whose values SageMaker keeps', () => {
  it('has no values before it has a group', async () => {
    expect(await read(['ada'])).toEqual([{ status: 'NOT_FOUND', values: nothing }]);
  });

  it('gets one group, however many ask at once', async () => {
    const settings = {
      stage: 'local',
      dataBucket: 'millrace-local-data',
      roleArn: 'arn:aws:iam::000000000000:role/millrace-local-feature-groups',
      encryptionKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/a',
    };
    const make = () =>
      createFeatureGroups(served.client, settings, { looks: 100, everyMs: 100 }).ensure(view);
    await Promise.all([make(), make()]);
    const FeatureGroupName = featureGroupName('local', view);
    const group = await served.client.send(new DescribeFeatureGroupCommand({ FeatureGroupName }));
    expect(FeatureGroupName).toMatch(/^millrace-local-rides-drivers_-v2-[0-9a-f]{8}$/);
    expect(group).toMatchObject({
      FeatureGroupStatus: 'Created',
      OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig: { KmsKeyId: settings.encryptionKeyArn } },
      OfflineStoreConfig: {
        S3StorageConfig: { S3Uri: 's3://millrace-local-data/feature-store/sagemaker/rides' },
        DisableGlueTableCreation: true,
      },
      RoleArn: settings.roleArn,
    });
  });

  it('has the row of the greatest rank, also of rows of one event time, and says when it expires', async () => {
    const view2 = { project: 'rides', view: 'drivers_', version: 2 };
    expect(await values.put(view2, [row('ada'), row('bob')], {})).toEqual({ put: 2, skipped: 0 });
    const later = row('ada', { tie: '000000000002', values: { ...nothing, trips: 8 } });
    const older = row('bob', { eventAt: at - 1, values: { trips: 1 } });
    expect(await values.put(view2, [later, older], {})).toEqual({ put: 1, skipped: 1 });
    expect(await values.put(view2, [later], {})).toEqual({ put: 1, skipped: 0 });
    const ada = { status: 'PRESENT', eventAt: at, values: { ...nothing, trips: 8 } };
    expect(await read(['ada', 'cleo', 'ada'])).toEqual([ada, { status: 'NOT_FOUND', values: nothing }, ada]);
    expect(await read(['bob'])).toEqual([{ status: 'PRESENT', eventAt: at, values: row('bob').values }]);
    expect(await read(['bob'], at + 3_600_000_001)).toEqual([
      { status: 'EXPIRED', eventAt: at, values: nothing },
    ]);
    // A later event time by one microsecond, where the record's order was moved by one.
    const next = row('ada', { eventAt: at + 1, values: { trips: 9 } });
    expect(await values.put(view2, [next], {})).toEqual({ put: 1, skipped: 0 });
    expect(await read(['ada'])).toMatchObject([{ eventAt: at + 1, values: { trips: 9 } }]);
  });

  it('forgets entities whose row is not newer, for ever', async () => {
    const view2 = { project: 'rides', view: 'drivers_', version: 2 };
    await values.put(view2, [row('gone'), row('stays', { eventAt: at + 5 })], {});
    expect(await values.delete(view2, [row('gone'), row('stays'), row('unknown')])).toBe(1);
    expect(await read(['gone', 'stays'])).toMatchObject([{ status: 'NOT_FOUND' }, { status: 'PRESENT' }]);
    await values.put(view2, [row('gone')], {});
    expect(await read(['gone'])).toMatchObject([{ status: 'PRESENT' }]);
  });

  it('gives back any value and any key', { timeout: 60_000 }, async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '"a"', 'a\nb', '\u2028', '\u0085"'),
    );
    const nullable = <T extends FeatureValue>(value: fc.Arbitrary<T>) => fc.option(value);
    const anyRow = fc.record({
      key: text.filter((key) => key !== '').map((key) => [`x${key}`] as const),
      eventAt: fc.integer({ min: -(10 ** 15), max: 3 * 10 ** 15 }),
      values: fc.record({
        rating: nullable(fc.double({ noNaN: true, noDefaultInfinity: true })),
        trips: nullable(fc.maxSafeInteger()),
        is_deleted: nullable(fc.boolean()),
        note_: nullable(text),
        since: nullable(fc.constant('2026-01-01T00:00:00.000001Z')),
      }),
    });
    const rows = [...new Map(fc.sample(anyRow, 250).map((one) => [one.key[0], row('', one)])).values()];
    const view2 = { project: 'rides', view: 'drivers_', version: 2 };
    expect(await values.put(view2, rows, {})).toEqual({ put: rows.length, skipped: 0 });
    const { ttlSeconds: _ttl, ...lasting } = pinned;
    const answers = await read(
      rows.map(({ key }) => String(key[0])),
      at,
      lasting,
    );
    expect(answers).toEqual(
      rows.map(({ eventAt, values: expected }) => ({
        status: 'PRESENT',
        eventAt,
        values: { ...expected, rating: expected['rating'] === 0 ? 0 : expected['rating'] },
      })),
    );
  });

  it('says that it takes too long, and why it failed', async () => {
    const answering = (FeatureGroupStatus: string) => {
      const client = new SageMakerClient({ region: 'us-east-1' });
      client.middlewareStack.add(
        () => async () =>
          ({
            response: {},
            output: { $metadata: {}, FeatureGroupStatus, FailureReason: 'No role' },
          }) as never,
        { step: 'initialize' },
      );
      const settings = { stage: 'local', dataBucket: 'b', roleArn: 'r' };
      return createFeatureGroups(client, settings, { looks: 2, everyMs: 1 }).ensure(view);
    };
    await expect(answering('Creating')).rejects.toMatchObject({ code: 'FeatureGroupPending' });
    await expect(answering('CreateFailed')).rejects.toMatchObject({
      code: 'FeatureGroupFailed',
      message: expect.stringContaining('No role'),
    });
  });
});
