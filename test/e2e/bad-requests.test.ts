import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApprovalRequest, decideApproval } from '#services/approvals/contract.ts';
import { readLineage } from '#services/governance/contract.ts';
import { readDrift } from '#services/monitoring/contract.ts';
import { predict, sendGroundTruth } from '#services/predictions/contract.ts';
import { requestTraining } from '#services/training/contract.ts';
import { ProjectJourney } from './journey.ts';
import { Platform } from './platform.ts';
import { exampleFile, exampleText, instancesOf } from './project.ts';

/** What is sent, as JSON unless it is text already; the code that comes back, and what it says. */
type Case = [what: string, body: unknown, code: string, says: RegExp];

let platform: Platform;
let journey: ProjectJourney;
let params: { project: string };
let request: ApprovalRequest;
const [instance = {}] = instancesOf('data/rows.csv');

beforeAll(async () => {
  platform = await Platform.open();
  journey = new ProjectJourney(platform);
  params = { project: journey.project };
  await journey.apply();
  await journey.upload(exampleText('data/first-upload.csv'));
  request = await journey.approvalOf(1);
});
afterAll(() => platform?.close());

const textOf = (body: unknown) => ({ text: typeof body === 'string' ? body : JSON.stringify(body) });

describe('a decision with', () => {
  const decision = { decision: 'approved', comment: 'Fine.', subjectDigest: 'a'.repeat(64) };

  it.each<Case>([
    ['no comment', { ...decision, comment: '' }, 'InvalidBody', /comment/],
    ['a word that decides nothing', { ...decision, decision: 'maybe' }, 'InvalidBody', /decision/],
    ['half a digest', { ...decision, subjectDigest: 'abc' }, 'InvalidBody', /subjectDigest/],
    ['something unknown', { ...decision, force: true }, 'InvalidBody', /force/],
    ['no JSON', '{', 'InvalidJson', /not JSON/],
    ['nothing', '', 'InvalidBody', /The request body is not valid/],
  ])('%s is refused, and the request goes on waiting', async (_what, body, code, says) => {
    const answer = await platform.request(decideApproval, { approvalId: request.approvalId }, textOf(body));
    expect(answer).toMatchObject({ status: 400, problem: { code } });
    expect(answer.problem.detail).toMatch(says);
    expect((await journey.approvals())[0]).toMatchObject({ status: 'pending', decisions: [] });
  });

  it('a request that there is not is refused', async () => {
    const answer = await platform.request(decideApproval, { approvalId: 'none' }, textOf(decision));
    expect(answer).toMatchObject({ status: 404, problem: { code: 'ApprovalNotFound' } });
  });
});

describe('before anything is deployed', () => {
  it.each([
    ['a prediction', predict, { instances: [instance] }],
    ['a label', sendGroundTruth, { labels: [{ inferenceId: 'x', value: 1 }] }],
  ])('%s is refused, saying what must come first', async (_what, endpoint, body) => {
    const answer = await platform.request(endpoint, params, textOf(body));
    expect(answer).toMatchObject({ status: 404, problem: { code: 'NothingDeployed' } });
    expect(answer.problem.detail).toContain('A release must be approved first');
  });
});

