import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import {
  checkedRows,
  createdVersion,
  finishChecks as finish,
  inMemoryValidation,
  objectOf,
  profiledRows,
  project,
} from '#test/doubles/validation.ts';
import type { CheckPlan } from '../domain/check-plan.ts';
import { advanceChecks } from './advance-checks.ts';
import { checkErased, checkUpload } from './check-events.ts';
import { release } from './quarantine.ts';
import { reconcileChecks } from './reconcile-checks.ts';
import { runCheck } from './run-check.ts';
import { decideSuggestion, listSuggestions, readSuggestion } from './suggestions.ts';

type World = ReturnType<typeof inMemoryValidation>;
const version = { project, datasetVersion: 1 };
const advance = ({ deps }: World) => advanceChecks(deps, version);
const upload = (world: World) => checkUpload(world.deps, createdVersion());
const erased = {
  metadata: { ...createdVersion().metadata, eventId: 'erasure-1' },
  data: {
    project,
    erasureId: 'E1',
    rowsErased: 1,
    versions: [
      {
        datasetVersion: 1,
        rowsErased: 1,
        contentSha256Before: 'a'.repeat(64),
        contentSha256: 'b'.repeat(64),
        manifest: objectOf('manifest'),
      },
    ],
    certificate: objectOf('certificate'),
    keys: objectOf('keys'),
  },
};
const reportOf = async ({ deps }: World) =>
  deps.documents.readReport((await deps.store.find(project, 1))!.report);

describe('a version whose rows were erased', () => {
  it('is checked again, and what was kept before is deleted after that', async () => {
    const world = inMemoryValidation();
    world.world.outcome = checkedRows(3);
    await upload(world);
    await finish(world);
    const before = await world.deps.store.find(project, 1);
    await checkErased(world.deps, erased);
    await advance(world);
    world.world.outcome = checkedRows(2);
    await runCheck(world.deps, { ...version, checkId: (await world.open())[0]!.checkId });
    expect(world.deleted).toEqual([]);
    expect(await world.open()).toMatchObject([{ status: 'cleaning' }]);
    await advance(world);
    expect(await world.open()).toEqual([]);
    expect(world.deleted).toHaveLength(1);
    expect(world.deleted[0]!.former).toContain(before!.report.uri);
    expect(world.deleted[0]!.kept).toContain(objectOf('validated-2').uri);
    expect(world.facts().at(-1)).toMatchObject({ data: { occasion: 'erasure' } });
  });
});

describe('a suggestion', () => {
  const suggested = async () => {
    const world = inMemoryValidation({ contract: false });
    world.world.outcome = profiledRows();
    await upload(world);
    await finish(world);
    const before = (await listSuggestions(world.deps, { project })).items[0]!.suggestionId;
    await checkErased(world.deps, erased);
    await finish(world);
    return { world, before };
  };

  it('that was made of rows that were erased says that it is gone, and stays in the list', async () => {
    const { world, before } = await suggested();
    const { items } = await listSuggestions(world.deps, { project });
    expect(items.find(({ suggestionId }) => suggestionId === before)).toMatchObject({ status: 'superseded' });
    const of = { project, suggestionId: before };
    await expect(readSuggestion(world.deps, of)).rejects.toMatchObject({
      kind: 'not_found',
      code: 'SuggestionErased',
    });
    const approval = { decision: 'approve', comment: 'Looks right.' } as const;
    await expect(decideSuggestion(world.deps, of, approval, 'ann')).rejects.toMatchObject({
      code: 'SuggestionErased',
    });
  });

  it('that was made without them takes its place, and is kept', async () => {
    const { world, before } = await suggested();
    const { items } = await listSuggestions(world.deps, { project });
    const { suggestionId } = items.find(({ status }) => status === 'waiting')!;
    expect(suggestionId).not.toBe(before);
    const record = await world.deps.suggestions.find(project, suggestionId);
    expect(world.deleted.at(-1)!.kept).toContain(record!.document.uri);
    expect(await readSuggestion(world.deps, { project, suggestionId })).toMatchObject({ rows: 100 });
  });
});

