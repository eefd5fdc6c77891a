import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFeatures } from '#services/feature-store/contract.ts';
import { eventually } from '../e2e/eventually.ts';
import { Platform } from '../e2e/platform.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { runWell } from './parts/program.ts';
import { pythonEnvironment } from './parts/python.ts';

const clientFolder = path.resolve(import.meta.dirname, '../../examples/python');
const script = path.join(import.meta.dirname, 'features/notebook.py');
const project = 'couriers';
const projectFile = `name: ${project}
owners: [local]
data:
  primaryKey: row_id
  eventTime: event_timestamp
  columns:
    row_id: { type: string, unique: true }
    courier_id: { type: integer }
    event_timestamp: { type: timestamp }
    created: { type: timestamp }
    speed: { type: number, nullable: true }
    trips: { type: integer }
    city: { type: string, nullable: true }
    active: { type: boolean }
features:
  entities: { courier: { joinKeys: { courier_id: integer } } }
  sources:
    stats: { type: dataset, availabilityTimestamp: created }
    pings: { type: stream, columns: { courier_id: integer, speed_kmh: number } }
  featureViews:
    courier_stats:
      entities: [courier]
      source: stats
      schema: { speed: number, trips: integer, city: string, active: boolean }
      ttl: 2d
    courier_pings:
      entities: [courier]
      source: pings
      aggregations:
        pings_1h: { function: count, window: 1h }
        last_speed: { function: last, column: speed_kmh, window: 1h }
  onDemandFeatureViews:
    ride:
      request: { distance_km: number }
      views: [courier_stats]
      features: { minutes: { type: number, expression: 'distance_km / nullif(speed, 0) * 60' } }
  featureServices:
    history: { features: [courier_stats] }
    dispatch: { features: [courier_stats, courier_pings, ride] }
`;

/** Ten couriers, a row about each every five hours of ten days, known twenty minutes later; the last of them rode until three days ago. */
function datasetText(): string {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const lines = Array.from({ length: 480 }, (_none, place) => {
    const [courier, round] = [place % 10, Math.floor(place / 10)];
    const at = now - (courier === 9 ? 3 * 86_400_000 : 0) - (48 - round) * 5 * 3_600_000 - courier * 1000;
    const speed = place % 11 === 0 ? '' : String(10 + (place % 13) / 8);
    const city = place % 7 === 0 ? '' : `town ${place % 5}`;
    const times = [at, at + 20 * 60_000].map((time) => new Date(time).toISOString());
    return [`r${place}`, courier, ...times, speed, place % 17, city, place % 3 === 0].join(',');
  });
  return `row_id,courier_id,event_timestamp,created,speed,trips,city,active\n${lines.join('\n')}\n`;
}

const folder = mkdtempSync(path.join(tmpdir(), 'millrace-notebook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const pandas of ['2.3.3', '3.1.1']) {
  const environment = await part(() =>
    pythonEnvironment('feature-client', [`pandas==${pandas}`, 'requests==2.34.2']),
  );

  describe.skipIf(environment.missing)(checkTitle(`a notebook with pandas ${pandas}`, environment), () => {
    const [projectPath, dataPath] = [path.join(folder, 'project.yaml'), path.join(folder, 'data.csv')];
    let platform: Platform;
    let seen: Record<string, unknown>;
    beforeAll(async () => {
      writeFileSync(projectPath, projectFile);
      writeFileSync(dataPath, datasetText());
      platform = await Platform.startLaptop();
      const done = [
        await platform.command('apply', projectPath),
        await platform.command('upload', project, dataPath, '--wait'),
      ];
      expect(done).toMatchObject([{ code: 0 }, { code: 0 }]);
      // New data is written online by itself; what the notebook writes comes after it.
      await eventually('the first materialization', async () => {
        const { featureViews } = await platform.as().call(listFeatures, { params: { project } });
        const stats = featureViews.find(({ view }) => view === 'courier_stats');
        return stats?.state.lastMaterializedAt;
      });
      const { python } = theValue(environment);
      const output = await runWell(python, [script, clientFolder, platform.url, project, dataPath]);
      seen = JSON.parse(output.trim().split('\n').at(-1) ?? '');
    });
    afterAll(() => platform?.close());

    it('lists what there is', () => {
      expect(seen).toMatchObject({
        entities: [{ entity: 'courier', joinKeys: [{ name: 'courier_id', type: 'integer' }] }],
        views: ['courier_pings', 'courier_stats'],
        services: ['dispatch', 'history'],
        view: 1,
        service: ['speed', 'trips', 'city', 'active', 'pings_1h', 'last_speed', 'minutes'],
      });
    });

    it('materializes, and sends records that count once', () => {
      expect(seen).toMatchObject({
        materialized: { status: 'done', written: { deleted: 0 } },
        pushed: [
          { accepted: 3, duplicates: 0 },
          { accepted: 0, duplicates: 3 },
        ],
        pushed_naive: { accepted: 3, duplicates: 0 },
      });
    });

    it('gets online values of more entities than one request takes, as pandas says what is newest', () => {
      expect(seen['online']).toEqual({
        rows: 150,
        same: true,
        statuses: { PRESENT: 9, EXPIRED: 1, NOT_FOUND: 140 },
        pings: [2, 1, 3, null],
        last_speed: [null, 30.5, 30.5, null],
        minutes: true,
        times: expect.stringMatching(/^datetime64\[.s, UTC\]$/),
      });
      expect(seen['online_named']).toEqual(['courier_stats__city']);
    });

    it('gets a training set, as merge_asof says what was known', () => {
      const historical = seen['historical'] as { found: Record<string, number>; counts: number[] };
      expect(historical).toMatchObject({
        columns: ['courier_id', 'event_timestamp', 'label', 'note', 'speed', 'trips', 'city', 'active'],
        types: {
          courier_id: 'Int64',
          event_timestamp: expect.stringMatching(/^datetime64\[.s, UTC\]$/),
          label: 'boolean',
          speed: 'float64',
          trips: 'Int64',
          active: 'boolean',
        },
        same: true,
        entities: true,
        again: true,
        naive: true,
        counts: Object.values(historical.found),
      });
      expect(Math.min(...Object.values(historical.found))).toBeGreaterThan(200);
    });

    it('is told what is wrong by code and place', () => {
      expect(seen['refused']).toMatchObject({
        service: { status: 404, code: 'FeatureServiceNotFound' },
        entities: { status: 400, code: 'InvalidEntities', violations: [{ path: expect.any(String) }] },
        body: { status: 400, violations: [{ path: expect.stringContaining('featureService') }] },
        records: { status: 400, code: 'InvalidRecords', message: expect.stringContaining('speed_kmh') },
        join_key: { code: 'RetrievalFailed', message: expect.stringContaining("no column 'courier_id'") },
        stream: { status: 412, code: 'NotMaterializable' },
      });
    });
  });
}
