import { describe, expect, it } from 'vitest';
import { manualClock } from '#shared/kernel/clock.ts';
import type { AppError } from '#shared/kernel/errors.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { projectDefinition } from '../contract.ts';
import { createProjectStore } from '../store/project-store.ts';
import { applyProject } from './apply-project.ts';
import { listProjectNames, listProjects, readProject } from './read-projects.ts';

const definitionOf = (name: string, description = '') =>
  projectDefinition.parse({
    name,
    description,
    owners: ['ada'],
    data: {
      primaryKey: 'id',
      columns: { id: { type: 'string' }, x: { type: 'number' }, y: { type: 'integer' } },
    },
    target: { column: 'y', task: 'regression' },
  });

function setUp() {
  const table = createMemoryTable();
  const store = createProjectStore(table);
  const deps = { store, clock: manualClock('2026-01-01T00:00:00.000Z'), ids: sequentialIds('event-') };
  const apply = (name: string, description?: string) =>
    applyProject(deps, {
      project: name,
      read: () => definitionOf(name, description),
      appliedBy: 'ada',
    });
  return { store, published: table.published, apply };
}

describe('applying a project', () => {
  it('makes the first revision and tells of it', async () => {
    const { published, apply } = setUp();
    const applied = await apply('wine');
    expect(applied).toMatchObject({ revision: 1, changed: true, appliedBy: 'ada' });
    expect(published[0]).toMatchObject({
      detailType: 'ProjectApplied.v1',
      detail: { metadata: { project: 'wine', actor: { type: 'user', id: 'ada' } }, data: { revision: 1 } },
    });
  });

  it('makes no revision and no event of the same content', async () => {
    const { published, apply } = setUp();
    await apply('wine');
    expect(await apply('wine')).toMatchObject({ revision: 1, changed: false });
    expect(published).toHaveLength(1);
  });

  it('keeps earlier revisions when the content changes', async () => {
    const { store, apply } = setUp();
    await apply('wine', 'old');
    expect(await apply('wine', 'new')).toMatchObject({ revision: 2, changed: true });
    expect((await readProject(store, { project: 'wine', revision: 1 })).definition.description).toBe('old');
    expect((await readProject(store, { project: 'wine' })).definition.description).toBe('new');
  });
});

describe('reading projects', () => {
  it('says what to do where there is no project', async () => {
    const { store } = setUp();
    await expect(readProject(store, { project: 'wine' })).rejects.toThrow(/Apply its file first/);
  });

  it('tells a missing revision from a missing project', async () => {
    const { store, apply } = setUp();
    await apply('wine');
    await expect(readProject(store, { project: 'wine', revision: 7 })).rejects.toMatchObject({
      code: 'RevisionNotFound',
    } satisfies Partial<AppError>);
  });

  it('lists only what the caller may see', async () => {
    const { store, apply } = setUp();
    for (const name of ['wine', 'tumour', 'diabetes']) await apply(name);
    const page = await listProjects(store, { visible: ['tumour', 'not-applied', 'diabetes', 'tumour'] });
    expect(page.items.map(({ project }) => project)).toEqual(['diabetes', 'tumour']);
    expect(page.nextPageToken).toBeUndefined();
  });

  it('continues a list of all projects, and no other, behind a page token', async () => {
    const { store, apply } = setUp();
    for (let i = 10; i < 70; i++) await apply(`project-${i}`);
    const { items, nextPageToken } = await listProjects(store, { visible: 'all' });
    const rest = await listProjects(store, { visible: 'all', pageToken: nextPageToken });
    expect([items.length, rest.items.length, rest.nextPageToken]).toEqual([50, 10, undefined]);
    await expect(
      listProjects(store, { visible: ['project-10'], pageToken: nextPageToken }),
    ).rejects.toMatchObject({ code: 'InvalidPageToken' });
  });

  it('names all projects over several pages', async () => {
    const { store, apply } = setUp();
    for (let i = 10; i < 130; i++) await apply(`project-${i}`);
    expect(await listProjectNames(store)).toHaveLength(120);
  });
});
