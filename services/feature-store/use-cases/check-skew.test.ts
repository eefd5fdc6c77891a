import { describe, expect, it } from 'vitest';
import { FeatureSkewCheckRequested } from '#events/feature-store.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { FeatureServiceVersion } from '../contract.ts';
import type { ComparedInference } from '../domain/skew.ts';
import { createSkewStore } from '../store/skew-store.ts';
import { checkSkew } from './check-skew.ts';
import { listSkewReports } from './read-skew.ts';
import { requestDueSkewChecks, requestSkewCheck } from './request-skew-check.ts';

const pinned = {
  view: 'trips',
  version: 1,
  features: [{ name: 'rate', as: 'rate', type: 'number', sensitive: false }],
};
const service = {
  service: 'inputs',
  version: 1,
  views: [pinned],
  onDemand: [],
} as unknown as FeatureServiceVersion;
const skew = { maxMismatchRate: 0.1, relativeTolerance: 0, maxInferences: 50, everySeconds: 86_400 };
const inference = (rate: number, offline = rate): ComparedInference => ({
  inferenceId: `i-${rate}`,
  at: '2026-01-01T10:00:00.000Z',
  joinKeys: { driver_id: 7 },
  served: { rate },
  servedViews: { trips: { status: 'PRESENT' } },
  given: [],
  offline: { rate: offline },
  offlineViews: { trips: { status: 'PRESENT' } },
});

function createWorld(inferences: readonly ComparedInference[] = []) {
  const table = createMemoryTable();
  const clock = manualClock('2026-01-02T00:00:00.000Z');
  const documents = new Map<string, unknown>();
  const metered: number[] = [];
  const asked: number[] = [];
  const world = { pins: 1 };
  const deps = {
    definitions: {
      projects: async () => ['rides'],
      newestRevision: async () => ({ skew }) as never,
      servicesOf: async () => [service],
      service: async () => service,
      view: async () => ({ view: 'trips' }) as never,
    },
    models: { services: async () => Array.from({ length: world.pins }, () => 'inputs') },
    comparer: {
      withServed: async <Result>(
        _project: string,
        _period: unknown,
        run: (served: never) => Promise<Result>,
      ) =>
        run({
          services: inferences.length === 0 ? [] : [{ service: 'inputs', version: 1, inferences: 9 }],
          async *compare(_service: unknown, _views: unknown, most: number) {
            asked.push(most);
            yield* inferences;
          },
        } as never),
    },
    documents: {
      write: async (_project: string, path: string, document: unknown) => {
        const object = { uri: `s3://data/${path}`, sha256: sha256Hex(JSON.stringify(document)), bytes: 1 };
        documents.set(object.uri, document);
        return object;
      },
      read: async ({ uri }: StoredObject) => documents.get(uri),
      remove: async () => undefined,
    },
    skew: createSkewStore(table),
    meter: {
      mismatchRate: (_project: string, _service: unknown, rate: number) => void metered.push(rate),
      failedReport: () => void metered.push(-1),
    },
    clock,
    ids: sequentialIds('c'),
  };
  const requested = () =>
    table.published.filter(({ detailType }) => detailType === FeatureSkewCheckRequested.detailType);
  return {
    deps,
    world,
    clock,
    metered,
    asked,
    requested: () => requested().map(({ detail }) => detail.data),
    check: () => checkSkew(deps, requested().at(-1)!.detail as Parameters<typeof checkSkew>[1]),
    request: () => requestSkewCheck(deps, { project: 'rides', requestedBy: 'ada' }),
    detected: () =>
      table.published.filter(({ detailType }) => detailType === 'TrainingServingSkewDetected.v1'),
    reports: async () => (await listSkewReports(deps, { project: 'rides' })).items,
  };
}

describe('looking at skew', () => {
  it('makes a report, and tells once of features above the rate', async () => {
    const { request, check, reports, detected, metered, asked } = createWorld([
      inference(1),
      inference(2),
      inference(3, 4),
    ]);
    const { checkId } = await request();
    await check();
    await expect(check()).rejects.toMatchObject({ code: 'AlreadyConsumed' });
    const [report] = await reports();
    expect(report).toMatchObject({
      reportId: `${checkId}-inputs-v1`,
      verdict: 'Fail',
      inferences: 3,
      features: [{ feature: 'rate', compared: 3, different: 1, examples: [{ served: 3, offline: 4 }] }],
    });
    expect(JSON.stringify(report)).not.toContain('driver_id');
    expect(detected().map(({ detail }) => detail.data)).toMatchObject([
      { service: 'inputs', version: 1, inferences: 3, features: [{ feature: 'rate', mismatchRate: 1 / 3 }] },
    ]);
    expect([metered, asked[0]]).toEqual([[1 / 3, -1], 50]);
  });

  it('says so where nothing was served, and tells nobody', async () => {
    const { request, check, reports, detected, metered } = createWorld();
    await request();
    await check();
    expect(await reports()).toMatchObject([{ verdict: 'InsufficientData', inferences: 0 }]);
    expect([detected(), metered]).toEqual([[], []]);
  });

  it('goes on where the last one ended, and looks again at predictions that may not have been in files then', async () => {
    const { request, requested, clock } = createWorld();
    await request();
    clock.advanceSeconds(3600);
    await request();
    expect(requested()).toMatchObject([
      { from: '2025-12-03T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' },
      { from: '2026-01-01T23:55:00.000Z', to: '2026-01-02T01:00:00.000Z' },
    ]);
  });

  it('is due by its rhythm, and leaves out predictions that may not be in files yet', async () => {
    const { deps, requested, clock } = createWorld();
    expect(await requestDueSkewChecks(deps)).toEqual(['rides']);
    clock.advanceSeconds(86_399);
    expect(await requestDueSkewChecks(deps)).toEqual([]);
    clock.advanceSeconds(1);
    expect(await requestDueSkewChecks(deps)).toEqual(['rides']);
    expect(requested()).toMatchObject([
      { to: '2026-01-01T23:55:00.000Z' },
      { from: '2026-01-01T23:55:00.000Z', to: '2026-01-02T23:55:00.000Z' },
    ]);
  });

  it('is refused, and never due, while no model reads features by key', async () => {
    const { deps, world, request } = createWorld();
    world.pins = 0;
    await expect(request()).rejects.toMatchObject({ code: 'NothingServed', kind: 'precondition_failed' });
    expect(await requestDueSkewChecks(deps)).toEqual([]);
  });
});
