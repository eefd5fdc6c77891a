import { beforeEach, describe, expect, it } from 'vitest';
import {
  clientVersion,
  type DeploymentWorld,
  inMemoryDeployment,
  registered,
} from '#test/doubles/deployment.ts';
import { openRelease } from './open-release.ts';

describe('what a client’s version is evaluated with', () => {
  let world: DeploymentWorld;
  beforeEach(() => {
    world = inMemoryDeployment();
    // The project's own order: x, z.
    world.deps.files.text = async () =>
      `flavors: {xgboost: {data: model.ubj}}
signature: {inputs: '[{"type": "double", "name": "x"}, {"type": "double", "name": "z"}]'}`;
    world.clientFiles.featureNames = ['x', 'z'];
  });
  const open = () => openRelease(world.deps, { releaseId: 'r7', version: clientVersion(7) });

  it('is the held-out rows of the newest training set, and nothing is decided before', async () => {
    const opened = await open();
    expect(opened).toMatchObject({
      gatesPassed: false,
      evaluation: {
        trainingSetId: 's',
        datasetVersion: 1,
        features: { uri: 's3://bucket-of-models/testFeatures' },
        labels: { uri: 's3://bucket-of-models/testLabels' },
        candidates: [{ candidate: 'challenger', artifact: { sha256: 'c'.repeat(64) } }],
      },
      note: expect.stringContaining('whether it was trained on some of them, the platform cannot know'),
    });
    expect(opened.evaluation).not.toHaveProperty('championVersion');
  });

  it('is what serves, too, where that takes the same columns', async () => {
    const version = registered(1);
    const { inputs } = version.signature;
    await serve({
      ...version,
      signature: { ...version.signature, inputs: [...inputs, { name: 'z', type: 'number' }] },
    });
    expect((await open()).evaluation).toMatchObject({
      championVersion: 1,
      candidates: [{ candidate: 'challenger' }, { candidate: 'champion', trainingImage: 'image' }],
    });
  });

  it('leaves out what serves where that takes other columns', async () => {
    await serve(registered(1));
    expect((await open()).evaluation?.candidates).toHaveLength(1);
  });

  async function serve(version: ReturnType<typeof registered>): Promise<void> {
    await world.deploy(1, version);
    await world.promote(1);
  }
});

describe('a training’s version that was not compared with what serves', () => {
  it('says so to who decides', async () => {
    const world = inMemoryDeployment();
    await world.deploy(1);
    await world.promote(1);
    const opened = await openRelease(world.deps, { releaseId: 'r2', version: registered(2) });
    expect(opened).toMatchObject({
      gatesPassed: true,
      note: expect.stringMatching(/^It was not compared with version 1, which serves now/),
      gateSummary: expect.stringContaining('not compared with version 1'),
    });
  });
});