describe('where a model serves', () => {
  beforeAll(async () => {
    await journey.decide(request, 'approved');
    await journey.promotion(1);
  });

  const { mean_radius: _radius, ...withoutRadius } = instance;
  it.each<Case>([
    ['no instances', { instances: [] }, 'InvalidBody', /instances/],
    ['too many instances', { instances: Array(501).fill(instance) }, 'InvalidBody', /500/],
    ['no JSON', '{"instances": [', 'InvalidJson', /not JSON/],
    ['nothing', '', 'InvalidBody', /The request body is not valid/],
    ['something unknown', { instances: [instance], rows: 1 }, 'InvalidBody', /rows/],
    ['a list in a value', { instances: [{ ...instance, mean_area: [1] }] }, 'InvalidBody', /mean_area/],
    ['a missing feature', { instances: [withoutRadius] }, 'InvalidInstances', /mean_radius is missing/],
    [
      'a text for a number',
      { instances: [instance, { ...instance, mean_area: 'big' }] },
      'InvalidInstances',
      /instances\/1\/mean_area is "big"; a number is expected/,
    ],
    [
      'a feature of another name',
      { instances: [{ ...withoutRadius, 'Mean Radius': 1 }] },
      'InvalidInstances',
      /did you mean 'mean_radius'|mean_radius is missing/,
    ],
  ])('a prediction with %s is refused', async (_what, body, code, says) => {
    const answer = await platform.request(predict, params, textOf(body));
    expect(answer).toMatchObject({ status: 400, problem: { code } });
    expect(answer.problem.detail).toMatch(says);
  });

  it.each<Case>([
    ['no labels', { labels: [] }, 'InvalidBody', /labels/],
    ['too many', { labels: Array(1001).fill({ inferenceId: 'x', value: 1 }) }, 'InvalidBody', /1000/],
    ['no inference id', { labels: [{ value: 1 }] }, 'InvalidBody', /inferenceId/],
    [
      'a value that the target cannot have',
      {
        labels: [
          { inferenceId: 'x', value: 1 },
          { inferenceId: 'y', value: 7 },
        ],
      },
      'InvalidLabels',
      /1 of 2 labels are not values of 'malignant'; allowed is 0, 1. Nothing was taken/,
    ],
  ])('ground truth with %s is refused', async (_what, body, code, says) => {
    const answer = await platform.request(sendGroundTruth, params, textOf(body));
    expect(answer).toMatchObject({ status: 400, problem: { code } });
    expect(answer.problem.detail).toMatch(says);
    expect(await journey.audited('GroundTruthReceived')).toEqual([]);
  });

  it.each([
    ['a prediction', predict, { instances: [instance] }, 'NothingDeployed'],
    ['a training', requestTraining, { reason: 'Why not?' }, 'ProjectNotFound'],
  ])('%s for an unknown project is refused', async (_what, endpoint, body, code) => {
    const answer = await platform.request(endpoint, { project: 'nobody-knows' }, textOf(body));
    expect(answer).toMatchObject({ status: 404, problem: { code } });
  });

  it('only what was answered is captured', async () => {
    await journey.as().call(predict, { params, body: { instances: [instance] } });
    const window = await journey.eventually('the captured prediction', async () => {
      return (await journey.as().call(readDrift, { params })).openWindow;
    });
    expect(window.predictions).toBe(1);
  });

  it('the lineage of what there is not is refused', async () => {
    const lineage = { ...params, kind: 'prediction', id: 'none' };
    await expect(journey.as().call(readLineage, { params: lineage })).rejects.toThrow('LineageNotFound');
  });
});

describe('the command', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'millrace-e2e-command-'));
  const file = (name: string, content: string) => {
    writeFileSync(path.join(dir, name), content);
    return path.join(dir, name);
  };
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each<[what: string, args: () => string[], code: number, says: RegExp]>([
    ['an unknown command', () => ['frobnicate'], 2, /unknown command 'frobnicate'/],
    ['a missing argument', () => ['apply'], 2, /missing required argument 'file'/],
    ['a file that there is not', () => ['apply', 'none.yaml'], 2, /no file 'none.yaml'/],
    ['a file that is not YAML', () => ['apply', file('a.yaml', 'name: [x')], 2, /is not YAML/],
    [
      'a file without a name',
      () => ['apply', file('b.yaml', 'owners: [x]')],
      2,
      /needs a line `name: <project>`/,
    ],
    [
      'a project file with a mistake',
      () => ['apply', file('c.yaml', 'name: cc\ncolour: 1\n')],
      4,
      /line \d+/,
    ],
    [
      'rows that are no CSV',
      () => ['predict', params.project, file('d.csv', 'a,b\n1\n')],
      2,
      /not a CSV file/,
    ],
    [
      'labels of no prediction',
      () => ['label', params.project, file('e.csv', 'sample_id,malignant\nx,1\n')],
      2,
      /belongs to no prediction/,
    ],
    [
      'a batch of none',
      () => ['predict', params.project, 'x.csv', '--batch', '0'],
      2,
      /not a whole number above 0/,
    ],
    [
      'an unknown project',
      () => ['predict', 'nobody-knows', exampleFile('data/rows.csv').pathname],
      4,
      /ProjectNotFound/,
    ],
    ['an unknown request', () => ['approve', 'none'], 4, /ApprovalNotFound/],
    [
      'an upload that is rejected',
      () => ['upload', params.project, file('f.csv', 'a,b\n1,2\n')],
      1,
      /MissingColumns/,
    ],
    ['no platform there', () => ['info', '--url', 'http://127.0.0.1:1'], 3, /cannot be reached/],
  ])('with %s says so and ends with its exit code', async (_what, args, code, says) => {
    const end = await platform.command(...args());
    expect(end.stderr).toMatch(says);
    expect([end.code, end.stdout]).toEqual([code, '']);
  });
});
