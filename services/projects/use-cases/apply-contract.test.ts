import { describe, expect, it } from 'vitest';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { type DataContract, dataContract } from '../contract.ts';
import { openProjectFile } from '../project-file/read-project-file.ts';
import { goldenItems } from '../store/golden-items.ts';
import { createProjectStore } from '../store/project-store.ts';
import { applyApprovedContract, applyContract, checkContract, readContract } from './apply-contract.ts';
import { applyProject } from './apply-project.ts';

const projectFile = `name: rooms
owners: [ada]
data: { primaryKey: id }
target: { column: price, task: regression }
`;
const contractOf = (columns: Record<string, string>): DataContract =>
  dataContract.parse({
    primaryKey: 'id',
    columns: Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, { type }])),
  });
const contract = contractOf({ id: 'string', price: 'number', stars: 'integer', city: 'string' });

const cause = startingJourney({
  eventId: 'approved-1',
  occurredAt: new Date('2026-01-01T00:00:00.000Z'),
  project: 'rooms',
  actor: { type: 'user', id: 'uploader' },
});

async function setUp() {
  const table = createMemoryTable();
  const store = createProjectStore(table);
  const deps = { store, clock: manualClock('2026-01-01T00:00:00.000Z'), ids: sequentialIds('event-') };
  const applyFile = (text = projectFile) =>
    applyProject(deps, {
      project: 'rooms',
      read: openProjectFile(text, 'rooms').read,
      appliedBy: 'ada',
    });
  const apply = (given: DataContract, isDryRun = false) =>
    applyContract(deps, { project: 'rooms', read: () => given, appliedBy: 'ben', isDryRun });
  const approve = (given: DataContract) =>
    applyApprovedContract(deps, {
      project: 'rooms',
      contract: given,
      approvedBy: 'cleo',
      cause,
      consumed: { consumer: 'projects/on-contract-approved', eventId: 'approved-1' },
    });
  return { table, store, applyFile, apply, approve };
}

describe('applying a contract', () => {
  it('makes the next revision, with all else as it was, and tells of it', async () => {
    const { table, applyFile, apply } = await setUp();
    const { definition } = await applyFile();
    const applied = await apply(contract);
    expect(applied).toMatchObject({ revision: 2, changed: true, appliedBy: 'ben' });
    expect(applied.definition).toEqual({
      ...definition,
      data: { ...definition.data, ...contract },
      excludeFeatures: ['city'],
    });
    expect(table.published.map(({ detail }) => detail.data)).toMatchObject([
      { revision: 1 },
      { revision: 2 },
    ]);
  });

  it('makes none of the same contract', async () => {
    const { table, applyFile, apply } = await setUp();
    await applyFile();
    await apply(contract);
    expect(await apply(contract)).toMatchObject({ revision: 2, changed: false });
    expect(table.published).toHaveLength(2);
  });

  it('changes nothing in a dry run', async () => {
    const { store, applyFile, apply } = await setUp();
    await applyFile();
    expect(await apply(contract, true)).toMatchObject({ revision: 1, changed: true });
    expect(await store.newest('rooms')).toMatchObject({ revision: 1 });
  });

  it('excludes no column that the next contract is without', async () => {
    const { applyFile, apply } = await setUp();
    await applyFile();
    await apply(contract);
    const next = await apply(contractOf({ id: 'string', price: 'number', stars: 'integer' }));
    expect(next.definition.excludeFeatures).toEqual([]);
  });

  it('keeps the contract when the project file, which has no columns, is applied again', async () => {
    const { applyFile, apply } = await setUp();
    await applyFile();
    await apply(contract);
    expect(await applyFile()).toMatchObject({ revision: 2, changed: false });
    const described = await applyFile(`${projectFile}description: Rooms to let.\n`);
    expect(described).toMatchObject({ revision: 3, definition: { data: { columns: contract.columns } } });
  });

  it('refuses a project that is not there', async () => {
    const { apply } = await setUp();
    await expect(apply(contract)).rejects.toMatchObject({ code: 'ProjectNotFound' });
  });
});

describe('an approved contract', () => {
  it('becomes a revision of the approver, in the journey that led to it, once', async () => {
    const { table, applyFile, approve } = await setUp();
    await applyFile();
    expect(await approve(contract)).toMatchObject({ revision: 2, appliedBy: 'cleo' });
    expect(table.published[1]!.detail.metadata).toMatchObject({
      correlationId: cause.correlationId,
      causationId: 'approved-1',
      actor: { type: 'user', id: 'cleo' },
      initiatedBy: { type: 'user', id: 'uploader' },
    });
    expect(await approve(contract)).toMatchObject({ changed: false });
  });

  it('is not applied again when another contract came after it', async () => {
    const { store, applyFile, approve, apply } = await setUp();
    await applyFile();
    await approve(contract);
    await apply(contractOf({ id: 'string', price: 'number', stars: 'integer' }));
    await expect(approve(contract)).rejects.toMatchObject({ code: 'AlreadyConsumed' });
    expect(await store.newest('rooms')).toMatchObject({ revision: 3 });
  });

  it('is refused where the project has changed since, with what does not fit', async () => {
    const { applyFile, approve } = await setUp();
    await applyFile();
    const without = contractOf({ id: 'string', stars: 'integer' });
    await expect(approve(without)).rejects.toMatchObject({
      code: 'InvalidContract',
      details: { violations: [{ path: 'project.yaml/target/column' }] },
    });
  });
});

describe('asking about a contract', () => {
  it('tells what is wrong before anybody approves it', async () => {
    const { store, applyFile } = await setUp();
    await applyFile();
    expect(await checkContract(store, { project: 'rooms', contract })).toEqual({ violations: [] });
    const without = contractOf({ id: 'string', stars: 'integer' });
    expect(await checkContract(store, { project: 'rooms', contract: without })).toMatchObject({
      violations: [{ path: 'project.yaml/target/column' }],
    });
  });

  it('reads the contract of the newest revision, or says how to get one', async () => {
    const { store, applyFile, apply } = await setUp();
    await applyFile();
    await expect(readContract(store, { project: 'rooms' })).rejects.toMatchObject({
      code: 'ContractNotFound',
    });
    await apply(contract);
    expect(await readContract(store, { project: 'rooms' })).toEqual({
      project: 'rooms',
      revision: 2,
      contract,
    });
  });
});

it('reads revisions that were stored before there were rules, and their contract', async () => {
  const table = createMemoryTable();
  for (const [item] of Object.values(goldenItems)) await table.put(item);
  expect(await readContract(createProjectStore(table), { project: 'gone' })).toMatchObject({
    revision: 1,
    contract: { primaryKey: 'id', missingValues: [], rules: [], checks: { minRows: 50 } },
  });
});
