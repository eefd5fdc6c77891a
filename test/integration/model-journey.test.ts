import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as approvals from '#services/approvals/contract.ts';
import { readEvaluation } from '#services/evaluation/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import {
  getModelVersion,
  isTrained,
  listAliasHistory,
  listModelVersions,
  readModelVersion,
} from '#services/registry/contract.ts';
import { listRuns, readRun } from '#services/tracking/contract.ts';
import { listTrainings, requestTraining } from '#services/training/contract.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { Operator } from './operator.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const params = { project: 'tumour' };
const example = (file: string) => readFileSync(new URL(`../../examples/tumour/${file}`, import.meta.url));
const person = (id: string, role: Role) => ({ id, grants: [{ project: 'tumour', role }] });

const trainings = async () => (await platform.call(listTrainings, { params })).body.items;
const completed = (count: number) =>
  platform.eventually(`${count} completed trainings`, async () => {
    const items = await trainings();
    const failed = items.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`Training ${failed.trainingId} failed: ${failed.error}`);
    return items.filter(({ status }) => status === 'completed').length === count ? items : undefined;
  });
const pending = (modelVersion: number) =>
  platform.eventually(`the approval request of version ${modelVersion}`, async () => {
    const { body } = await platform.call(approvals.listApprovals, {
      params: {},
      query: { status: 'pending' },
    });
    return body.items.find((item) => item.modelVersion === modelVersion);
  });
const decide = (approvalId: string, body: unknown, as = person('bob', 'approver')) =>
  platform.call(approvals.decideApproval, { params: { approvalId }, body, as });

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params, body: example('project.yaml').toString('utf8') });
  await platform.upload('incoming/tumour/first.csv', example('data/first-upload.csv'));
});
afterAll(() => platform.close());

describe('the journey of a model', () => {
  it('goes from an upload through training, evaluation and registration to people', async () => {
    const [training] = await completed(1);
    expect(training).toMatchObject({ trigger: 'Data', datasetVersion: 1, modelVersion: 1 });
    const { body: versions } = await platform.call(listModelVersions, { params });
    expect(versions.items).toMatchObject([
      { modelVersion: 1, aliases: ['challenger'], evaluation: { verdict: 'Pass' }, recipe: { seed: 17 } },
    ]);
    const { body: runs } = await platform.call(listRuns, { params });
    expect(runs.items).toMatchObject([{ status: 'FINISHED', params: { objective: 'binary:logistic' } }]);
    expect(runs.items[0]?.metrics['test_auc']).toBeGreaterThan(0.95);
    const { runId } = runs.items[0]!;
    expect((await platform.call(readRun, { params: { ...params, runId } })).body).toEqual(runs.items[0]);
    const one = await platform.call(readModelVersion, { params: { ...params, modelVersion: 1 } });
    expect(one.body).toMatchObject({ modelVersion: 1, recipe: { seed: 17 } });
    const { body: evaluation } = await platform.call(readEvaluation, {
      params: { ...params, trainingId: training!.trainingId },
    });
    expect(evaluation.metrics['auc']).toBe(runs.items[0]?.metrics['test_auc']);
    expect(await pending(1)).toMatchObject({ project: 'tumour', quorum: 1 });
  });

  it('makes the same bytes when the recipe is run again', async () => {
    const reason = 'Is it reproducible?';
    const { status, body } = await platform.call(requestTraining, { params, body: { reason } });
    expect([status, body.decision]).toEqual([202, 'requested']);
    const second = await platform.call(requestTraining, { params, body: { reason: 'And again' } });
    expect(second.body).toMatchObject({ decision: 'suppressed', rule: 'InFlight' });
    // The one that met the flight was kept and began when the flight ended.
    await completed(3);
    const { body: versions } = await platform.call(listModelVersions, { params });
    expect(versions.items.map(({ modelVersion }) => modelVersion)).toEqual([3, 2, 1]);
    expect(new Set(versions.items.filter(isTrained).map(({ artifact }) => artifact.sha256)).size).toBe(1);
    const { body: history } = await platform.call(listAliasHistory, {
      params: { ...params, alias: 'challenger' },
    });
    expect(history.items.map(({ toVersion }) => toVersion)).toEqual([3, 2, 1]);
  });

  it('is answered once, however often SageMaker tells of a job', async () => {
    const [training] = await trainings();
    const event = {
      id: 'again',
      'detail-type': 'SageMaker Training Job State Change',
      detail: { TrainingJobName: training!.jobName },
    };
    await platform.invoke('training', 'on-sagemaker-job-changed', event);
    await platform.invoke('training', 'on-sagemaker-job-changed', event);
    await platform.invoke('training', 'every-hour', {});
    expect(await trainings()).toHaveLength(3);
  });

  it('waits for people through a restart, and takes a decision only on what it waits for', async () => {
    const request = await pending(1);
    await platform.stop();
    await platform.start();
    const { approvalId, subjectDigest } = await pending(1);
    expect(approvalId).toBe(request.approvalId);
    const yes = { decision: 'approved', comment: 'Looks good.', subjectDigest };
    const no = { ...yes, decision: 'rejected', comment: 'Not this one.' };
    const changed = await decide(approvalId, { ...yes, subjectDigest: '0'.repeat(64) });
    expect(changed).toMatchObject({ status: 412, problem: { code: 'SubjectChanged' } });
    const scientist = await decide(approvalId, yes, person('sam', 'scientist'));
    expect(scientist).toMatchObject({ status: 403, problem: { code: 'NotAnApprover' } });
    const rejected = await decide(approvalId, no);
    expect(rejected).toMatchObject({ status: 200, body: { status: 'rejected', decisions: [{ by: 'bob' }] } });
    expect(await decide(approvalId, yes)).toMatchObject({ status: 409, problem: { code: 'ApprovalClosed' } });
  });
});

