import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsRequest, EmulatedService } from '../emulated-service.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import { createSageMaker } from './index.ts';

let folder: string;
let service: EmulatedService;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/millrace-sagemaker-`);
  service = createSageMaker(makeTestContext({ dataDir: folder }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const request = (target: string, body: unknown, rawPath = '/'): AwsRequest => ({
  requestId: 'r',
  method: 'POST',
  rawPath,
  query: new URLSearchParams(),
  headers: { 'x-amz-target': `SageMaker.${target}` },
  stream: Readable.from([]),
  bytes: async () => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  principal: { kind: 'operator', arn: 'arn:aws:iam::000000000000:user/operator' },
  signingName: 'sagemaker',
});
const arn = (rest: string): string => `arn:aws:sagemaker:us-east-1:000000000000:${rest}`;

describe('authorize', () => {
  it.each([
    [
      'DescribeTrainingJob',
      { TrainingJobName: 'Job-A' },
      [['sagemaker:DescribeTrainingJob', arn('training-job/job-a')]],
    ],
    [
      'StopProcessingJob',
      { ProcessingJobName: 'Job-A' },
      [['sagemaker:StopProcessingJob', arn('processing-job/job-a')]],
    ],
    ['ListTrainingJobs', {}, [['sagemaker:ListTrainingJobs', '*']]],
    [
      'CreateEndpoint',
      { EndpointName: 'e', EndpointConfigName: 'c' },
      [
        ['sagemaker:CreateEndpoint', arn('endpoint/e')],
        ['sagemaker:CreateEndpoint', arn('endpoint-config/c')],
      ],
    ],
    ['AddTags', { ResourceArn: arn('model/m') }, [['sagemaker:AddTags', arn('model/m')]]],
    [
      'CreateEndpointConfig',
      { EndpointConfigName: 'c', Tags: [{ Key: 'a', Value: 'b' }] },
      [
        ['sagemaker:CreateEndpointConfig', arn('endpoint-config/c')],
        ['sagemaker:AddTags', arn('endpoint-config/c')],
      ],
    ],
  ])('%s with %j', async (operation, body, expected) => {
    const permissions = await service.authorize(request(operation, body));
    expect(permissions.map(({ action, resource }) => [action, resource])).toEqual(expected);
  });

  it.each([
    ['CreateTrainingJob', 'RoleArn', { TrainingJobName: 'j' }],
    ['CreateProcessingJob', 'RoleArn', { ProcessingJobName: 'j' }],
    ['CreateModel', 'ExecutionRoleArn', { ModelName: 'm' }],
    ['CreateFeatureGroup', 'RoleArn', { FeatureGroupName: 'g' }],
  ])('%s demands to pass the role in %s to SageMaker', async (operation, member, body) => {
    const role = 'arn:aws:iam::000000000000:role/training';
    const permissions = await service.authorize(request(operation, { ...body, [member]: role }));
    expect(permissions).toContainEqual({
      action: 'iam:PassRole',
      resource: role,
      context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
    });
  });

  it('asks for the endpoint that is invoked', async () => {
    const invoke = { ...request('', ''), headers: {}, rawPath: '/endpoints/my-endpoint/invocations' };
    expect(await service.authorize(invoke)).toEqual([
      { action: 'sagemaker:InvokeEndpoint', resource: arn('endpoint/my-endpoint') },
    ]);
  });

  it('asks for every feature group whose records are read, by name or ARN', async () => {
    const FeatureGroupName = arn('feature-group/Group-B');
    const body = { Identifiers: [{ FeatureGroupName: 'Group-A' }, { FeatureGroupName }] };
    const batch = { ...request('', body), headers: {}, rawPath: '/BatchGetRecord' };
    expect(await service.authorize(batch)).toEqual([
      { action: 'sagemaker:BatchGetRecord', resource: arn('feature-group/group-a') },
      { action: 'sagemaker:BatchGetRecord', resource: arn('feature-group/group-b') },
    ]);
    const put = { ...request('', {}), headers: {}, method: 'PUT', rawPath: '/FeatureGroup/Group-A' };
    expect(await service.authorize(put)).toEqual([
      { action: 'sagemaker:PutRecord', resource: arn('feature-group/group-a') },
    ]);
  });

  it('names an operation that is not imitated', async () => {
    await expect(service.authorize(request('CreateAutoMLJobV2', {}))).rejects.toMatchObject({
      name: 'NotImplemented',
      status: 501,
      message: expect.stringContaining('CreateAutoMLJobV2'),
    });
  });

  it('refuses a body that is no object', async () => {
    await expect(service.authorize(request('DescribeModel', '[1'))).rejects.toMatchObject({
      name: 'SerializationException',
    });
  });
});