describe('rows that were released', () => {
  const released = async () => {
    const world = inMemoryValidation();
    world.world.outcome = checkedRows(3);
    await upload(world);
    await finish(world);
    const rows = { read: () => Promise.reject(new Error('must not be read')) };
    const decision = { checks: ['range:x'], reason: 'The sensor was late.' };
    await release({ ...world.deps, rows, ids: world.ids }, version, decision, 'grace');
    world.world.outcome = checkedRows(0, 3);
    await finish(world);
    await checkErased(world.deps, erased);
    return world;
  };

  it('stay released after an erasure', async () => {
    const world = await released();
    const plans: CheckPlan[] = [];
    const { check } = world.deps.checker;
    const checker = {
      check: async (plan: CheckPlan) => {
        plans.push(plan);
        return check(plan);
      },
    };
    world.world.outcome = checkedRows(0, 2);
    await finish({ ...world, deps: { ...world.deps, checker } });
    expect(plans).toMatchObject([{ check: { released: ['range:x'] } }]);
    expect(await reportOf(world)).toMatchObject({
      occasion: 'erasure',
      verdict: 'Warn',
      released: [{ rows: 3, releasedBy: 'grace' }],
    });
  });

  it('stay released where the check after the erasure could not be made, and the next can', async () => {
    const world = await released();
    for (let tries = 0; (await reportOf(world)).occasion !== 'erasure'; tries++) {
      expect(tries).toBeLessThan(10);
      await advance(world);
      world.clock.advanceSeconds(3700);
      for (const jobName of world.created)
        world.jobOutcomes.set(jobName, { status: 'failed', reason: 'AlgorithmError: exit code: 137' });
      await reconcileChecks(world.deps);
    }
    expect(await reportOf(world)).toMatchObject({ verdict: 'Fail', released: [{ rows: 3 }] });
    await finish(world);
    await checkErased(world.deps, { ...erased, metadata: { ...erased.metadata, eventId: 'erasure-2' } });
    world.world.outcome = checkedRows(0, 2);
    await finish(world);
    expect(await reportOf(world)).toMatchObject({ verdict: 'Warn', released: [{ rows: 3 }] });
  });
});

describe('a check whose plan names what an erasure deleted meanwhile', () => {
  const gone = async () => {
    const world = inMemoryValidation();
    await upload(world);
    await advance(world);
    world.world.outcome = new AppError('unavailable', 'ObjectGone', 's3://data/upload was deleted.');
    return { world, run: () => runCheck(world.deps, { ...version, checkId: 'upload-1' }) };
  };

  it('is planned anew with what took its place, as small as it was', async () => {
    const { world, run } = await gone();
    const { manifest } = world.deps.datasets;
    const datasets = {
      ...world.deps.datasets,
      manifest: async (object: Parameters<typeof manifest>[0]) => {
        const before = await manifest(object);
        return { ...before, objects: before.objects.map((one) => ({ ...one, ...objectOf('rewritten') })) };
      },
    };
    await run();
    expect(await world.open()).toMatchObject([{ status: 'planned', attempts: 0 }]);
    world.world.outcome = checkedRows();
    await advanceChecks({ ...world.deps, datasets }, version);
    const [check] = await world.open();
    const plan = await world.deps.documents.readPlan(check!.plan!);
    expect(plan.check.objects.map(({ uri }) => uri)).toEqual([objectOf('rewritten').uri]);
    await run();
    expect(world.invoked).toEqual(['check-rows-small upload-1', 'check-rows-small upload-1']);
    expect(await reportOf(world)).toMatchObject({ verdict: 'Pass' });
  });

  it('waits for a later try where nothing took its place', async () => {
    const { world, run } = await gone();
    await run();
    await advance(world);
    await expect(run()).rejects.toMatchObject({ code: 'ObjectGone' });
    expect(await world.open()).toMatchObject([{ status: 'running' }]);
  });
});
