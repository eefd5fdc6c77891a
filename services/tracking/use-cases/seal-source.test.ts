import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { Heads } from '../ports/heads.ts';
import { createSealedSources } from '../store/sealed-store.ts';
import { sealSource } from './seal-source.ts';

/** Experiments 1 of wine and 0 of the default project; the run r1, and one whose artifacts lie elsewhere. */
const heads: Heads = {
  async experiment(experimentId) {
    const project = { '1': 'wine', '0': 'default' }[experimentId];
    if (!project) return undefined;
    const artifactLocation = `mlflow-artifacts:/${experimentId}`;
    return { experimentId, name: project, project, artifactLocation, lifecycleStage: 'active' };
  },
  async run(runId) {
    const artifactUri = { r1: 'mlflow-artifacts:/1/r1/artifacts', far: 's3://bucket/1/far/artifacts' }[runId];
    if (!artifactUri) return undefined;
    return { runId, experimentId: '1', project: 'wine', artifactUri, lifecycleStage: 'active' };
  },
};

const setUp = () => {
  const table = createMemoryTable();
  const sealed = createSealedSources(table);
  const seal = (source: string, project = 'wine', modelVersion = 1) =>
    sealSource({ heads, sealed }, { project, model: 'wine', modelVersion, source });
  return { table, sealed, seal };
};

describe('the source of a new model version', () => {
  it.each([
    ['mlflow-artifacts:/1/r1/artifacts/model', '1/r1/artifacts', '1/r1/artifacts/model'],
    ['mlflow-artifacts://host:5000/1/r1/artifacts/model/', '1/r1/artifacts', '1/r1/artifacts/model'],
    ['runs:/r1/model', '1/r1/artifacts', '1/r1/artifacts/model'],
    ['runs:/r1', '1/r1/artifacts', '1/r1/artifacts'],
    ['mlflow-artifacts:/0/models/m-1/artifacts', '0/models/m-1/artifacts', '0/models/m-1/artifacts'],
  ])('%s is sealed', async (source, root, path) => {
    const { seal, sealed } = setUp();
    expect(await seal(source)).toBe('sealed');
    expect(await sealed.sourcesOf(root)).toEqual([{ source: path, model: 'wine', version: '1' }]);
  });

  it.each([
    's3://bucket/model',
    'models:/other/3',
    'runs:/none/model',
    'runs:/far/model',
    'mlflow-artifacts:/9/r1/artifacts/model',
    'mlflow-artifacts:/1/r1/artifacts/../../0/x',
    'mlflow-artifacts:/1',
    '',
  ])('%j is left alone', async (source) => {
    const { seal, table } = setUp();
    expect(await seal(source)).toBe('not ours');
    expect(table.items()).toEqual([]);
  });

  it('of another project is not locked by who may not write there', async () => {
    const { seal, table } = setUp();
    expect(await seal('mlflow-artifacts:/1/r1/artifacts/model', 'tumour')).toBe('not ours');
    expect(table.items()).toEqual([]);
  });

  it('is sealed once for each version, however often it is told of', async () => {
    const { seal, sealed } = setUp();
    for (const version of [1, 1, 2]) await seal('runs:/r1/model', 'wine', version);
    expect((await sealed.sourcesOf('1/r1/artifacts')).map(({ version }) => version)).toEqual(['1', '2']);
  });
});
