import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyProject, readProject } from '#services/projects/contract.ts';
import { Platform } from './platform.ts';
import { exampleText, freshName } from './project.ts';

/** A mistake in the example's file: what is written instead of what, where the error must point, and what it must say. */
interface Mistake {
  readonly what: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly path: string;
  /** Text of the line that the error must point at. */
  readonly line: string;
  readonly says: RegExp;
}

const mistakes: readonly Mistake[] = [
  {
    what: 'a member that there is not',
    from: /^approval:/m,
    to: 'colour: red\n\napproval:',
    path: 'colour',
    line: 'colour: red',
    says: /'colour' is not known here; known are: name, description/,
  },
  {
    what: 'no owners',
    from: /^owners:.*\n/m,
    to: '',
    path: 'owners',
    line: 'name: ',
    says: /expected array/,
  },
  {
    what: 'a column type that there is not',
    from: 'mean_radius: { type: number',
    to: 'mean_radius: { type: numbr',
    path: 'data/columns/mean_radius/type',
    line: 'numbr',
    says: /one of "number"\|"integer".*it is "numbr"/,
  },
  {
    what: 'a lower bound above the upper one',
    from: 'mean_texture: { type: number, min: 0',
    to: 'mean_texture: { type: number, min: 100',
    path: 'data/columns/mean_texture',
    line: 'min: 100',
    says: /min must not be above max/,
  },
  {
    what: 'a target that is no column',
    from: 'column: malignant',
    to: 'column: malignan',
    path: 'target/column',
    line: 'column: malignan',
    says: /'malignan' is no column of data.columns/,
  },
  {
    what: 'a primary key that is the target',
    from: 'primaryKey: sample_id',
    to: 'primaryKey: malignant',
    path: 'target/column',
    line: 'column: malignant',
    says: /a target is another column/,
  },
  {
    what: 'a positive class that the target cannot have',
    from: 'positiveClass: 1',
    to: 'positiveClass: malignant',
    path: 'target/positiveClass',
    line: 'positiveClass: malignant',
    says: /set positiveClass to the integer value/,
  },
  {
    what: 'shares that do not add up',
    from: 'train: 0.7,',
    to: 'train: 0.9,',
    path: 'split',
    line: 'train: 0.9',
    says: /must add up to 1/,
  },
  {
    what: 'an instance type that there is not',
    from: 'instanceType: ml.m5.large',
    to: 'instanceType: m5.large',
    path: 'training/resources/instanceType',
    line: 'instanceType: m5.large',
    says: /must be a SageMaker instance type such as ml.m5.large/,
  },
  {
    what: 'a gate with two bounds',
    from: '{ metric: auc, min: 0.95 }',
    to: '{ metric: auc, min: 0.95, max: 1 }',
    path: 'gates/thresholds/0',
    line: 'max: 1 }',
    says: /needs min or max, not both/,
  },
  {
    what: 'a quorum of nobody',
    from: /^approval:\n/m,
    to: 'approval:\n  quorum: 0\n',
    path: 'approval/quorum',
    line: 'quorum: 0',
    says: />=1; it is 0/,
  },
  {
    what: 'a canary with most of the traffic',
    from: 'trafficShare: 0.2',
    to: 'trafficShare: 2',
    path: 'deployment/canary/trafficShare',
    line: 'trafficShare: 2',
    says: /<=0.5; it is 2/,
  },
  {
    what: 'a metric that says nothing about the task',
    from: 'metric: accuracy',
    to: 'metric: rmse',
    path: 'monitoring/performance/metric',
    line: 'metric: rmse',
    says: /rmse says nothing about binary_classification; use one of auc/,
  },
];

const notEvenClose: readonly [what: string, file: string, code: string, says: RegExp][] = [
  ['nothing', '', 'ProjectFileEmpty', /Send YAML or JSON with at least name, owners/],
  ['a number', '42', 'InvalidProject', /line 1, column 1.*expected object/],
  ['what is not YAML', 'name: [unclosed', 'InvalidProject', /line 1, column \d+/],
  ['what is not JSON', '{ "name": "x", }}', 'InvalidProject', /line 1, column \d+/],
];

let platform: Platform;
beforeAll(async () => {
  platform = await Platform.open();
});
afterAll(() => platform?.close());

const apply = (project: string, file: string) =>
  platform.request(applyProject, { project }, { text: file, contentType: 'text/plain' });
const namedAs = (project: string) => exampleText('project.yaml').replace(/^name: .*$/m, `name: ${project}`);

describe('a project file with', () => {
  it.each(mistakes)('$what is refused where it stands', async ({ from, to, path, line, says }) => {
    const project = freshName();
    const file = namedAs(project).replace(from, to);
    const answer = await apply(project, file);
    expect(answer).toMatchObject({ status: 400, problem: { code: 'InvalidProject' } });
    const violation = answer.problem.violations?.find((one) => one.path === path);
    expect(violation?.message).toMatch(says);
    expect(file.split('\n')[(violation?.line ?? 0) - 1]).toContain(line);
    expect(answer.problem.detail).toContain(`line ${violation?.line}, column ${violation?.column}`);
    const read = platform.as().call(readProject, { params: { project } });
    await expect(read).rejects.toThrow('ProjectNotFound');
  });

  it.each(notEvenClose)('%s in it is refused', async (_what, file, code, says) => {
    const answer = await apply(freshName(), file);
    expect(answer).toMatchObject({ status: 400, problem: { code } });
    expect(answer.problem.detail).toMatch(says);
  });

  it('another name than the address has is refused, and what is there stays as it is', async () => {
    const project = freshName();
    expect(await apply(project, namedAs(project))).toMatchObject({ status: 200 });
    const answer = await apply(project, namedAs('another'));
    expect(answer.status).toBe(400);
    expect(answer.problem.detail).toContain(`names the project 'another', but it is applied to '${project}'`);
    const { revision, definition } = await platform.as().call(readProject, { params: { project } });
    expect([revision, definition.name]).toEqual([1, project]);
  });

  it('a name that none can have is refused', async () => {
    const answer = await apply('Bad_Name', namedAs('Bad_Name'));
    expect(answer).toMatchObject({ status: 400, problem: { code: 'InvalidPath' } });
    expect(answer.problem.detail).toContain('must begin with a letter');
  });
});