/** Step Functions calls a function again that did not answer, with a newer token; what it waits for may have come meanwhile. */
describe('a task that is called again after what it waits for came', () => {
  const repeat = async (machine: string, service: 'training' | 'approvals', handler: string) => {
    const calls = await new Operator(platform).callsOf(machine, handler);
    expect(calls.length).toBeGreaterThan(0);
    await platform.invoke(service, handler, calls[0]);
  };

  it.each(['task-start-training-job', 'task-start-transform-job'])(
    'buys no second job and answers at once (%s)',
    async (handler) => {
      await repeat('training', 'training', handler);
      await platform.invoke('training', 'every-hour', {});
      expect((await trainings()).map(({ status }) => status)).toEqual([
        'completed',
        'completed',
        'completed',
      ]);
    },
  );

  it('opens no second approval request and answers with the decision', async () => {
    await repeat('release', 'approvals', 'task-request-approval');
    const { approvalId, subjectDigest } = await pending(2);
    const yes = { decision: 'approved', comment: 'This one.', subjectDigest };
    expect((await decide(approvalId, yes)).body).toMatchObject({ status: 'approved' });
    for (const call of await new Operator(platform).callsOf('release', 'task-request-approval'))
      await platform.invoke('approvals', 'task-request-approval', call);
    const { body } = await platform.call(approvals.listApprovals, { params: {} });
    expect(body.items.map(({ modelVersion, status }) => [modelVersion, status])).toEqual([
      [3, 'pending'],
      [2, 'approved'],
      [1, 'rejected'],
    ]);
  });
});

describe('bad input', () => {
  it.each<[string, unknown, RegExp]>([
    ['no reason', {}, /reason/],
    ['an empty reason', { reason: '' }, /reason/],
    ['something unknown', { reason: 'x', force: true }, /force/],
    ['no JSON', '{', /not JSON/],
  ])('in a training request with %s is told', async (_case, body, message) => {
    const answer = await platform.call(requestTraining, { params, body });
    expect(answer.status).toBe(400);
    expect(answer.problem.detail).toMatch(message);
  });

  it.each<[string, unknown, RegExp]>([
    ['no comment', { decision: 'approved', subjectDigest: 'a'.repeat(64) }, /comment/],
    [
      'a decision that is none',
      { decision: 'maybe', comment: 'x', subjectDigest: 'a'.repeat(64) },
      /decision/,
    ],
    ['half a digest', { decision: 'approved', comment: 'x', subjectDigest: 'abc' }, /subjectDigest/],
  ])('in a decision with %s is told', async (_case, body, message) => {
    const answer = await decide('none', body);
    expect(answer.status).toBe(400);
    expect(answer.problem.detail).toMatch(message);
  });

  it('about things that are not there is told', async () => {
    const unknown = await platform.call(approvals.readApproval, { params: { approvalId: 'none' } });
    expect(unknown).toMatchObject({ status: 404, problem: { code: 'ApprovalNotFound' } });
    const elsewhere = await platform.call(listTrainings, { params, as: { id: 'eve', grants: [] } });
    expect(elsewhere).toMatchObject({ status: 403, problem: { code: 'RoleMissing' } });
  });

  it.each([
    ['evaluation', 'task-evaluate-model'],
    ['registry', 'task-register-model-version'],
    ['tracking', 'task-start-run'],
    ['training', 'task-plan-training'],
    ['training', 'task-start-training-job'],
    ['approvals', 'task-request-approval'],
  ] as const)('from a machine to %s is refused by name (%s)', async (service, handler) => {
    const metadata = {
      eventId: 'E1',
      occurredAt: '2026-01-01T00:00:00.000Z',
      project: 'tumour',
      correlationId: 'E1',
      causationDepth: 0,
      actor: { type: 'user', id: 'ann' },
      initiatedBy: { type: 'user', id: 'ann' },
    };
    const context = { metadata, executionArn: 'arn', taskToken: 'token' };
    const call = platform.invoke(service, handler, { context, input: {} });
    await expect(call).rejects.toMatchObject({ name: 'InvalidTaskInput' });
  });

  it('in a question to the registry is answered with the error', async () => {
    const answer = await platform.invoke('registry', 'query', {
      query: getModelVersion.name,
      input: { project: 'X' },
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'InvalidQuestion' } });
  });
});
