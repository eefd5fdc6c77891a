import { describe, expect, it } from 'vitest';
import {
  begun,
  completed,
  dueAt,
  failed,
  isRunning,
  type MaterializationRequest,
  newMaterializer,
  postponed,
} from './materializer.ts';

const at = new Date('2026-01-01T00:00:00.000Z');
const fresh = newMaterializer({ project: 'taxi', view: 'driver_stats', version: 2 });
const object = { uri: 's3://data/state', sha256: 'a'.repeat(64), bytes: 1 };
const held = { materializationId: 'm1', object };
const run = { materializationId: 'm1', attempt: 1, at };
const failure = { materializationId: 'm1', occasion: 'data', mode: 'incremental', at } as const;
const asked = (request: Partial<MaterializationRequest<string>>): MaterializationRequest<string> => ({
  mode: 'incremental',
  occasion: 'data',
  requestedBy: 'ada',
  metadata: 'e1',
  ...request,
});

describe('the materializer of a view', () => {
  it('is never due before anything is known', () => {
    expect(dueAt(fresh)).toBeUndefined();
  });

  it('runs until its time is over, and is due then', () => {
    const running = begun(fresh, run);
    const end = new Date(dueAt(running)!);
    expect(end.getTime() - at.getTime()).toBe((6 * 3600 + 960) * 1000);
    expect(isRunning(running, new Date(end.getTime() - 1))).toBe(true);
    expect(isRunning(running, end)).toBe(false);
  });

  it('is due at once where it should run often and never did, and then in that time', () => {
    const scheduled = { ...fresh, everySeconds: 3600 };
    expect(dueAt(scheduled)! < at.toISOString()).toBe(true);
    const ended = completed(begun(scheduled, run), { held });
    expect(dueAt(ended)).toBe('2026-01-01T01:00:00.000Z');
  });

  it('is due when a row becomes visible, once', () => {
    const nextVisibleAt = '2026-01-01T00:20:00.000Z';
    const waiting = completed(begun(fresh, run), { held, nextVisibleAt });
    expect(dueAt(waiting)).toBe(nextVisibleAt);
    expect(dueAt(completed(begun(waiting, run), { held }))).toBeUndefined();
  });

  it('tries again after failures, ever later, and then no more', () => {
    const pauses: number[] = [];
    let materializer = fresh;
    for (let i = 0; i < 12; i++) {
      materializer = failed(begun(materializer, run), failure);
      pauses.push((Date.parse(dueAt(materializer)!) - at.getTime()) / 60_000);
    }
    expect(pauses.slice(0, 6)).toEqual([15, 30, 60, 120, 240, 360]);
    expect(new Set(pauses.slice(6))).toEqual(new Set([360]));
    expect(dueAt(failed(begun(materializer, run), failure))).toBeUndefined();
    expect(dueAt(failed(fresh, { ...failure, occasion: 'manual' }))).toBeUndefined();
  });

  it('remembers what failed until one ends well', () => {
    const doubtful = failed({ ...begun(fresh, run), uncertain: object }, failure);
    expect(doubtful).toMatchObject({ uncertain: object, abandoned: ['m1'], failures: 1 });
    const healed = completed(begun(doubtful, { ...run, materializationId: 'm2' }), { held });
    expect(healed).toMatchObject({ held, abandoned: [], failures: 0 });
    expect(healed.uncertain).toBeUndefined();
    expect(healed.failed).toBeUndefined();
  });

  it('waits for one run, full where any asked for that, an erasure before all', () => {
    const first = postponed(fresh, asked({ mode: 'full', requestedBy: 'bea' }));
    expect(postponed(first, asked({})).pending).toMatchObject({ mode: 'full', requestedBy: 'ada' });
    const erasing = postponed(fresh, asked({ occasion: 'erasure' }));
    expect(postponed(erasing, asked({})).pending).toMatchObject({ occasion: 'erasure' });
    expect(begun(erasing, run).pending).toBeUndefined();
  });
});
