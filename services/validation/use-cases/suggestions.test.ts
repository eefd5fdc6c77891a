import { describe, expect, it } from 'vitest';
import { dataContract } from '#services/projects/contract.ts';
import {
  checkedRows,
  contractColumns,
  createdVersion,
  finishChecks,
  inMemoryValidation,
  profiledRows,
  project,
} from '#test/doubles/validation.ts';
import { checkUpload } from './check-events.ts';
import { checkFailedData, checkWaitingData } from './check-waiting-data.ts';
import { reconcileChecks } from './reconcile-checks.ts';
import { decideSuggestion, listSuggestions, readSuggestion } from './suggestions.ts';

type World = ReturnType<typeof inMemoryValidation>;
const applied = { ...createdVersion().metadata, eventId: 'applied', correlationId: 'applied' };

/** A project without a contract, with uploads that each suggest one. */
async function suggesting(uploads = 1): Promise<World> {
  const world = inMemoryValidation({ contract: false });
  world.world.outcome = profiledRows();
  for (let version = 1; version <= uploads; version++) await upload(world, version);
  return world;
}
async function upload(world: World, version: number): Promise<void> {
  await checkUpload(world.deps, createdVersion(version));
  await finishChecks(world, version);
}
const names = (world: World) => world.facts().map(({ name }) => name);
const statuses = async ({ deps }: World) =>
  (await listSuggestions(deps, { project })).items.map(({ status }) => status);
const only = async ({ deps }: World) => (await listSuggestions(deps, { project })).items[0]!.suggestionId;
const approve = { decision: 'approve', comment: 'Looks right.' } as const;

describe('data without a contract', () => {
  it('gets a suggestion in place of a verdict', async () => {
    const world = await suggesting();
    expect(names(world)).toEqual(['SchemaSuggested.v1']);
    const suggestionId = await only(world);
    expect(await readSuggestion(world.deps, { project, suggestionId })).toMatchObject({
      status: 'waiting',
      columns: 3,
      rows: 100,
      suggestion: { contract: { columns: { x: { type: 'number' } } }, evidence: [{ support: 1 }] },
    });
    expect(await world.deps.store.find(project, 1)).toBeUndefined();
    expect(await world.deps.store.findProfile(project, 1)).toBeDefined();
  });

  it('suggests anew with every upload, and the newest alone waits', async () => {
    const world = await suggesting(3);
    expect(await statuses(world)).toEqual(['waiting', 'superseded', 'superseded']);
  });

  it('is checked as soon as there is a contract, whoever applied it, and its journey goes on', async () => {
    const world = await suggesting();
    world.apply({ columns: contractColumns });
    world.world.outcome = checkedRows();
    await checkWaitingData(world.deps, project, applied);
    await checkWaitingData(world.deps, project, applied);
    await finishChecks(world);
    expect(names(world)).toEqual(['SchemaSuggested.v1', 'ValidationCompleted.v1']);
    expect(world.facts()[1]).toMatchObject({
      metadata: { correlationId: 'upload-1', causationId: 'applied' },
      data: { occasion: 'contract', projectRevision: 2 },
    });
    expect(await statuses(world)).toEqual(['superseded']);
    expect(await world.deps.suggestions.waiting(project)).toBeUndefined();
  });

  it('is checked by a contract that came while the suggestion was made, or whose event was lost', async () => {
    const during = inMemoryValidation({ contract: false });
    during.world.outcome = profiledRows();
    await checkUpload(during.deps, createdVersion());
    const { check } = during.deps.checker;
    const checker = {
      check: async (...plan: Parameters<typeof check>) => {
        during.apply({ columns: contractColumns });
        const found = await check(...plan);
        during.world.outcome = checkedRows();
        return found;
      },
    };
    await finishChecks({ ...during, deps: { ...during.deps, checker } });
    const lost = await suggesting();
    lost.apply({ columns: contractColumns });
    lost.world.outcome = checkedRows();
    await reconcileChecks(lost.deps);
    await finishChecks(lost);
    for (const world of [during, lost])
      expect(names(world)).toEqual(['SchemaSuggested.v1', 'ValidationCompleted.v1']);
  });
});

describe('a decision on a suggestion', () => {
  it('approves the contract as it was suggested, or says that it was edited', async () => {
    const edited = dataContract.parse({
      primaryKey: 'id',
      columns: { ...contractColumns, x: { type: 'number', min: 0 } },
    });
    for (const contract of [undefined, edited]) {
      const world = await suggesting();
      const suggestionId = await only(world);
      const head = await decideSuggestion(
        world.deps,
        { project, suggestionId },
        { ...approve, contract },
        'grace',
      );
      expect(head).toMatchObject({ status: 'approved', decidedBy: 'grace' });
      expect(world.facts().at(-1)).toMatchObject({
        name: 'ContractApproved.v1',
        metadata: { correlationId: 'upload-1', actor: { id: 'grace' } },
        data: { edited: contract !== undefined, approvedBy: 'grace' },
      });
    }
  });

  it('refuses, and counts once', async () => {
    const world = await suggesting();
    const suggestionId = await only(world);
    const refuse = { decision: 'refuse', comment: 'A test file.' } as const;
    await decideSuggestion(world.deps, { project, suggestionId }, refuse, 'grace');
    expect(world.facts().at(-1)).toMatchObject({ name: 'SuggestionRefused.v1' });
    await expect(
      decideSuggestion(world.deps, { project, suggestionId }, approve, 'ann'),
    ).rejects.toMatchObject({ code: 'SuggestionDecided' });
  });

  it.each([
    ['does not fit the project', '', 'InvalidContract'],
    ['is on none', '9-x', 'SuggestionNotFound'],
    ['names no suggestion at all', 'x', 'SuggestionNotFound'],
  ])('is refused that %s', async (_what, id, code) => {
    const world = await suggesting();
    world.world.violations = ["columns: the target 'y' is no column"];
    const suggestionId = id || (await only(world));
    await expect(
      decideSuggestion(world.deps, { project, suggestionId }, approve, 'ann'),
    ).rejects.toMatchObject({ code });
    expect(await statuses(world)).toEqual(['waiting']);
  });
});

describe('a contract that is changed after it stopped a version', () => {
  const failed = async () => {
    const world = inMemoryValidation();
    const { result, engine } = checkedRows(60);
    const outcome = {
      ...(result as Extract<typeof result, { kind: 'checked' }>).outcome,
      verdict: 'Fail' as const,
    };
    world.world.outcome = { result: { ...result, outcome } as typeof result, engine };
    await upload(world, 1);
    return world;
  };

  it('checks the version again, once per revision', async () => {
    const world = await failed();
    world.apply({ columns: { ...contractColumns, x: { type: 'number', nullable: true } } });
    world.world.outcome = checkedRows();
    await checkFailedData(world.deps, project, applied);
    await checkFailedData(world.deps, project, applied);
    await finishChecks(world);
    expect(world.facts().map(({ data }) => (data as { verdict: string }).verdict)).toEqual(['Fail', 'Pass']);
  });

  it('checks nothing again where the contract is the same', async () => {
    const world = await failed();
    world.apply({ columns: contractColumns, maxUploadBytes: 1000 });
    await checkFailedData(world.deps, project, applied);
    expect(await world.open()).toEqual([]);
  });
});
