import { describe, expect, it } from 'vitest';
import { FeatureErasureRequested } from '#events/feature-store.ts';
import { CapturesErased } from '#events/predictions.ts';
import type { ObjectVersionRef } from '#shared/contracts/object-versions.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { erasedKeyDigest } from '#shared/kernel/erased-key.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { type FeatureViewVersion, featureErasureCertificate } from '../contract.ts';
import { type EntityKey, entityKeyText } from '../domain/online-key.ts';
import type { LandedFile, ViewKey } from '../ports.ts';
import { createFeatureErasureStore } from '../store/feature-erasure-store.ts';
import { createRecordItems } from '../store/record-items.ts';
import { createSkewStore } from '../store/skew-store.ts';
import { createStreamFills } from '../store/stream-fills.ts';
import { eraseEntities } from './erase-entities.ts';
import { noteCapturesErased } from './note-captures-erased.ts';
import { readFeatureErasure, requestFeatureErasure } from './request-feature-erasure.ts';
import { tendFeatureErasures } from './tend-feature-erasures.ts';

const driver = { name: 'driver_id', type: 'integer' as const };
const city = { name: 'city', type: 'string' as const };
const viewOf = (
  view: string,
  version: number,
  joinKeys: readonly (typeof driver | typeof city)[],
  source: FeatureViewVersion['source'],
): FeatureViewVersion => ({
  project: 'rides',
  view,
  version,
  definitionSha256: sha256Hex(view),
  entities: [],
  joinKeys: [...joinKeys],
  source,
  features: [],
  aggregations: [],
  store: version === 2 ? 'sagemaker' : 'dynamodb',
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
});
const stream = { type: 'stream' as const, name: 's', columns: {}, eventTimestamp: 'at' };
const dataset = { type: 'dataset' as const, name: 'd', dataset: 'fleet', eventTimestamp: 'at' };
const allViews = [
  viewOf('ratings', 1, [driver], dataset),
  viewOf('ratings', 2, [driver], dataset),
  viewOf('trips', 1, [city, driver], stream),
  viewOf('weather', 1, [city], dataset),
];

interface Row {
  readonly id: string;
  readonly driver_id: number;
  readonly city: string;
}

