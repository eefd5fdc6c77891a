import type { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import type { StageConfig } from '../config.ts';
import { at, listOf, type TemplateResource } from '../laws/resource.ts';
import type { Platform } from '../platform.ts';
import { FeatureStoreStack } from '../stacks/feature-store-stack.ts';
import { ValidationStack } from '../stacks/validation-stack.ts';
import { inspect } from '../testing/synthesize.ts';
import { ProcessingJobs } from './processing-jobs.ts';
import { ServiceFunction } from './service-function.ts';
import { ServiceStack } from './service-stack.ts';

const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/millrace-dev-processing:0123456789abcdef';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
const own = (stage: string, changes: Partial<StageConfig> = {}) =>
  inspect(stage, [ValidationStack], changes).resources.filter(({ stackName }) =>
    stackName.endsWith('-validation'),
  );
const statementsOf = (resources: readonly TemplateResource[], policy: string) =>
  resources
    .filter(({ type, logicalId }) => type === 'AWS::IAM::Policy' && logicalId.startsWith(policy))
    .flatMap(({ properties }) => listOf(at(properties, 'PolicyDocument', 'Statement')) as Statement[]);
const repositoryOf = (resources: readonly TemplateResource[]) =>
  resources.find(({ type }) => type === 'AWS::ECR::Repository')!;

describe('the repository of the processing image', () => {
  it('keeps what a tag names, and scans what is pushed', () => {
    expect(repositoryOf(own('dev')).properties).toMatchObject({
      RepositoryName: 'millrace-dev-processing',
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      LifecyclePolicy: { LifecyclePolicyText: expect.stringContaining('"tagStatus":"untagged"') },
    });
  });

  it('goes with its stage, images and all, unless the stage protects what it has', () => {
    const gone = repositoryOf(own('dev'));
    expect([gone.deletionPolicy, gone.properties['EmptyOnDelete']]).toEqual(['Delete', true]);
    const kept = repositoryOf(own('prod'));
    expect(kept.deletionPolicy).toMatch(/^Retain/);
    expect(kept.properties['EmptyOnDelete']).toBeUndefined();
  });

  it('names the program that stands for its images where the templates run on this machine, and nowhere else', () => {
    expect(repositoryOf(own('local')).metadata['millrace:program']).toEqual({
      code: 'programs',
      layers: ['duckdb'],
    });
    expect(repositoryOf(own('dev')).metadata['millrace:program']).toBeUndefined();
  });
});

describe('the role of processing jobs', () => {
  const statements = statementsOf(own('dev', { processingImage: image }), 'ProcessingRole');
  const on = (action: string) =>
    statements
      .filter(({ Action }) => listOf(Action).includes(action))
      .map(({ Resource, Condition }) => ({ resources: JSON.stringify(Resource), Condition }));

  it('reads versions and what validation owns, and writes that alone', () => {
    const [read] = on('s3:GetObject');
    expect(read?.resources).toMatch(/-data\/datasets\/\*.*-data\/validation\/\*/);
    expect(read?.resources.match(/\/\*"/g)).toHaveLength(2);
    const [write] = on('s3:PutObject');
    expect(write?.resources).toMatch(/-data\/validation\/\*"/);
    expect(on('s3:ListBucket')[0]?.Condition).toEqual({
      StringLike: { 's3:prefix': ['datasets/*', 'validation/*'] },
    });
  });

  it('pulls the one image that the stage names', () => {
    expect(on('ecr:BatchGetImage').map(({ resources }) => resources)).toEqual([
      expect.stringContaining(':ecr:eu-central-1:123456789012:repository/millrace-dev-processing"'),
    ]);
    const without = statementsOf(own('dev'), 'ProcessingRole');
    expect(JSON.stringify(without)).not.toContain('ecr:');
  });

  it('does nothing else', () => {
    const services = new Set(
      statements.flatMap(({ Action }) => listOf(Action)).map((action) => String(action).split(':')[0]),
    );
    expect([...services].sort()).toEqual(['cloudwatch', 'ecr', 'logs', 's3']);
    expect(on('logs:PutLogEvents')[0]?.resources).toMatch(/log-group:\/aws\/sagemaker\/ProcessingJobs/);
    expect(on('cloudwatch:PutMetricData')[0]?.Condition).toEqual({
      StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/ProcessingJobs' },
    });
  });
});

it('gives the jobs of the feature store a role of their own', () => {
  const { resources } = inspect('dev', [FeatureStoreStack], { processingImage: image });
  const role = resources.find(
    ({ type, logicalId }) => type === 'AWS::IAM::Role' && logicalId.startsWith('ProcessingRole'),
  );
  expect(JSON.stringify(role?.properties['RoleName'])).toContain('-feature-processing');
  const statements = statementsOf(resources, 'ProcessingRole');
  const on = (action: string) =>
    statements
      .filter(({ Action }) => listOf(Action).includes(action))
      .map(({ Resource }) => JSON.stringify(Resource));
  const read = on('s3:GetObject').join();
  for (const keys of ['-data/validation/*', '-data/feature-store/*', '-captures/predictions/*'])
    expect(read).toContain(keys);
  expect(on('s3:PutObject')).toEqual([expect.stringContaining('-data/feature-store/*/retrievals/*')]);
});

describe('a function for processing jobs', () => {
  type Allow = (jobs: ProcessingJobs, fn: ServiceFunction) => unknown;
  /** What one such function of a service may do with them, and what it is told. */
  const functionWith = (allow: Allow, changes: Partial<StageConfig> = {}) => {
    class Runner extends ServiceStack {
      constructor(scope: Construct, platform: Platform) {
        super(scope, platform, 'validation');
        const fn = new ServiceFunction(this, 'http', { description: 'Has to do with jobs' });
        allow(new ProcessingJobs(this, 'validation', { read: {}, written: ['validation/*'] }), fn);
      }
    }
    const { resources } = inspect('dev', [Runner], changes);
    const ours = resources.filter(({ stackName }) => stackName.endsWith('-validation'));
    const fn = ours.find(({ properties }) => String(properties['FunctionName']).endsWith('-http'))!;
    const statements = statementsOf(ours, 'httpRole');
    const onJobs = statements.filter(({ Resource }) =>
      /:processing-job\/millrace-dev-\*"[\]}]*$/.test(JSON.stringify(Resource)),
    );
    return {
      statements,
      actions: onJobs.flatMap(({ Action }) => listOf(Action)),
      told: at(fn.properties, 'Environment', 'Variables') as Record<string, unknown>,
    };
  };
  const starts: Allow = (jobs, fn) => jobs.allowStarting(fn);

  it('starts those of its stage, and may pass their role to SageMaker alone', () => {
    const { statements, actions } = functionWith(starts);
    expect(actions).toEqual(['sagemaker:AddTags', 'sagemaker:CreateProcessingJob']);
    const pass = statements.find(({ Action }) => Action === 'iam:PassRole');
    expect(JSON.stringify(pass?.Resource)).toContain('processing-execution');
    expect(pass?.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
    });
  });

  it.each<[string, Allow, string[]]>([
    ['looks at them', (jobs, fn) => jobs.allowWatching(fn), ['sagemaker:DescribeProcessingJob']],
    [
      'looks at them and stops them',
      (jobs, fn) => jobs.allowWatching(fn, { stopping: true }),
      ['sagemaker:DescribeProcessingJob', 'sagemaker:StopProcessingJob'],
    ],
  ])('%s, and starts none', (_what, allow, expected) => {
    const { statements, actions } = functionWith(allow);
    expect(actions).toEqual(expected);
    expect(JSON.stringify(statements)).not.toContain('iam:PassRole');
  });

  it('is told the image where there is one', () => {
    expect(functionWith(starts, { processingImage: image }).told['PROCESSING_IMAGE_URI']).toBe(image);
    const { told } = functionWith(starts);
    expect(told['PROCESSING_IMAGE_URI']).toBeUndefined();
    expect(JSON.stringify(told['PROCESSING_ROLE_ARN'])).toContain('processing-execution');
  });
});

describe('an image of another region', () => {
  it('stops the synthesis where the region of the stage is known', () => {
    const inIreland = image.replace('eu-central-1', 'eu-west-1');
    const before = process.env['CDK_DEFAULT_REGION'];
    process.env['CDK_DEFAULT_REGION'] = 'eu-central-1';
    try {
      expect(() => own('dev', { processingImage: inIreland })).toThrow(
        'processingImage names an image in eu-west-1, and the stage goes to eu-central-1',
      );
      expect(() => own('dev', { processingImage: image })).not.toThrow();
    } finally {
      if (before === undefined) delete process.env['CDK_DEFAULT_REGION'];
      else process.env['CDK_DEFAULT_REGION'] = before;
    }
  });
});
