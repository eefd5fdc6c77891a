import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelVersion } from '#services/registry/contract.ts';
import {
  clientVersion,
  type DeploymentWorld,
  inMemoryDeployment,
  registered,
} from '#test/doubles/deployment.ts';
import { beginRequestedRelease } from './begin-requested-release.ts';
import { closeRelease } from './close-release.ts';
import { openRelease } from './open-release.ts';
import { requestRelease } from './request-release.ts';
import { retireEndpoint } from './retire-endpoint.ts';

const shown = { status: 'READY' as const, createdAt: '2026-01-01T00:00:00.000Z', aliases: [] };
const ofTraining = (modelVersion: number): ModelVersion => ({
  ...registered(modelVersion),
  origin: 'training',
  ...shown,
});
const ofClient = (modelVersion: number): Extract<ModelVersion, { origin: 'client' }> => {
  const { projectRevision: _revision, requestedBy: _by, ...version } = clientVersion(modelVersion);
  return { ...version, ...shown };
};

describe('asking for the release of a version', () => {
  let world: DeploymentWorld;
  let version: ModelVersion | undefined;
  beforeEach(() => {
    world = inMemoryDeployment();
    version = ofClient(1);
  });
  const request = (modelVersion = 1) =>
    requestRelease(
      { ...world.deps, versions: { find: async () => version } },
      { project: 'tumour', modelVersion, reason: 'policy', by: 'bob' },
    );

  it('begins one, tells of who asked, and answers the same one to everybody who asks then', async () => {
    const first = await request();
    expect(first).toMatchObject({ status: 'open', begun: true });
    expect(await request()).toEqual({ ...first, begun: false });
    expect(world.published()).toEqual(['ReleaseRequested.v1']);
    expect(await world.store.readRelease('tumour', first.releaseId)).toMatchObject({ status: 'open' });
  });

  it('begins one where several ask at the same time', async () => {
    const answers = await Promise.all([request(), request(), request()]);
    expect(new Set(answers.map(({ releaseId }) => releaseId)).size).toBe(1);
    expect(answers.filter(({ begun }) => begun)).toHaveLength(1);
  });

  it('begins another after the first was rejected', async () => {
    const first = await request();
    const { metadata } = world.step(1);
    const rejected = { project: 'tumour', releaseId: first.releaseId, metadata };
    await closeRelease(world.deps, { ...rejected, step: 'gates', reason: 'refused' });
    const second = await request();
    expect(second).toMatchObject({ begun: true });
    expect(second.releaseId).not.toBe(first.releaseId);
  });

  it('answers the release that made the version serve', async () => {
    version = ofTraining(1);
    await world.deploy(1);
    await world.promote(1);
    expect(await request()).toEqual({ releaseId: 'r1', modelVersion: 1, status: 'completed', begun: false });
  });

  it('waits for the end of the endpoint that the version had', async () => {
    for (const number of [1, 2]) {
      await world.deploy(number);
      await world.promote(number);
    }
    version = ofTraining(1);
    await expect(request()).rejects.toMatchObject({ code: 'EndpointKept' });
    await retireEndpoint(world.deps, 'tumour-v1');
    expect(await request()).toMatchObject({ begun: true });
  });

  it.each([
    ['there is none', () => undefined, 'ModelVersionNotFound'],
    [
      'it is in quarantine',
      () => ({ ...ofClient(1), status: 'QUARANTINED' as const, statusReason: 'a file changed' }),
      'VersionQuarantined',
    ],
    [
      'nobody has looked at its bytes',
      () => {
        const { content: _content, ...rest } = ofClient(1);
        return rest;
      },
      'ContentNotRecorded',
    ],
    [
      'its bytes could not be read',
      () => ({ ...ofClient(1), content: { verdict: 'NotVerifiable' as const, reason: 'Foreign.' } }),
      'NotVerifiable',
    ],
  ])('is refused where %s', async (_case, found, code) => {
    version = found();
    await expect(request()).rejects.toMatchObject({ code });
    expect(world.published()).toEqual([]);
  });

  it('opens what was asked for with what is served, as any release', async () => {
    world.project.approval.unevaluatedVersions = 'ask';
    const { releaseId } = await request();
    const opened = await openRelease(world.deps, { releaseId, version: clientVersion(1) });
    expect(opened.gatesPassed).toBe(true);
    expect(await world.store.readRelease('tumour', releaseId)).toMatchObject({
      status: 'open',
      artifact: { sha256: 'c'.repeat(64) },
    });
  });
});

describe('a release that was asked for', () => {
  const { metadata } = inMemoryDeployment().step(1);
  const asked = { project: 'tumour', releaseId: 'r9', model: 'tumour', modelVersion: 1, projectRevision: 4 };
  const begun: unknown[] = [];
  const begin = (world: DeploymentWorld, version: ModelVersion | undefined) =>
    beginRequestedRelease(
      {
        ...world.deps,
        versions: { find: async () => version },
        starter: { begin: async (_metadata, told) => void begun.push(told) },
      },
      asked,
      metadata,
    );

  it.each([
    ['a training', ofTraining(1), { trainingId: 't', requestedBy: 'ada' }],
    ['a client', ofClient(1), { origin: 'client', requestedBy: 'ada' }],
  ])(
    'begins by the project’s newest revision, in the name of %s’s maker',
    async (_who, version, expected) => {
      begun.length = 0;
      await begin(inMemoryDeployment(), version);
      expect(begun).toMatchObject([{ ...expected, projectRevision: 4 }]);
      expect(begun[0]).not.toHaveProperty('aliases');
    },
  );

  it('ends where its version was deleted meanwhile', async () => {
    begun.length = 0;
    const world = inMemoryDeployment();
    const { deployment } = world.project;
    const release = {
      ...{ releaseId: 'r9', project: 'tumour', model: 'tumour', modelVersion: 1, deployment },
      ...{ status: 'open' as const, openedAt: '2026-01-01T00:00:00.000Z' },
    };
    await world.store.commit({ release, events: [] });
    await begin(world, undefined);
    expect(begun).toEqual([]);
    expect(await world.store.readRelease('tumour', 'r9')).toMatchObject({
      status: 'rejected',
      reason: expect.stringContaining('was deleted'),
    });
  });
});