function createWorld() {
  const table = createMemoryTable();
  const clock = manualClock('2026-01-02T00:00:00Z');
  const documents = new Map<string, unknown>();
  const online = new Set<string>();
  const onlineId = ({ view, version }: ViewKey, key: EntityKey) => `${view} ${version} ${entityKeyText(key)}`;
  const rows = new Map<string, readonly Row[]>();
  let landed: LandedFile[] = [];
  let failing: string | undefined;
  const failOnce = (step: string) => {
    if (failing !== step) return;
    failing = undefined;
    throw new AppError('unavailable', 'Killed', step);
  };
  const stored = (uri: string, content: unknown): StoredObject => ({
    uri,
    sha256: sha256Hex(JSON.stringify(content)),
    bytes: 1,
  });
  const replaced: unknown[] = [];
  const deps = {
    definitions: {
      newestRevision: async () =>
        ({ entities: [{ entity: 'driver', joinKeys: [driver], owner: 'ada' }] }) as never,
      serviceVersions: async () =>
        [
          { version: 1, views: [{ view: 'ratings' }] },
          { version: 2, views: [{ view: 'weather' }] },
        ] as never,
    },
    models: {
      services: async () => ['inputs'],
      list: async () =>
        [1, 2].map((version) => ({
          project: 'rides',
          service: 'inputs',
          version,
          model: 'rides',
          modelVersion: version + 2,
        })),
    },
    views: { all: async () => allViews },
    erasures: createFeatureErasureStore(table),
    skew: createSkewStore(table),
    recordItems: createRecordItems(table),
    captureFiles: { replace: async (file: unknown) => void replaced.push(file) },
    documents: {
      write: async (project: string, path: string, document: unknown) => {
        const object = stored(`s3://data/${project}/${path}`, document);
        documents.set(object.uri, document);
        return object;
      },
      read: async ({ uri }: StoredObject) => documents.get(uri),
      remove: async ({ uri }: StoredObject) => void documents.delete(uri),
    },
    writerOf: () => ({
      delete: async (view: ViewKey, wanted: readonly { key: EntityKey }[]) => {
        failOnce('online');
        return wanted.filter(({ key }) => online.delete(onlineId(view, key))).length;
      },
    }),
    landed: {
      list: async () => landed,
      replace: async (gone: readonly LandedFile[], file: LandedFile) => {
        failOnce('replace');
        landed = [...landed.filter((each) => !gone.includes(each)), file];
      },
    },
    fills: createStreamFills(table),
    rewriter: {
      without: async <Result>(
        file: LandedFile,
        { keys }: { keys: readonly EntityKey[] },
        run: (rewritten: never) => Promise<Result>,
      ) => {
        const all = rows.get(file.object.uri) ?? [];
        const gone = all.filter((row) => keys.some(([id]) => id === row.driver_id));
        const kept = all.filter((row) => !gone.includes(row));
        const rewritten = {
          erased: gone.length,
          rows: kept.length,
          viewKeys: gone.map((row) => [row.city, row.driver_id]),
          recordIds: gone.map(({ id }) => id),
          keep: async () => {
            const object = stored(`${file.object.uri}-rewritten`, kept);
            rows.set(object.uri, kept);
            return object;
          },
        };
        return run((gone.length > 0 ? rewritten : undefined) as never);
      },
    },
    objects: {
      list: async (uris: readonly string[]) =>
        uris.map((key): ObjectVersionRef => ({ bucket: 'data', key, versionId: '1', isLatest: false })),
      remove: async (refs: readonly ObjectVersionRef[]) => {
        failOnce('remove');
        for (const { key } of refs) rows.delete(key);
      },
    },
    clock,
    ids: sequentialIds('e'),
    nonce: () => 'nonce',
  };
  const land = async (name: string, all: readonly Row[]) => {
    const uri = `s3://data/rides/records/trips/${name}`;
    const at = '2026-01-01T00:00:00Z';
    const object = stored(uri, all);
    rows.set(uri, all);
    landed.push({
      project: 'rides',
      view: 'trips',
      object,
      format: 'jsonl',
      rows: all.length,
      firstAvailableAt: at,
      lastAvailableAt: at,
    });
    for (const { id } of all)
      await table.put({ pk: `RECORD#rides#trips#${id}`, sk: 'RECORD', line: JSON.stringify(id) });
  };
  const request = (keys: readonly Record<string, string | number>[] = [{ driver_id: 7 }]) =>
    requestFeatureErasure(deps, {
      project: 'rides',
      entity: 'driver',
      keys,
      reason: 'consent',
      requestedBy: 'ada',
    });
  const requested = () =>
    table.published.filter(({ detailType }) => detailType === FeatureErasureRequested.detailType);
  const work = () => {
    const { metadata, data } = requested().at(-1)!.detail as ReturnType<
      typeof FeatureErasureRequested.create
    >['detail'];
    return eraseEntities(deps, { project: data.project, erasureId: data.erasureId, metadata });
  };
  const tellCaptures = async () => {
    const cause = requested().at(-1)!.detail.metadata;
    const { erasureId } = requested().at(-1)!.detail.data as { erasureId: string };
    const file = {
      modelVersion: 1,
      object: stored('s3://captures/a', 1),
      count: 0,
      firstAt: '2026-01-01T00:00:00.000Z',
      lastAt: '2026-01-01T00:00:00.000Z',
    };
    const rewritten = await deps.documents.write('rides', 'rewritten.json', {
      schemaVersion: 1,
      project: 'rides',
      erasureId,
      files: [file],
    });
    const data = { project: 'rides', erasureId, predictionsErased: 3, filesRewritten: 1, rewritten };
    await noteCapturesErased(deps, CapturesErased.create(cause, data).detail);
  };
  return {
    deps,
    table,
    clock,
    online,
    rows,
    documents,
    replaced,
    land,
    request,
    work,
    tellCaptures,
    landed: () => landed,
    completed: () => table.published.filter(({ detailType }) => detailType === 'FeatureErasureCompleted.v1'),
    failOnceAt: (step: string) => {
      failing = step;
    },
  };
}

async function createFilledWorld() {
  const world = createWorld();
  for (const id of [
    'ratings 1 [7]',
    'ratings 2 [7]',
    'ratings 2 [8]',
    'trips 1 ["Oslo",7]',
    'trips 1 ["Oslo",8]',
  ])
    world.online.add(id);
  await world.land('a', [
    { id: 'r1', driver_id: 7, city: 'Oslo' },
    { id: 'r2', driver_id: 8, city: 'Oslo' },
  ]);
  await world.land('b', [{ id: 'r3', driver_id: 9, city: 'Oslo' }]);
  return world;
}
type World = Awaited<ReturnType<typeof createFilledWorld>>;

const leftOf = ({ rows, landed, online, table }: World) => ({
  online: [...online],
  rows: [...rows.values()].flat().map(({ id }) => id),
  listed: landed().flatMap(({ object }) => (rows.get(object.uri) ?? []).map(({ id }) => id)),
  lines: table
    .items()
    .filter(({ pk }) => pk.startsWith('RECORD#'))
    .map(({ line }) => line),
});
const expectedLeft = {
  online: ['ratings 2 [8]', 'trips 1 ["Oslo",8]'],
  rows: ['r3', 'r2'],
  listed: ['r3', 'r2'],
  lines: ['', '"r2"', '"r3"'],
};

