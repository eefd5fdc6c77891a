import { describe, expect, it } from 'vitest';
import { contractOf } from '#services/projects/contract.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { contractColumns, inMemoryValidation, project } from '#test/doubles/validation.ts';
import { createConsumerStore } from '../store/consumer-store.ts';
import { noteModelVersion, noteServing } from './note-consumer.ts';
import { previewContract } from './preview-contract.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
let events = 0;
const consumed = () => ({ consumer: 'test', eventId: `e${++events}` });

function setUp() {
  const { deps } = inMemoryValidation();
  const consumers = createConsumerStore(createMemoryTable());
  const register = (modelVersion: number) =>
    noteModelVersion(
      { consumers },
      {
        project,
        model: project,
        modelVersion,
        signature: { task: 'regression', inputs: [{ name: 'x', type: 'number' }], target: 'y', classes: [] },
      } as unknown as Parameters<typeof noteModelVersion>[1],
      consumed(),
    );
  const serve = (modelVersion: number | undefined, minute: number) =>
    noteServing({ consumers }, { project, model: project, modelVersion, at: at(minute) }, consumed());
  const preview = async (columns: Record<string, unknown>) => {
    const now = contractOf((await deps.projects.revision(project)).definition);
    return previewContract({ projects: deps.projects, consumers }, project, {
      ...now,
      columns: { ...now.columns, ...columns } as typeof now.columns,
    });
  };
  return { register, serve, preview, consumers };
}
const { x: _x, ...others } = contractColumns;

describe('the preview of a contract', () => {
  it('says that nothing changes', async () => {
    expect(await setUp().preview({})).toEqual({ againstRevision: 1, changes: [], breaking: false });
  });

  it('names the model versions that read a column, and which of them serves', async () => {
    const { register, serve, preview } = setUp();
    await register(1);
    await register(2);
    await serve(2, 5);
    const { changes, breaking } = await preview({
      ...others,
      x: { type: 'string', nullable: true, unique: false, sensitive: false },
    });
    expect(breaking).toBe(true);
    expect(changes.find(({ path }) => path === 'columns.x.type')).toMatchObject({
      change: 'retyped',
      consumers: [
        { kind: 'feature', id: 'x', serving: true },
        { kind: 'model_version', id: '2', serving: true },
        { kind: 'model_version', id: '1', serving: false },
      ],
    });
  });
});

describe('what is known of model versions', () => {
  it('is the newest, in whatever order facts come', async () => {
    const { register, serve, consumers } = setUp();
    await serve(2, 9);
    await serve(1, 3);
    await register(1);
    await register(2);
    expect(
      (await consumers.list(project)).map(({ modelVersion, serving }) => [modelVersion, serving]),
    ).toEqual([
      [1, false],
      [2, true],
    ]);
    await serve(undefined, 12);
    expect((await consumers.list(project)).some(({ serving }) => serving)).toBe(false);
  });
});
