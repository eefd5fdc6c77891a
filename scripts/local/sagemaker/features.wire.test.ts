import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  CreateFeatureGroupCommand,
  type CreateFeatureGroupCommandInput,
  DeleteFeatureGroupCommand,
  DescribeFeatureGroupCommand,
  ListFeatureGroupsCommand,
  ListTagsCommand,
} from '@aws-sdk/client-sagemaker';
import {
  BatchGetRecordCommand,
  DeleteRecordCommand,
  type DeletionMode,
  GetRecordCommand,
  PutRecordCommand,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROLE_ARN } from './testing/requests.ts';
import { type ServedSageMaker, serveSageMaker } from './testing/served-sagemaker.ts';

let dataDir: string;
let served: ServedSageMaker;
beforeAll(async () => {
  dataDir = mkdtempSync(`${tmpdir()}/millrace-sagemaker-`);
  served = await serveSageMaker({ dataDir });
});
afterAll(async () => {
  await served.close();
  rmSync(dataDir, { recursive: true });
});

const create = (FeatureGroupName: string, changes: Partial<CreateFeatureGroupCommandInput> = {}) =>
  served.client.send(
    new CreateFeatureGroupCommand({
      FeatureGroupName,
      RecordIdentifierFeatureName: 'key',
      EventTimeFeatureName: 'at',
      FeatureDefinitions: [
        { FeatureName: 'key', FeatureType: 'String' },
        { FeatureName: 'at', FeatureType: 'Fractional' },
        { FeatureName: 'trips', FeatureType: 'Integral' },
      ],
      OnlineStoreConfig: { EnableOnlineStore: true },
      OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://data/feature-store' } },
      RoleArn: ROLE_ARN,
      Tags: [{ Key: 'millrace:project', Value: 'rides' }],
      ...changes,
    }),
  );
const created = async (name: string, changes: Partial<CreateFeatureGroupCommandInput> = {}) => {
  await create(name, changes);
  await vi.waitFor(async () => expect(await status(name)).toBe('Created'), { timeout: 5000 });
};
const status = async (FeatureGroupName: string) =>
  (await served.client.send(new DescribeFeatureGroupCommand({ FeatureGroupName }))).FeatureGroupStatus;
const put = (FeatureGroupName: string, record: Record<string, string>, from = served) =>
  from.features.send(
    new PutRecordCommand({
      FeatureGroupName,
      Record: Object.entries(record).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString })),
    }),
  );
const read = async (FeatureGroupName: string, key: string, FeatureNames?: string[], from = served) => {
  const { Record } = await from.features.send(
    new GetRecordCommand({ FeatureGroupName, RecordIdentifierValueAsString: key, FeatureNames }),
  );
  return (
    Record && Object.fromEntries(Record.map(({ FeatureName, ValueAsString }) => [FeatureName, ValueAsString]))
  );
};
const remove = (FeatureGroupName: string, key: string, EventTime: string, DeletionMode?: DeletionMode) =>
  served.features.send(
    new DeleteRecordCommand({
      FeatureGroupName,
      RecordIdentifierValueAsString: key,
      EventTime,
      DeletionMode,
    }),
  );

describe('a feature group', () => {
  it('is created after a while, described, listed, and goes with its records', async () => {
    await create('drivers');
    expect(await status('drivers')).toBe('Creating');
    await expect(put('drivers', { key: 'a', at: '1' })).rejects.toThrow(/is Creating/);
    await vi.waitFor(async () => expect(await status('drivers')).toBe('Created'), { timeout: 5000 });
    const { FeatureGroupSummaries = [] } = await served.client.send(
      new ListFeatureGroupsCommand({ NameContains: 'driv', FeatureGroupStatusEquals: 'Created' }),
    );
    expect(FeatureGroupSummaries.map(({ FeatureGroupName }) => FeatureGroupName)).toEqual(['drivers']);
    const ResourceArn = FeatureGroupSummaries[0]!.FeatureGroupArn;
    const { Tags } = await served.client.send(new ListTagsCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: 'millrace:project', Value: 'rides' }]);
    await put('drivers', { key: 'a', at: '1' });
    await expect(create('drivers')).rejects.toThrow(expect.objectContaining({ name: 'ResourceInUse' }));
    await served.client.send(new DeleteFeatureGroupCommand({ FeatureGroupName: 'drivers' }));
    await expect(status('drivers')).rejects.toThrow(expect.objectContaining({ name: 'ResourceNotFound' }));
    await created('drivers');
    expect(await read('drivers', 'a')).toBeUndefined();
  });

  it.each([
    [
      'a reserved name',
      { FeatureDefinitions: [{ FeatureName: 'is_deleted', FeatureType: 'String' as const }] },
    ],
    ['an event time that is a whole number', { EventTimeFeatureName: 'trips' }],
    ['an identifier that is no feature', { RecordIdentifierFeatureName: 'other' }],
    ['no store', { OnlineStoreConfig: undefined, OfflineStoreConfig: undefined }],
    ['a name that ends in an underscore', { EventTimeFeatureName: 'at_' }],
  ])('is refused with %s', async (_what, changes) => {
    await expect(create('refused', changes)).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationException' }),
    );
  });
});