describe('erasing entities by key', () => {
  it.each([
    ['own work', 'predictions', ['work', 'tellCaptures']],
    ['predictions', 'own work', ['tellCaptures', 'work']],
  ] as const)('ends when both are done, %s first and then %s', async (_first, _second, [one, other]) => {
    const world = await createFilledWorld();
    const { erasureId } = await world.request();
    await world[one]();
    expect(world.completed()).toHaveLength(0);
    await world[other]();
    await world[one]();
    await world[other]();
    expect(leftOf(world)).toEqual(expectedLeft);
    expect(world.completed()).toHaveLength(1);
    const shown = await readFeatureErasure(world.deps, { project: 'rides', erasureId });
    expect(shown.status).toBe('done');
    expect(featureErasureCertificate.parse(shown.certificateText)).toMatchObject({
      keys: 1,
      onlineValuesDeleted: 3,
      recordsErased: 1,
      predictionsErased: 3,
      filesRewritten: 2,
      remaining: expect.arrayContaining([
        expect.objectContaining({ kind: 'dataset', id: 'fleet' }),
        expect.objectContaining({ kind: 'feature-group-history', id: 'ratings' }),
        expect.objectContaining({ kind: 'model-version', id: 'rides/3' }),
      ]),
    });
    expect(JSON.stringify(shown.certificateText)).not.toContain('rides/4');
    expect(world.replaced).toContainEqual(expect.objectContaining({ project: 'rides', count: 0 }));
  });

  it.each(['online', 'replace', 'remove'])(
    'leaves nothing behind when it is stopped at the step %s',
    async (step) => {
      const world = await createFilledWorld();
      await world.request();
      world.failOnceAt(step);
      await expect(world.work()).rejects.toMatchObject({ code: 'Killed' });
      await world.work();
      await world.tellCaptures();
      expect(leftOf(world)).toEqual(expectedLeft);
      expect(world.completed()[0]!.detail.data).toMatchObject({ recordsErased: 1, onlineValuesDeleted: 3 });
    },
  );

  it('names keys by digest only where others read', async () => {
    const world = await createFilledWorld();
    const { erasureId } = await world.request([{ driver_id: 123456789 }, { driver_id: 123456789 }]);
    await world.work();
    await world.tellCaptures();
    expect(JSON.stringify(world.table.published)).not.toContain('123456789');
    expect(world.table.published[0]!.detail.data).toMatchObject({
      keys: 1,
      keyDigests: [erasedKeyDigest(erasureId, '[123456789]')],
    });
    expect(JSON.stringify(world.table.items().filter(({ pk }) => !pk.startsWith('RECORD#')))).not.toContain(
      '123456789',
    );
  });

  it('takes examples of the entity out of skew reports', async () => {
    const world = await createFilledWorld();
    const example = (id: number) => ({ inferenceId: `i${id}`, joinKeys: { driver_id: id, other: 'x' } });
    const report = {
      project: 'rides',
      reportId: 'c1',
      features: [{ feature: 'f', examples: [example(7), example(8)] }],
    };
    const object = await world.deps.documents.write('rides', 'skew/c1.json', report);
    await world.deps.skew.save([{ report: report as never, object }], [], { consumer: 'c', eventId: 'e' });
    await world.request();
    await world.work();
    const [kept] = (await world.deps.skew.page('rides', undefined)).items;
    expect(JSON.stringify(world.documents.get(kept!.object.uri))).not.toContain('i7');
    expect(JSON.stringify(world.documents.get(kept!.object.uri))).toContain('i8');
  });

  it('refuses a second one while one works, an unknown entity and a wrong key', async () => {
    const world = await createFilledWorld();
    await world.request();
    await expect(world.request()).rejects.toMatchObject({ code: 'FeatureErasureRunning' });
    expect([...world.documents.keys()]).toHaveLength(1);
    await expect(world.request([{ driver_id: 'x' }])).rejects.toMatchObject({ code: 'InvalidEntities' });
    await expect(world.request([{ driver_id: 7, city: 'Oslo' }])).rejects.toThrow(/no join key/);
    await expect(
      requestFeatureErasure(world.deps, {
        project: 'rides',
        entity: 'rider',
        keys: [{ rider_id: 1 }],
        reason: 'r',
        requestedBy: 'ada',
      }),
    ).rejects.toThrow(/it declares driver/);
  });

  it('is asked to go on every hour, given up after a day, and loses its keys after a week', async () => {
    const world = await createFilledWorld();
    const { erasureId } = await world.request();
    for (let hour = 0; hour < 23; hour++) {
      world.clock.advanceSeconds(3601);
      await tendFeatureErasures(world.deps, 'rides');
    }
    const ids = world.table.published.map(({ detail }) => detail.metadata.eventId);
    expect(new Set(ids).size).toBe(24);
    world.clock.advanceSeconds(3601);
    await tendFeatureErasures(world.deps, 'rides');
    const failed = await readFeatureErasure(world.deps, { project: 'rides', erasureId });
    expect(failed).toMatchObject({ status: 'failed', failure: expect.stringMatching(/feature-store/) });
    await world.work();
    expect(world.completed()).toHaveLength(0);
    world.clock.advanceSeconds(8 * 86_400);
    await tendFeatureErasures(world.deps, 'rides');
    expect([...world.documents.keys()].filter((uri) => uri.endsWith('keys.json'))).toEqual([]);
    await world.request();
    await world.work();
    await world.tellCaptures();
    expect(leftOf(world)).toEqual(expectedLeft);
  });
});
