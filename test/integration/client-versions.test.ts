import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReleaseRequested } from '#events/deployment.ts';
import * as approvals from '#services/approvals/contract.ts';
import { readDeployment, requestRelease } from '#services/deployment/contract.ts';
import { readVersionEvaluation } from '#services/evaluation/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import {
  isTrained,
  listAliasHistory,
  listModelVersions,
  readModelVersion,
} from '#services/registry/contract.ts';
import { listRuns } from '#services/tracking/contract.ts';
import { requestTraining } from '#services/training/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const project = 'tumour';
const params = { project };
const example = (file: string) => readFileSync(new URL(`../../examples/tumour/${file}`, import.meta.url));
const ada = { id: 'ada', grants: [{ project, role: 'scientist' }] };
let served = 0;
let source = '';
let runId = '';
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

async function apply(unevaluatedVersions: 'refuse' | 'ask'): Promise<void> {
  const body = example('project.yaml')
    .toString('utf8')
    .replace('approval:', `approval:\n  unevaluatedVersions: ${unevaluatedVersions}`);
  expect(body).toContain('unevaluatedVersions');
  expect((await platform.call(applyProject, { params, body })).status).toBe(200);
}

/** As MLflow's client does, behind API Gateway; answers the number of the version. */
async function create(from: string, tags: readonly { key: string; value: string }[] = []): Promise<number> {
  const body = JSON.stringify({ name: project, source: from, run_id: runId, tags });
  const answer = (await platform.invoke('registry', 'mlflow', {
    version: '2.0',
    rawPath: '/api/2.0/mlflow/model-versions/create',
    rawQueryString: '',
    headers: {},
    body,
    requestContext: {
      http: { method: 'POST' },
      authorizer: { lambda: { identity: JSON.stringify(ada) } },
    },
  })) as { statusCode: number; body: string };
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return Number(JSON.parse(answer.body).model_version.version);
}

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
  await apply('refuse');
  await platform.upload('incoming/tumour/first.csv', example('data/first-upload.csv'));
  const [trained] = await platform.eventually('the first version', async () => {
    const { body } = await platform.call(listModelVersions, { params });
    const trained = body.items.filter(isTrained);
    return trained.length > 0 ? trained : undefined;
  });
  const { body: runs } = await platform.call(listRuns, { params });
  ({ runId } = runs.items[0]!);
  const place = `${runs.items[0]!.experimentId}/${runId}/artifacts/by-hand`;
  source = `mlflow-artifacts:/${place}`;
  folder = `mlflow/${place}`;
  const key = trained!.artifact.uri.split('/').slice(3).join('/');
  const columns = trained!.signature.inputs.map(({ name }) => name);
  await platform.put('models', `${folder}/model.ubj`, await modelFileOf(await platform.read('models', key)));
  await platform.put('models', `${folder}/MLmodel`, mlmodelOf('xgboost', columns));
  const trees = await platform.read('models', `${folder}/model.ubj`);
  await platform.put('models', `${folder}-turned/model.ubj`, trees);
  await platform.put('models', `${folder}-turned/MLmodel`, mlmodelOf('xgboost', columns.toReversed()));
  await platform.put('models', `${folder}-other/MLmodel`, mlmodelOf('sklearn', columns));
}, 120_000);
afterAll(() => platform.close());

describe('a version that a training registered', () => {
  it('takes no more writes where clients load it from', async () => {
    const { body } = await platform.call(readModelVersion, { params: { project, modelVersion: 1 } });
    const place = isTrained(body) ? body.source?.slice('mlflow-artifacts:/'.length) : undefined;
    const address = `${platform.runtime.endpoints.platformUrl}/api/2.0/mlflow-artifacts/artifacts/${place}/model.ubj`;
    const refusal = await platform.eventually('the refusal', async () => {
      const loaded = await fetch(address);
      const bytes = Buffer.from(await loaded.arrayBuffer());
      // The same bytes, so that nothing breaks where it is not sealed yet.
      const answer = await fetch(address, { method: 'PUT', body: bytes });
      return answer.ok ? undefined : { status: answer.status, text: await answer.text() };
    });
    expect(refusal).toMatchObject({ status: 403, text: expect.stringContaining('never changes') });
  });
});

