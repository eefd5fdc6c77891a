import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { newestRowAnswer, type OracleRow, windowAnswer } from '#test/doubles/feature-oracle.ts';
import { createMemoryTable, type MemoryTable } from '#test/doubles/memory-table.ts';
import type { FeatureViewVersion, ViewAggregation } from '../contract.ts';
import { landedLine } from '../domain/record-values.ts';
import type { StreamRecord } from '../domain/stream-records.ts';
import { hopSecondsOf } from '../domain/windows.ts';
import { earlierEntities } from '../engine/earlier-entities.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { createEarlierValues } from '../store/earlier-values.ts';
import { createOnlineValues } from '../store/online-values.ts';
import { createRecordFiles } from '../store/record-files.ts';
import { createRecordStore } from '../store/record-store.ts';
import { createStreamFills } from '../store/stream-fills.ts';
import {
  type FillStreamVersionsDeps,
  fillDefinedVersions,
  fillLeftVersions,
} from './fill-stream-versions.ts';

const now = Date.UTC(2026, 5, 1, 12);
const nowMicroseconds = now * 1000;
const key = { project: 'rides', view: 'trips' };

const aggregation = (
  windowSeconds: number,
  one: Pick<ViewAggregation, 'function' | 'column'>,
): ViewAggregation => ({
  name: `${one.function}_${windowSeconds}`,
  type: 'number',
  ...(one.column === undefined ? {} : { columnType: 'number' as const }),
  windowSeconds,
  hopSeconds: hopSecondsOf(windowSeconds),
  sensitive: false,
  ...one,
});
const [older, newer] = [600, 7200].map((windowSeconds) =>
  (['count', 'sum', 'min', 'last', 'distinct'] as const).map((name) =>
    aggregation(windowSeconds, { function: name, ...(name === 'count' ? {} : { column: 'x' }) }),
  ),
) as [ViewAggregation[], ViewAggregation[]];

