import { describe, expect, it } from 'vitest';
import { FeatureErasureRequested } from '#events/feature-store.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { ObjectVersionRef } from '#shared/contracts/object-versions.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { erasedKeyDigest } from '#shared/kernel/erased-key.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { microsecondsText } from '#shared/kernel/microseconds.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { FeatureViewVersion } from '../contract.ts';
import type { StreamRecord } from '../domain/stream-records.ts';
import type { FeatureErasureRecord, LandingRecord } from '../ports.ts';
import { createFeatureErasureStore } from '../store/feature-erasure-store.ts';
import { createOnlineValues } from '../store/online-values.ts';
import { createRecordFiles } from '../store/record-files.ts';
import { createRecordItems } from '../store/record-items.ts';
import { createRecordStore } from '../store/record-store.ts';
import { createViewStates } from '../store/view-state.ts';
import { landRecords } from './land-records.ts';

const driver = { name: 'driver', type: 'string' as const };
const view: FeatureViewVersion = {
  project: 'rides',
  view: 'trips',
  version: 2,
  definitionSha256: '0'.repeat(64),
  entities: ['driver', 'city'],
  joinKeys: [driver, { name: 'city', type: 'string' }],
  source: { type: 'stream', name: 'trips', columns: { x: 'number' }, eventTimestamp: 'at' },
  features: [{ name: 'x', type: 'number', column: 'x', sensitive: false }],
  aggregations: [],
  store: 'dynamodb',
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
};
const start = Date.UTC(2026, 5, 1, 12) * 1000;

function createWorld() {
  const table = createMemoryTable();
  const objects = new Map<string, readonly string[][]>();
  const erasures = createFeatureErasureStore(table);
  const world = { beforeAdd: async () => {} };
  const files = createRecordFiles(table);
  const deps = {
    files: {
      ...files,
      add: async (added: Parameters<typeof files.add>[0]) => {
        await world.beforeAdd();
        await files.add(added);
      },
    },
    write: async (key: string, lines: readonly string[]) => {
      const uri = `s3://data/${key}`;
      objects.set(uri, [...(objects.get(uri) ?? []), [...lines]]);
      return { uri, sha256: sha256Hex(lines.join('\n')), bytes: lines.length };
    },
    objects: {
      list: async ([uri = '']: readonly string[]) =>
        (objects.get(uri) ?? []).map((_lines, index, all) => ({
          bucket: 'data',
          key: uri,
          versionId: String(index),
          isLatest: index === all.length - 1,
        })),
      remove: async (refs: readonly ObjectVersionRef[]) => {
        for (const { key } of refs) {
          const left = (objects.get(key) ?? []).filter((_lines, index) =>
            refs.every((ref) => ref.key !== key || ref.versionId !== String(index)),
          );
          objects.set(key, left);
        }
      },
    },
    definitions: { viewVersions: async () => [view] },
    recordItems: createRecordItems(table),
    online: createOnlineValues(table),
    states: createViewStates(table),
    erasures,
    clock: manualClock('2026-06-01T12:10:00Z'),
  };
  const erase = (name: string, minutes: number) => {
    const erasure: FeatureErasureRecord = {
      erasureId: `e${minutes}`,
      project: 'rides',
      entity: 'driver',
      status: 'running',
      requestedBy: 'ada',
      requestedAt: new Date(start / 1000 + minutes * 60_000).toISOString(),
      reason: 'consent',
      keys: 1,
      joinKeys: [driver],
      keyDigests: [erasedKeyDigest(`e${minutes}`, JSON.stringify([name]))],
    };
    const { project, erasureId, entity, reason, keys, requestedAt } = erasure;
    const cause = startingJourney({
      eventId: erasureId,
      occurredAt: new Date(requestedAt),
      project,
      actor: { type: 'user', id: 'ada' },
    });
    const data = { project, erasureId, entity, reason, keys, requestedAt, joinKeys: [driver] };
    return erasures.request(
      erasure,
      FeatureErasureRequested.create(cause, { ...data, keyDigests: [...erasure.keyDigests] }),
    );
  };
  /** Takes records of drivers, a minute after each other, and answers what the stream hands on. */
  const take = async (...drivers: readonly string[]): Promise<LandingRecord[]> => {
    const records = drivers.map((name, minute): StreamRecord => {
      const at = start + minute * 60_000_000;
      const values = { driver: name, city: 'Oslo', x: minute, at: microsecondsText(at) };
      return { recordId: `${name}${minute}`, eventAt: at, availableAt: at, tie: `${name}${minute}`, values };
    });
    await createRecordStore(table).take([view], records);
    const items = table.items().filter(({ pk }) => pk.startsWith('RECORD#')) as unknown as LandingRecord[];
    return items.toSorted((one, other) => Date.parse(one.availableAt) - Date.parse(other.availableAt));
  };
  const landed = async () => {
    const listed = await files.list('rides', 'trips');
    const lines = listed.flatMap(({ object }) => objects.get(object.uri)!.at(-1)!);
    return {
      rows: listed.reduce((sum, { rows }) => sum + rows, 0),
      ids: lines.map((line) => JSON.parse(line)._record_id as string),
      everStored: [...objects.values()].flat(2).map((line) => JSON.parse(line)._record_id as string),
    };
  };
  const online = () =>
    table
      .items()
      .filter(({ pk }) => pk.startsWith('ONLINE#'))
      .map(({ pk }) => pk.split('#').at(-1));
  const emptied = () =>
    table
      .items()
      .filter(({ pk, line }) => pk.startsWith('RECORD#') && line === '')
      .map(({ recordId }) => recordId);
  const newest = async () => (await deps.states.of('rides', [view]))[0]?.newestEventAt;
  return { deps, world, erase, take, landed, online, emptied, newest };
}