describe('a version that a client created', () => {
  it('is measured by the platform, goes to people with what was found, and serves when they approve', async () => {
    served = await create(source);
    const request = await approvalOf(served, 'pending');
    expect(request).toMatchObject({ requestedBy: 'ada', metrics: { auc: expect.any(Number) } });
    expect(request.note).toMatch(/^'ada' made it elsewhere .* measured it on the held-out rows/);
    const { body: found } = await platform.call(readVersionEvaluation, {
      params: { project, modelVersion: served },
    });
    expect(found).toMatchObject({ verdict: 'Pass', metrics: request.metrics, releaseId: request.approvalId });
    // The same trees as the training's, so the same figures.
    const { body: trained } = await platform.call(readModelVersion, { params: { project, modelVersion: 1 } });
    expect(isTrained(trained) && trained.metrics).toEqual(request.metrics);
    const { approvalId, subjectDigest } = request;
    await platform.call(approvals.decideApproval, {
      params: { approvalId },
      body: { decision: 'approved', comment: 'Looked at it.', subjectDigest },
    });
    await ended(served, 'completed');
    const { body } = await platform.call(readDeployment, { params });
    expect(body.routing?.versions).toMatchObject([{ modelVersion: served, share: 1 }]);
    await platform.eventually('the alias of the champion', async () => {
      const { body: history } = await platform.call(listAliasHistory, {
        params: { ...params, alias: 'champion' },
      });
      return history.items.find(({ toVersion }) => toVersion === served);
    });
  });

  it('is in the list of versions beside those of trainings', async () => {
    const { body } = await platform.call(listModelVersions, { params });
    expect(body.items).toMatchObject([
      {
        modelVersion: served,
        origin: 'client',
        source,
        createdBy: 'ada',
        flavors: ['xgboost'],
        content: { verdict: 'Verified', objects: 2 },
        aliases: ['champion'],
      },
      { modelVersion: 1, origin: 'training' },
    ]);
  });

  it('is the champion that the next training is compared with', async () => {
    await platform.call(requestTraining, { params, body: { reason: 'compare' } });
    const version = await platform.eventually('the version of the next training', async () => {
      const { body } = await platform.call(listModelVersions, { params });
      return body.items.filter(isTrained).find(({ modelVersion }) => modelVersion > served);
    });
    expect(version.evaluation).toMatchObject({ verdict: 'Pass', championVersion: served });
  });

  it('of a flavor that nothing here serves ends at the gates, with what to do', async () => {
    const foreign = await create(`${source}-other`);
    const release = await ended(foreign, 'rejected');
    expect(release.reason).toMatch(/sklearn; the platform serves .* xgboost\. Log the model again/);
  });

  it('that the platform cannot measure ends there, until the project lets people decide and somebody asks', async () => {
    const turned = await create(`${source}-turned`);
    const release = await ended(turned, 'rejected');
    expect(release.reason).toMatch(/InsufficientData.*approval\.unevaluatedVersions: ask/);
    await apply('ask');
    const target = { params: { project, modelVersion: turned }, body: { reason: 'The policy changed.' } };
    const { body: first } = await platform.call(requestRelease, target);
    const { body: second } = await platform.call(requestRelease, target);
    expect([first.begun, second.begun]).toEqual([true, false]);
    expect(second.releaseId).toBe(first.releaseId);
    const request = await approvalOf(turned, 'pending');
    expect(request).toMatchObject({ approvalId: first.releaseId, requestedBy: 'ada', metrics: {} });
    expect(request.note).toMatch(/^Not evaluated by the platform: 'ada'/);
  });

  it('that was copied from another server is released when somebody asks, and not before', async () => {
    const tags = [{ key: 'millrace.imported.from', value: 'http://elsewhere.example' }];
    const copied = await create(source, tags);
    const params = { project, modelVersion: copied };
    const version = await platform.eventually('its content', async () => {
      const { body } = await platform.call(readModelVersion, { params });
      return body.origin === 'client' && body.content ? body : undefined;
    });
    expect(version).toMatchObject({
      importedFrom: 'http://elsewhere.example',
      content: { verdict: 'Verified' },
    });
    // The fact of a version that came later was handled, so that of this one was.
    await ended(await create(`${source}-other`), 'rejected');
    expect(await releaseOf(copied)).toBeUndefined();
    const { body: asked } = await platform.call(requestRelease, { params, body: {} });
    expect(await approvalOf(copied, 'pending')).toMatchObject({ metrics: { auc: expect.any(Number) } });
    await platform.mlflow('DELETE', 'model-versions/delete', { name: project, version: String(copied) });
    // The same fact once more, after the version went.
    const again = startingJourney({
      eventId: asked.releaseId,
      occurredAt: new Date(),
      project,
      actor: { type: 'user', id: 'ann' },
    });
    const { releaseId } = asked;
    const told = { project, releaseId, model: project, modelVersion: copied, projectRevision: 1 };
    await platform.publish(ReleaseRequested.create(again, told));
    expect((await ended(copied, 'rejected')).reason).toMatch(/was deleted before its release began/);
  });

  it('whose bytes change is taken back from people; what serves goes on serving', async () => {
    const waiting = await create(source);
    await approvalOf(waiting, 'pending');
    await platform.put('models', `${folder}/model.ubj`, 'other trees');
    const release = await ended(waiting, 'rejected');
    expect(release.reason).toMatch(/Version \d is in quarantine\. .*model\.ubj \(changed\)/);
    const withdrawn = await approvalOf(waiting, 'rejected');
    expect(withdrawn.decisions).toMatchObject([{ by: 'deployment' }]);
    expect((await releaseOf(served))?.status).toBe('completed');
    const { body } = await platform.call(readDeployment, { params });
    expect(body.routing?.versions).toMatchObject([{ modelVersion: served, share: 1 }]);
    const target = { params: { project, modelVersion: waiting } };
    const { body: shown } = await platform.call(readModelVersion, target);
    expect(shown).toMatchObject({
      status: 'QUARANTINED',
      statusReason: expect.stringContaining('model.ubj'),
    });
    const refused = await platform.call(requestRelease, { ...target, body: {} });
    expect(refused).toMatchObject({ status: 412, problem: { code: 'VersionQuarantined' } });
  });

  it('is compared with what was registered once a day, too', async () => {
    await expect(platform.invoke('registry', 'every-day', {})).resolves.toBeNull();
  });
});
