import { describe, expect, it } from 'vitest';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { erasedKeyDigest } from '#shared/kernel/erased-key.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { CapturedPrediction } from '../contract.ts';
import type { CaptureObjects } from '../ports.ts';
import { createCaptureErasures } from '../store/capture-erasures.ts';
import { createCaptures } from '../store/captures.ts';
import { eraseCaptures } from './erase-captures.ts';
import { writeCaptures } from './write-captures.ts';

const requestedAt = '2026-01-02T00:00:00.000Z';
const erasureId = 'erasure-1';
const entities = {
  erasureId,
  joinKeys: [{ name: 'driver_id', type: 'integer' as const }],
  keyDigests: [erasedKeyDigest(erasureId, '[7]')],
  requestedAt,
};
const request = (eventId = erasureId) => ({
  project: 'rides',
  entities,
  metadata: startingJourney({
    eventId,
    correlationId: erasureId,
    occurredAt: new Date(requestedAt),
    project: 'rides',
    actor: { type: 'user', id: 'ada' },
  }),
});

const prediction = (
  inferenceId: string,
  driver: number,
  at = '2026-01-01T10:00:00.000Z',
): CapturedPrediction => ({
  inferenceId,
  project: 'rides',
  model: 'rides',
  modelVersion: 1,
  at,
  features: { trips: driver * 10 },
  prediction: { value: 1 },
  caller: 'app',
  served: { service: 'inputs', version: 1, joinKeys: { driver_id: driver }, views: [] },
});

/** A versioned bucket in memory. */
function createBucket() {
  const versions = new Map<string, { versionId: string; lines: readonly CapturedPrediction[] }[]>();
  let next = 0;
  let failing: string | undefined;
  const fail = (step: string) => {
    if (failing !== step) return;
    failing = undefined;
    throw new AppError('unavailable', 'Killed', step);
  };
  const objects: CaptureObjects = {
    async *list(_project, after) {
      for (const uri of [...versions.keys()].sort()) {
        const key = uri.slice('s3://captures/'.length);
        if (after === undefined || key > after) yield { key, uri };
      }
    },
    read: async (uri) => versions.get(uri)!.at(-1)!.lines,
    write: async (uri, lines) => {
      fail('write');
      const kept = versions.get(uri) ?? [];
      versions.set(uri, [...kept, { versionId: `v${next++}`, lines }]);
      return { uri, sha256: sha256Hex(JSON.stringify(lines)), bytes: lines.length };
    },
    versions: async (uri) =>
      (versions.get(uri) ?? []).map(({ versionId }) => ({ bucket: 'captures', key: uri, versionId })),
    removeVersions: async (refs) => {
      fail('remove');
      for (const { key, versionId } of refs)
        versions.set(
          key,
          versions.get(key)!.filter((version) => version.versionId !== versionId),
        );
    },
    writeDocument: async (_project, _erasureId, document) => ({
      uri: 's3://captures/erasures/rides/erasure-1.json',
      sha256: sha256Hex(JSON.stringify(document)),
      bytes: JSON.stringify(document).length,
    }),
  };
  return {
    objects,
    everyLine: () => [...versions.values()].flat().flatMap(({ lines }) => lines),
    failOnceAt: (step: string) => {
      failing = step;
    },
  };
}

function createWorld() {
  const table = createMemoryTable();
  const clock = manualClock(requestedAt);
  const bucket = createBucket();
  const captures = createCaptures(table, clock);
  const deps = { erasures: createCaptureErasures(table, clock), objects: bucket.objects, captures, clock };
  const capture = (predictions: readonly CapturedPrediction[]) =>
    writeCaptures(
      {
        ...deps,
        write: (key, lines) =>
          bucket.objects.write(`s3://captures/${key}`, lines as readonly CapturedPrediction[]),
        publish: (events) => table.commit({ writes: [], events }),
      },
      { predictions, labels: [] },
    );
  const told = () =>
    table.published
      .filter(({ detailType }) => detailType === 'CapturesErased.v1')
      .map(({ detail }) => detail);
  return { ...deps, deps, table, bucket, capture, told };
}

const requestOne = [prediction('r1-0', 7), prediction('r1-1', 8), prediction('r1-2', 7)];

describe('erasing captured predictions of entities', () => {
  it('takes them from files, from items, and from what the files were before', async () => {
    const { deps, bucket, capture, captures, told } = createWorld();
    await captures.savePredictions('r1', requestOne);
    await captures.savePredictions('r2', [prediction('r2-0', 7)]);
    await capture(requestOne);
    await capture([prediction('r2-0', 7)]);
    await capture([prediction('r3-0', 9)]);
    await eraseCaptures(deps, request());
    expect(bucket.everyLine().map(({ inferenceId }) => inferenceId)).toEqual(['r1-1', 'r3-0']);
    expect(await captures.findPrediction('rides', 'r1-0')).toBeUndefined();
    expect(await captures.findPrediction('rides', 'r1-1')).toMatchObject({ inferenceId: 'r1-1' });
    expect(await captures.findPrediction('rides', 'r2-0')).toBeUndefined();
    expect(told()).toMatchObject([{ data: { predictionsErased: 3, filesRewritten: 2 } }]);
  });

  it('keeps what is captured after it was asked for', async () => {
    const { deps, bucket, capture } = createWorld();
    await capture([prediction('r1-0', 7, '2026-01-02T00:00:00.001Z')]);
    await eraseCaptures(deps, request());
    expect(bucket.everyLine()).toHaveLength(1);
  });

  it.each(['write', 'remove'])('leaves nothing behind when it is stopped at the step %s', async (step) => {
    const { deps, bucket, capture, told } = createWorld();
    await capture(requestOne);
    bucket.failOnceAt(step);
    await expect(eraseCaptures(deps, request())).rejects.toMatchObject({ code: 'Killed' });
    await eraseCaptures(deps, request());
    expect(bucket.everyLine().map(({ inferenceId }) => inferenceId)).toEqual(['r1-1']);
    expect(told()).toMatchObject([{ data: { predictionsErased: 2, filesRewritten: 1 } }]);
  });

  it('answers a request that comes again once, and one that is asked anew again', async () => {
    const { deps, capture, told } = createWorld();
    await capture(requestOne);
    await eraseCaptures(deps, request());
    await expect(eraseCaptures(deps, request())).rejects.toMatchObject({ code: 'AlreadyConsumed' });
    await eraseCaptures(deps, request('asked-again'));
    expect(told().map(({ data }) => data)).toMatchObject([
      { predictionsErased: 2 },
      { predictionsErased: 2 },
    ]);
  });

  it('drops what the stream hands over after the erasure went past, and tells of what is left', async () => {
    const { deps, bucket, capture, captures, table } = createWorld();
    await captures.savePredictions('r1', requestOne);
    await eraseCaptures(deps, request());
    await capture(requestOne);
    await capture([prediction('r2-0', 7)]);
    expect(bucket.everyLine().map(({ inferenceId }) => inferenceId)).toEqual(['r1-1']);
    expect(await captures.findPrediction('rides', 'r1-0')).toBeUndefined();
    const batches = table.published.filter(({ detailType }) => detailType === 'PredictionBatchCaptured.v1');
    expect(batches.map(({ detail }) => detail.data)).toMatchObject([
      { count: 1, capture: { sha256: sha256Hex(JSON.stringify([requestOne[1]])) } },
    ]);
  });
});
