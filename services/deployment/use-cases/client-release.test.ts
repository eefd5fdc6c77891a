import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import { clientVersion, type DeploymentWorld, inMemoryDeployment } from '#test/doubles/deployment.ts';
import { beginClientRelease } from './begin-client-release.ts';
import { createEndpoint } from './create-endpoint.ts';
import { openRelease } from './open-release.ts';
import { stopReleases } from './stop-releases.ts';

describe('the release of a version that a client registered', () => {
  let world: DeploymentWorld;
  beforeEach(() => {
    world = inMemoryDeployment();
  });
  const open = (changed = {}) =>
    openRelease(world.deps, { releaseId: 'r1', version: { ...clientVersion(1), ...changed } });

  it('ends at the gates where its columns are in another order, as nobody can evaluate it, and says what to do', async () => {
    const opened = await open();
    expect(opened).toMatchObject({
      gatesPassed: false,
      gateSummary: expect.stringMatching(/InsufficientData.*approval\.unevaluatedVersions: ask/),
    });
    expect(await world.store.readRelease('tumour', 'r1')).toMatchObject({ status: 'open', modelVersion: 1 });
  });

  describe('of a project that lets people decide', () => {
    beforeEach(() => {
      world.project.approval.unevaluatedVersions = 'ask';
    });

    it('asks them, with what they must know', async () => {
      expect(await open()).toMatchObject({
        gatesPassed: true,
        metrics: {},
        requestedBy: 'ada',
        note: expect.stringMatching(/^Not evaluated by the platform: 'ada'/),
        subject: { modelVersion: 1, artifactSha256: 'c'.repeat(64), contentDigest: 'd'.repeat(64) },
      });
    });

    it('packs once what is served, with columns in the model’s order', async () => {
      const [first, second] = [await open(), await open()];
      expect(second).toEqual(first);
      expect(world.clientFiles.packed).toEqual(['model.ubj']);
      expect(await world.store.readRelease('tumour', 'r1')).toMatchObject({
        artifact: { sha256: 'c'.repeat(64) },
        trainingImage: 'serving-image',
        signature: { inputs: [{ name: 'z' }, { name: 'x' }] },
        registered: { uri: 's3://bucket-of-models/registry/content/1.json' },
      });
    });

    it.each([
      ['another flavor', { flavors: ['sklearn'] }, /serves models of the flavor xgboost/],
      [
        'bytes that are not known',
        { content: { verdict: 'NotVerifiable' as const, reason: 'Foreign.' } },
        /Foreign/,
      ],
    ])('ends where it has %s', async (_what, changed, message) => {
      expect(await open(changed)).toMatchObject({
        gatesPassed: false,
        gateSummary: expect.stringMatching(message),
      });
      expect((await world.store.readRelease('tumour', 'r1'))?.artifact).toBeUndefined();
    });

    it('ends where the project has no training set to compare columns with', async () => {
      world.clientFiles.trainingSet = undefined;
      expect((await open()).gateSummary).toMatch(/no training set yet/);
    });

    it('ends where its bytes are others by now', async () => {
      world.deps.files.text = async () => {
        throw new AppError('precondition_failed', 'ContentChanged', 'MLmodel has another SHA-256.');
      };
      expect(await open()).toMatchObject({ gatesPassed: false, gateSummary: 'MLmodel has another SHA-256.' });
    });

    it('ends where the model was trained on its columns in another order than its signature says', async () => {
      world.clientFiles.featureNames = ['x', 'z'];
      expect((await open()).gateSummary).toMatch(/another order/);
    });

    it('creates no endpoint after a registered file changed', async () => {
      await open();
      world.digests.value = 'c'.repeat(64);
      world.clientFiles.changed = ['model.ubj'];
      await expect(createEndpoint(world.deps, { ...world.step(1), taskToken: 't' })).rejects.toMatchObject({
        code: 'ArtifactChanged',
        message: expect.stringContaining('model.ubj'),
      });
      expect(world.hosted.size).toBe(0);
    });

    it('creates an endpoint of what was packed', async () => {
      await open();
      world.digests.value = 'c'.repeat(64);
      await createEndpoint(world.deps, { ...world.step(1), taskToken: 't' });
      expect([...world.hosted.keys()]).toEqual(['tumour-v1']);
    });
  });

  it('creates no endpoint where nothing was packed', async () => {
    await open({ flavors: [] });
    await expect(createEndpoint(world.deps, { ...world.step(1), taskToken: 't' })).rejects.toMatchObject({
      code: 'NotServable',
    });
  });
});

describe('a registration of a client', () => {
  const begun: unknown[] = [];
  const deps = {
    projects: { newestRevision: async (project: string) => (project === 'tumour' ? 3 : undefined) },
    starter: { begin: async (_metadata: unknown, version: unknown) => void begun.push(version) },
  };
  const { projectRevision: _revision, requestedBy: _by, ...registered } = clientVersion(1);

  it.each([
    [
      'begins a release where its model is a project’s',
      registered,
      [{ projectRevision: 3, requestedBy: 'ada' }],
    ],
    ['begins none for a copy of another server’s', { ...registered, importedFrom: 'http://elsewhere' }, []],
    ['begins none for another model of a project', { ...registered, model: 'tumour.shadow' }, []],
    ['begins none for the model of no project', { ...registered, project: 'wine', model: 'wine' }, []],
  ])('%s', async (_what, version, expected) => {
    begun.length = 0;
    await beginClientRelease(deps, version, inMemoryDeployment().step(1).metadata);
    expect(begun).toMatchObject(expected);
  });
});

describe('a version in quarantine', () => {
  it('has its open release stopped, and no other', async () => {
    const { deps, store, deploy, promote } = inMemoryDeployment();
    await deploy(1);
    await promote(1);
    for (const modelVersion of [2, 3])
      await openRelease(deps, { releaseId: `r${modelVersion}`, version: clientVersion(modelVersion) });
    const stopped: unknown[] = [];
    const starter = { stop: async (...call: unknown[]) => void stopped.push(call) };
    for (const modelVersion of [1, 2])
      await stopReleases({ store, starter }, { project: 'tumour', model: 'tumour', modelVersion }, 'changed');
    expect(stopped).toEqual([['r2', 'changed']]);
  });
});
