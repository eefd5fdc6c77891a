import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelVersionCreated } from '#events/registry.ts';
import * as approvals from '#services/approvals/contract.ts';
import { readDeployment } from '#services/deployment/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { listModelVersions } from '#services/registry/contract.ts';
import { listRuns } from '#services/tracking/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const project = 'tumour';
const params = { project };
const example = (file: string) => readFileSync(new URL(`../../examples/tumour/${file}`, import.meta.url));
/** Numbers that no training takes meanwhile. */
const served = 101;
const waiting = 102;
const foreign = 103;
let source = '';
let folder = '';

const releaseOf = async (modelVersion: number) => {
  const { body } = await platform.call(readDeployment, { params });
  return body.releases.find((release) => release.modelVersion === modelVersion);
};
const ended = (modelVersion: number, status: string) =>
  platform.eventually(`release of version ${modelVersion} as ${status}`, async () => {
    const release = await releaseOf(modelVersion);
    return release?.status === status ? release : undefined;
  });
const approvalOf = (modelVersion: number, status: 'pending' | 'rejected') =>
  platform.eventually(`the ${status} approval of version ${modelVersion}`, async () => {
    const { body } = await platform.call(approvals.listApprovals, { params: {}, query: { status } });
    return body.items.find((item) => item.modelVersion === modelVersion);
  });

/** As the registry does when a client creates a version. */
const create = (modelVersion: number, from: string) => {
  const metadata = startingJourney({
    eventId: `created-${modelVersion}`,
    occurredAt: new Date(),
    project,
    actor: { type: 'user', id: 'ada' },
  });
  return platform.publish(
    ModelVersionCreated.create(metadata, {
      project,
      model: project,
      modelVersion,
      source: from,
      createdBy: 'ada',
      tags: {},
    }),
  );
};

async function modelFileOf(archive: Buffer): Promise<Buffer> {
  const tar = extract();
  tar.end(gunzipSync(archive));
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    if (chunks.length > 0) return Buffer.concat(chunks);
  }
  throw new Error('The archive holds no file.');
}

const mlmodelOf = (flavor: string, columns: readonly string[]) => `flavors:
  ${flavor}:
    data: model.ubj
signature:
  inputs: '${JSON.stringify(columns.map((name) => ({ type: 'double', name, required: true })))}'
`;

/** A model that a client logged: the trees of a training, with the files that MLflow writes beside them. */
beforeAll(async () => {
  await platform.start();
  const file = example('project.yaml')
    .toString('utf8')
    .replace('approval:', 'approval:\n  unevaluatedVersions: ask');
  expect(file).toContain('unevaluatedVersions');
  expect((await platform.call(applyProject, { params, body: file })).status).toBe(200);
  await platform.upload('incoming/tumour/first.csv', example('data/first-upload.csv'));
  const [trained] = await platform.eventually('the first version', async () => {
    const { body } = await platform.call(listModelVersions, { params });
    return body.items.length > 0 ? body.items : undefined;
  });
  const { body: runs } = await platform.call(listRuns, { params });
  const place = `${runs.items[0]!.experimentId}/0123456789abcdef0123456789abcdef/artifacts/model`;
  source = `mlflow-artifacts:/${place}`;
  folder = `mlflow/${place}`;
  const key = trained!.artifact.uri.split('/').slice(3).join('/');
  const columns = trained!.signature.inputs.map(({ name }) => name);
  await platform.put('models', `${folder}/model.ubj`, await modelFileOf(await platform.read('models', key)));
  await platform.put('models', `${folder}/MLmodel`, mlmodelOf('xgboost', columns));
  await platform.put('models', `${folder}-other/MLmodel`, mlmodelOf('sklearn', columns));
}, 120_000);
afterAll(() => platform.close());

describe('a version that a client created', () => {
  it('goes to people with a word that nobody evaluated it, and serves when they approve', async () => {
    await create(served, source);
    const request = await approvalOf(served, 'pending');
    expect(request).toMatchObject({ requestedBy: 'ada', metrics: {} });
    expect(request.note).toMatch(/^Not evaluated by the platform: 'ada'/);
    const { approvalId, subjectDigest } = request;
    await platform.call(approvals.decideApproval, {
      params: { approvalId },
      body: { decision: 'approved', comment: 'Looked at it.', subjectDigest },
    });
    await ended(served, 'completed');
    const { body } = await platform.call(readDeployment, { params });
    expect(body.routing?.versions).toMatchObject([{ modelVersion: served, share: 1 }]);
  });

  it('of a flavor that nothing here serves ends at the gates, with what to do', async () => {
    await create(foreign, `${source}-other`);
    const release = await ended(foreign, 'rejected');
    expect(release.reason).toMatch(/sklearn; the platform serves .* xgboost\. Log the model again/);
  });

  it('whose bytes change is taken back from people; what serves goes on serving', async () => {
    await create(waiting, source);
    await approvalOf(waiting, 'pending');
    await platform.put('models', `${folder}/model.ubj`, 'other trees');
    const release = await ended(waiting, 'rejected');
    expect(release.reason).toMatch(/Version 102 is in quarantine\. .*model\.ubj \(changed\)/);
    const withdrawn = await approvalOf(waiting, 'rejected');
    expect(withdrawn.decisions).toMatchObject([{ by: 'deployment' }]);
    expect((await releaseOf(served))?.status).toBe('completed');
    const { body } = await platform.call(readDeployment, { params });
    expect(body.routing?.versions).toMatchObject([{ modelVersion: served, share: 1 }]);
  });

  it('is compared with what was registered once a day, too', async () => {
    await expect(platform.invoke('registry', 'every-day', {})).resolves.toBeNull();
  });
});
