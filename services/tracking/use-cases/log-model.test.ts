import { describe, expect, it } from 'vitest';
import type { Heads } from '../ports/heads.ts';
import { logModel } from './log-model.ts';

const archive = { uri: 's3://models/training/wine/t1/model.tar.gz', sha256: 'a'.repeat(64), bytes: 10 };
const signature = {
  task: 'regression' as const,
  inputs: [{ name: 'size', type: 'number' as const }],
  target: 'price',
  classes: [],
};

function setUp(artifactUri = 'mlflow-artifacts:/7/r1/artifacts') {
  const written: string[] = [];
  const heads: Heads = {
    experiment: async () => undefined,
    run: async (runId) =>
      runId === 'r1'
        ? { runId, experimentId: '7', project: 'wine', artifactUri, lifecycleStage: 'active' }
        : undefined,
  };
  const artifacts = {
    unpack: async (_archive: unknown, { key }: { key: string }) => void written.push(key),
    writeText: async ({ key }: { key: string }) => void written.push(key),
  };
  const log = (project = 'wine', runId = 'r1') =>
    logModel({ heads, artifacts, modelsBucket: 'models' }, { project, runId, artifact: archive, signature });
  return { log, written };
}

describe('the model of a training', () => {
  it('is written below its run, and named as clients name it', async () => {
    const { log, written } = setUp();
    expect(await log()).toEqual({ source: 'mlflow-artifacts:/7/r1/artifacts/model' });
    expect(written.sort()).toEqual(
      ['MLmodel', 'conda.yaml', 'model.ubj', 'python_env.yaml', 'requirements.txt'].map(
        (file) => `mlflow/7/r1/artifacts/model/${file}`,
      ),
    );
  });

  it.each([
    ['an unknown run', 'wine', 'r2', undefined, 'RunNotFound'],
    ['a run of another project', 'tumour', 'r1', undefined, 'RunNotFound'],
    ['artifacts elsewhere', 'wine', 'r1', 's3://elsewhere/7/r1/artifacts', 'ArtifactsElsewhere'],
  ])('is not written for %s', async (_what, project, runId, uri, code) => {
    const { log, written } = setUp(uri);
    await expect(log(project, runId)).rejects.toMatchObject({ code });
    expect(written).toEqual([]);
  });
});