describe('records that land', () => {
  it('say how fresh their view is, which older ones do not change', async () => {
    const { deps, take, newest, landed } = createWorld();
    const records = await take('a', 'b', 'c');
    await landRecords(deps, records.slice(1));
    expect(await newest()).toBe('2026-06-01T12:02:00.000Z');
    await landRecords(deps, records.slice(0, 1));
    expect(await newest()).toBe('2026-06-01T12:02:00.000Z');
    expect((await landed()).ids.sort()).toEqual(['a0', 'b1', 'c2']);
  });

  it('leave out those of an entity that was erased while they were on their way, and not later ones', async () => {
    const { deps, take, erase, landed, online, emptied } = createWorld();
    const records = await take('a', 'b', 'b', 'a');
    await erase('a', 2);
    await landRecords(deps, records);
    expect(await landed()).toEqual({ rows: 3, ids: ['b1', 'b2', 'a3'], everStored: ['b1', 'b2', 'a3'] });
    expect(emptied()).toEqual(['a0']);
    expect(online()).toEqual(['["b","Oslo"]']);
  });

  it('lose those of an entity whose erasure is asked for while their file is written', async () => {
    const { deps, world, take, erase, landed, emptied } = createWorld();
    const records = await take('a', 'b');
    world.beforeAdd = async () => {
      world.beforeAdd = async () => {};
      await erase('a', 5);
    };
    await landRecords(deps, records);
    await landRecords(deps, records);
    expect(await landed()).toEqual({ rows: 1, ids: ['b1'], everStored: ['b1'] });
    expect(emptied()).toEqual(['a0']);
  });

  it('make no file where all of them are of erased entities', async () => {
    const { deps, world, take, erase, landed, newest } = createWorld();
    const records = await take('a');
    world.beforeAdd = () => erase('a', 5);
    await landRecords(deps, records);
    expect(await landed()).toEqual({ rows: 0, ids: [], everStored: [] });
    expect(await newest()).toBeUndefined();
  });
});
