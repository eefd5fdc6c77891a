import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import type { FeatureServiceVersion, FeatureViewVersion } from '../contract.ts';
import type { ComparedInference } from '../domain/skew.ts';
import { compareServed, readServed } from './served-rows.ts';

const joinKeys = [{ name: 'driver_id', type: 'integer' as const }];
const view = {
  view: 'ratings',
  version: 1,
  joinKeys,
  source: {
    type: 'dataset',
    name: 'd',
    dataset: 'fleet',
    eventTimestamp: 'event_at',
    availabilityDelaySeconds: 0,
  },
  features: [{ name: 'rate', type: 'number', column: 'rate', sensitive: false }],
  aggregations: [],
} as unknown as FeatureViewVersion;
const pinned = {
  view: 'ratings',
  version: 1,
  joinKeys,
  store: 'dynamodb' as const,
  features: [{ name: 'rate', type: 'number' as const, sensitive: false, as: 'rate' }],
  aggregations: [],
};
const service = {
  service: 'inputs',
  version: 1,
  views: [pinned],
  onDemand: [
    {
      view: 'costs',
      name: 'cost',
      as: 'cost',
      type: 'number',
      expression: 'km * rate',
      variables: [
        { name: 'km', type: 'number', from: { request: 'km' } },
        { name: 'rate', type: 'number', from: { view: 'ratings', feature: 'rate' } },
      ],
    },
  ],
  request: [{ name: 'km', type: 'number' }],
  outputs: [
    { name: 'rate', type: 'number' },
    { name: 'cost', type: 'number' },
  ],
} as unknown as FeatureServiceVersion;

/** Each row: driver, when it happened, when the platform came to know it. */
const rows = [
  [7, '2026-01-01T08:00:00Z', '2026-01-01T08:00:00Z', 1],
  [7, '2026-01-01T09:00:00.000001Z', '2026-01-01T09:30:00Z', 2],
  [8, '2026-01-01T08:00:00Z', '2026-01-01T08:00:00Z', 5],
];

const line = (inferenceId: string, at: string, driver: number | undefined, given?: string[], km = 3) =>
  JSON.stringify({
    inferenceId,
    project: 'rides',
    model: 'rides',
    modelVersion: 1,
    at,
    features: { rate: 1, cost: 3 },
    prediction: { value: 1 },
    caller: 'app',
    ...(driver === undefined
      ? {}
      : {
          served: {
            service: 'inputs',
            version: 1,
            joinKeys: { driver_id: driver },
            views: [{ view: 'ratings', version: 1, status: 'PRESENT', eventAt: '2026-01-01T08:00:00.000Z' }],
            request: { km },
            ...(given ? { given } : {}),
          },
        }),
  });
const period = { from: '2026-01-01T09:00:00.000Z', to: '2026-01-01T11:00:00.000Z' };

const compared = (lines: readonly string[], most = 10): Promise<ComparedInference[]> =>
  withScratchFolder(async (folder) => {
    const captures = join(folder, 'captures.jsonl');
    const parquet = join(folder, 'rows.parquet');
    await writeFile(captures, `${lines.join('\n')}\n`);
    return withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
      const values = rows.map(
        ([driver, event, known, rate]) =>
          `(${driver}, TIMESTAMPTZ '${event}', TIMESTAMPTZ '${known}', ${rate}::DOUBLE)`,
      );
      await database.run(
        `COPY (SELECT * FROM (VALUES ${values.join(', ')}) r(driver_id, event_at, _available_at, rate)) TO ${quoteText(parquet)} (FORMAT parquet)`,
      );
      const services = await readServed(database, [captures], period);
      if (services.length === 0) return [];
      const files = [{ path: parquet, format: 'parquet' as const }];
      const found: ComparedInference[] = [];
      for await (const each of compareServed(database, service, [{ pinned, definition: view, files }], most))
        found.push(each);
      return found.sort((a, b) => (a.inferenceId < b.inferenceId ? -1 : 1));
    });
  });

describe('what was served, recomputed', () => {
  it('knows at the time of a prediction what the platform knew then, and no more', async () => {
    const [early, late, unknown] = await compared([
      line('a-0', '2026-01-01T09:29:59.000Z', 7),
      line('b-0', '2026-01-01T09:30:00.000Z', 7, ['rate']),
      line('c-0', '2026-01-01T10:00:00.000Z', 9),
    ]);
    expect(early).toMatchObject({
      joinKeys: { driver_id: 7 },
      served: { rate: 1, cost: 3 },
      offline: { rate: 1, cost: 3 },
      offlineViews: { ratings: { status: 'PRESENT', eventAt: '2026-01-01T08:00:00.000Z' } },
    });
    expect(early?.given).toEqual([]);
    expect(late).toMatchObject({
      given: ['rate'],
      offline: { rate: 2, cost: 6 },
      offlineViews: { ratings: { status: 'PRESENT', eventAt: '2026-01-01T09:00:00.000001Z' } },
    });
    expect(unknown).toMatchObject({
      offline: { rate: null, cost: null },
      offlineViews: { ratings: { status: 'NOT_FOUND' } },
    });
  });

  it('takes predictions of the period that features were read for, each once', async () => {
    const found = await compared([
      line('a-0', '2026-01-01T08:59:59.999Z', 7),
      line('b-0', '2026-01-01T09:00:00.000Z', 7),
      line('b-0', '2026-01-01T09:00:00.000Z', 7),
      line('c-0', '2026-01-01T10:00:00.000Z', undefined),
      line('d-0', '2026-01-01T11:00:00.000Z', 7),
    ]);
    expect(found.map(({ inferenceId }) => inferenceId)).toEqual(['b-0']);
    expect(await compared([line('c-0', '2026-01-01T10:00:00.000Z', undefined)])).toEqual([]);
  });

  it('samples the same ones whatever their order', async () => {
    const lines = Array.from({ length: 40 }, (_none, i) => line(`i${i}-0`, '2026-01-01T10:00:00.000Z', 7));
    const ids = (found: readonly ComparedInference[]) => found.map(({ inferenceId }) => inferenceId);
    const sample = ids(await compared(lines, 10));
    expect(sample).toHaveLength(10);
    expect(ids(await compared(lines.toReversed(), 10))).toEqual(sample);
  });
});