describe('records', () => {
  it('are the ones of the greatest event time, and survive a restart', async () => {
    await created('kept');
    await put('kept', { key: '["a"]', at: '1769854830.500001', trips: '2' });
    await put('kept', { key: '["a"]', at: '1769854830.500001', trips: '3' });
    await put('kept', { key: '["a"]', at: '1769854830', trips: '4' });
    expect(await read('kept', '["a"]', ['trips'])).toEqual({ trips: '2' });
    await put('kept', { key: '["a"]', at: '1769854830.500002' });
    expect(await read('kept', '["a"]')).toEqual({ key: '["a"]', at: '1769854830.500002' });
    await served.close();
    served = await serveSageMaker({ dataDir });
    expect(await read('kept', '["a"]', ['at'])).toEqual({ at: '1769854830.500002' });
  });

  it('are deleted by a later event time alone', async () => {
    await created('deleted');
    await put('deleted', { key: 'a', at: '5' });
    await expect(remove('deleted', 'a', '5', 'HardDelete')).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationError' }),
    );
    await remove('deleted', 'a', '5');
    expect(await read('deleted', 'a')).toEqual({ key: 'a', at: '5' });
    await remove('deleted', 'a', '7');
    expect(await read('deleted', 'a')).toBeUndefined();
    await put('deleted', { key: 'a', at: '6' });
    expect(await read('deleted', 'a')).toBeUndefined();
    await remove('deleted', 'a', '8', 'HardDelete');
    await put('deleted', { key: 'a', at: '6' });
    expect(await read('deleted', 'a')).toEqual({ key: 'a', at: '6' });
  });

  it('are read together, and what has no group is an error of its own', async () => {
    await created('many');
    await put('many', { key: 'a', at: '1', trips: '1' });
    await put('many', { key: 'b', at: '1', trips: '2' });
    const answer = await served.features.send(
      new BatchGetRecordCommand({
        Identifiers: [
          {
            FeatureGroupName: 'many',
            RecordIdentifiersValueAsString: ['a', 'x', 'b'],
            FeatureNames: ['trips'],
          },
          { FeatureGroupName: 'none', RecordIdentifiersValueAsString: ['a'] },
        ],
      }),
    );
    expect(answer.Records).toEqual([
      {
        FeatureGroupName: 'many',
        RecordIdentifierValueAsString: 'a',
        Record: [{ FeatureName: 'trips', ValueAsString: '1' }],
      },
      {
        FeatureGroupName: 'many',
        RecordIdentifierValueAsString: 'b',
        Record: [{ FeatureName: 'trips', ValueAsString: '2' }],
      },
    ]);
    expect(answer.Errors).toMatchObject([{ FeatureGroupName: 'none', ErrorCode: 'ResourceNotFound' }]);
    expect(answer.UnprocessedIdentifiers).toEqual([]);
  });

  it.each([
    ['a feature that the group has not', { key: 'a', at: '1', other: '1' }],
    ['a whole number that is none', { key: 'a', at: '1', trips: '1.5' }],
    ['no event time', { key: 'a' }],
    ['an event time in words', { key: 'a', at: 'now' }],
    ['a value of two lines', { key: 'a\nb', at: '1' }],
  ])('are refused with %s', async (_what, record) => {
    await expect(put('many', record)).rejects.toThrow(expect.objectContaining({ name: 'ValidationError' }));
  });
});