const version = (number: number, changes: Partial<FeatureViewVersion>): FeatureViewVersion => ({
  ...key,
  version: number,
  definitionSha256: sha256Hex(String(number)),
  entities: ['driver'],
  joinKeys: [{ name: 'driver', type: 'string' }],
  source: { type: 'stream', name: 'trips', columns: { x: 'number' }, eventTimestamp: 'at' },
  features: [],
  aggregations: [],
  store: 'dynamodb',
  createdAt: '2026-05-01T00:00:00.000Z',
  projectRevision: number,
  ...changes,
});
const windowed = [version(1, { aggregations: older }), version(2, { aggregations: newer })] as const;
const features = [{ name: 'x', type: 'number', column: 'x', sensitive: false }] as const;
const plain = [
  version(1, { features: [...features], ttlSeconds: 60 }),
  version(2, { features: [...features], ttlSeconds: 3600 }),
] as const;
const drivers = ['d1', 'd2'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-fill-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface World {
  readonly table: MemoryTable;
  readonly deps: FillStreamVersionsDeps;
  readonly lines: string[];
  /** Fails the next call that adds entities, after it added them. */
  failOnce(): void;
  readonly waited: number[];
}

async function world(versions: readonly FeatureViewVersion[], running = false): Promise<World> {
  const table = createMemoryTable();
  const definitions = createDefinitionStore(table);
  for (const each of versions) await definitions.addView(each);
  const lines: string[] = [];
  const waited: number[] = [];
  let fails = false;
  const values = createEarlierValues(table);
  const file = {
    ...key,
    object: { uri: 's3://data/a.jsonl', sha256: sha256Hex(''), bytes: 1 },
    format: 'jsonl' as const,
    firstAvailableAt: '2026-06-01T00:00:00.000Z',
    lastAvailableAt: '2026-06-01T12:00:00.000Z',
    rows: 1,
  };
  await createRecordFiles(table).add([file]);
  const deps: FillStreamVersionsDeps = {
    definitions: {
      projects: async () => [key.project],
      viewsOf: async () => [{ version: versions.at(-1)!, settings: {} as never }],
      viewVersions: definitions.viewVersions,
    },
    files: createRecordFiles(table),
    records: {
      async each(view, landed, asOf, take) {
        const scratch = mkdtempSync(path.join(folder, 'scratch-'));
        const files = landed.map(({ format }) => ({ path: path.join(scratch, 'landed.jsonl'), format }));
        for (const file of files) writeFileSync(file.path, lines.map((line) => `${line}\n`).join(''));
        for await (const some of earlierEntities(view, files, asOf, {
          folder: scratch,
          functionMemoryMb: 256,
        }))
          await take(some);
      },
    },
    values: {
      async add(...entities) {
        await values.add(...entities);
        if (!fails) return;
        fails = false;
        throw new AppError('unavailable', 'OnlineStoreBusy', 'busy');
      },
    },
    fills: createStreamFills(table),
    erasures: {
      running: async () =>
        running ? { erasureId: 'e', since: '2026-06-01T00:00:00.000Z', resumptions: 0 } : undefined,
    },
    clock: manualClock(new Date(now).toISOString()),
    ids: sequentialIds('claim-'),
    wait: async (milliseconds) => waited.push(milliseconds),
  };
  return {
    table,
    deps,
    lines,
    waited,
    failOnce: () => {
      fails = true;
    },
  };
}

/** Told of version 2. */
const defined = { project: key.project, views: [{ view: key.view, version: 2, isNew: true }] };

const answersOf = async (table: MemoryTable, view: FeatureViewVersion) => {
  const pinned = {
    ...view,
    features: [...view.features, ...view.aggregations].map(({ name, type }) => ({
      name,
      type,
      sensitive: false,
      as: name,
    })),
  };
  const lookups = [{ view: pinned, keys: drivers.map((driver) => [driver]) }];
  return (await createOnlineValues(table).read(key.project, lookups, nowMicroseconds))[0];
};

const record = fc.record({
  ago: fc.integer({ min: 0, max: 9000 }),
  driver: fc.constantFrom(...drivers),
  x: fc.option(fc.integer({ min: -4, max: 4 }), { nil: null }),
  /** Taken by somebody who did not know of the new version. */
  isEarlier: fc.boolean(),
  /** Before or after the new version is filled. */
  isBeforeFill: fc.boolean(),
});
type Sent = typeof record extends fc.Arbitrary<infer Value> ? Value : never;

const recordOf = ({ ago, driver, x }: Sent, index: number): StreamRecord => {
  const eventAt = nowMicroseconds - ago * 1_000_000;
  const at = new Date(eventAt / 1000).toISOString();
  return {
    recordId: `r${index}`,
    eventAt,
    availableAt: nowMicroseconds,
    tie: `r${index}`,
    values: { driver, x, at },
  };
};

describe('a new version of a stream view', () => {
  it.each([
    ['windows', windowed],
    ['newest rows', plain],
  ])(
    'answers, for %s, as a batch of all records does, whatever came before, between and after',
    async (_what, versions) => {
      const [first, second] = versions;
      await fc.assert(
        fc.asyncProperty(fc.array(record, { maxLength: 12 }), fc.boolean(), async (sent, isCutOff) => {
          const { table, deps, lines, failOnce } = await world(versions);
          const take = async (each: Sent, index: number) => {
            const own = recordOf(each, index);
            await createRecordStore(table).take(each.isEarlier ? [first] : [second, first], [own]);
            lines.push(landedLine(own, each.isEarlier ? 1 : 2));
          };
          // What was taken for the older version has landed when the new one is filled.
          const isIn = (each: Sent) => each.isEarlier || each.isBeforeFill;
          for (const [index, each] of sent.entries()) if (isIn(each)) await take(each, index);
          if (isCutOff) failOnce();
          await fillDefinedVersions(deps, defined).catch(() => undefined);
          for (const [index, each] of sent.entries()) if (!isIn(each)) await take(each, index);
          await fillLeftVersions(deps);
          expect(await fillDefinedVersions(deps, defined)).toBe(0);
          const rows = (driver: string): OracleRow[] =>
            sent.flatMap((each, index) => (each.driver === driver ? [recordOf(each, index)] : []));
          for (const view of versions)
            expect(await answersOf(table, view)).toEqual(
              drivers.map((driver) =>
                view.aggregations.length > 0
                  ? windowAnswer(rows(driver), view.aggregations, nowMicroseconds)
                  : newestRowAnswer(rows(driver), ['x'], nowMicroseconds, view.ttlSeconds),
              ),
            );
        }),
        { numRuns: 12 },
      );
    },
    120_000,
  );

  it('is filled once records that are on their way have landed, and counted', async () => {
    const { deps, lines, waited } = await world(windowed);
    lines.push(
      landedLine(recordOf({ ago: 1, driver: 'd1', x: 1, isEarlier: true, isBeforeFill: true }, 0), 1),
    );
    expect(await fillDefinedVersions(deps, defined)).toBe(1);
    expect(waited).toEqual([90_000]);
    expect(await deps.fills.find({ ...key, version: 2 })).toMatchObject({
      entities: 1,
      completedAt: '2026-06-01T12:00:00.000Z',
    });
  });

  it('is left alone while somebody else fills it, while it is too young for the hourly round, and while entities are erased', async () => {
    const claimed = await world(windowed);
    await claimed.deps.fills.save({ ...key, version: 2 }, undefined, {
      claim: 'other',
      claimedUntil: '2026-06-01T12:00:01.000Z',
    });
    expect(await fillDefinedVersions(claimed.deps, defined)).toBe(0);
    const young = await world([windowed[0], { ...windowed[1], createdAt: '2026-06-01T11:56:00.000Z' }]);
    expect(await fillLeftVersions(young.deps)).toBe(0);
    const erasing = await world(windowed, true);
    await expect(fillDefinedVersions(erasing.deps, defined)).rejects.toMatchObject({
      code: 'FeatureErasureRunning',
    });
    expect(await erasing.deps.fills.find({ ...key, version: 2 })).toEqual({ claim: 'claim-0001' });
  });

  it('that is not kept online is not filled, and gets no values of new records', async () => {
    const [first, second] = [windowed[0], { ...windowed[1], online: false as const }];
    const { table, deps } = await world([first, second]);
    const sent = recordOf({ ago: 1, driver: 'd1', x: 1, isEarlier: false, isBeforeFill: true }, 0);
    expect(await createRecordStore(table).take([second, first], [sent])).toEqual({
      accepted: 1,
      duplicates: 0,
    });
    expect(await fillDefinedVersions(deps, defined)).toBe(0);
    const statuses = async (view: FeatureViewVersion) =>
      (await answersOf(table, view))?.map(({ status }) => status);
    expect(await statuses(first)).toEqual(['PRESENT', 'NOT_FOUND']);
    expect(await statuses(second)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });
});
