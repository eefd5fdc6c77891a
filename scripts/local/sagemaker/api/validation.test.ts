import { describe, expect, it } from 'vitest';
import { processingJobRequest, trainingJobRequest } from '../testing/requests.ts';
import { createEndpointConfigInput, createModelInput } from './hosting-inputs.ts';
import { createProcessingJobInput } from './processing-inputs.ts';
import { createTrainingJobInput, listTrainingJobsInput } from './training-inputs.ts';
import { parseInput } from './validation.ts';

/** A valid request with the member at a path replaced. */
function withMember(path: string, value: unknown, request: object = trainingJobRequest('job-1')): unknown {
  const document = structuredClone(request) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() as string;
  const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, document);
  parent[last] = value;
  return document;
}
const ENUM_MODES = '[Pipe, File, FastFile]';

describe('parseInput', () => {
  it('accepts a valid request', () => {
    expect(parseInput(createTrainingJobInput, trainingJobRequest('job-1'))).toEqual(
      trainingJobRequest('job-1'),
    );
  });

  it.each([
    [
      'TrainingJobName',
      undefined,
      "Value 'null' at 'trainingJobName' failed to satisfy constraint: Member must not be null",
    ],
    [
      'TrainingJobName',
      'a_b',
      "Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
    ],
    ['TrainingJobName', 'a'.repeat(64), 'Member must have length less than or equal to 63'],
    [
      'TrainingJobName',
      7,
      "Value '7' at 'trainingJobName' failed to satisfy constraint: Member must be of type string",
    ],
    [
      'RoleArn',
      'arn:aws:iam::12:role/x',
      "at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws[a-z\\-]*:iam::\\d{12}:role/?",
    ],
    [
      'AlgorithmSpecification.TrainingInputMode',
      'Stream',
      `Value 'Stream' at 'algorithmSpecification.trainingInputMode' failed to satisfy constraint: Member must satisfy enum value set: ${ENUM_MODES}`,
    ],
    [
      'AlgorithmSpecification',
      undefined,
      "at 'algorithmSpecification' failed to satisfy constraint: Member must not be null",
    ],
    [
      'InputDataConfig',
      [],
      "at 'inputDataConfig' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    ['InputDataConfig.0.ChannelName', 'a b', "Value 'a b' at 'inputDataConfig.1.member.channelName'"],
    [
      'InputDataConfig.0.DataSource.S3DataSource.S3Uri',
      'data/train',
      "at 'inputDataConfig.1.member.dataSource.s3DataSource.s3Uri'",
    ],
    ['ResourceConfig.InstanceType', 'm5.large', "Value 'm5.large' at 'resourceConfig.instanceType'"],
    [
      'ResourceConfig.InstanceCount',
      2,
      "Value '2' at 'resourceConfig.instanceCount' failed to satisfy constraint: Member must have value less than or equal to 1",
    ],
    ['ResourceConfig.VolumeSizeInGB', 0, 'Member must have value greater than or equal to 1'],
    ['ResourceConfig.VolumeSizeInGB', 1.5, "at 'resourceConfig.volumeSizeInGB'"],
    [
      'StoppingCondition',
      undefined,
      "at 'stoppingCondition' failed to satisfy constraint: Member must not be null",
    ],
    [
      'HyperParameters',
      { eta: 0.1 },
      "Value '0.1' at 'hyperParameters.eta' failed to satisfy constraint: Member must be of type string",
    ],
    [
      'Tags',
      [{ Key: 'a' }],
      "at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
    ],
    [
      'Colour',
      'red',
      "Value at 'colour' failed to satisfy constraint: Member is unknown to SageMaker or not supported by the laptop runtime",
    ],
    ['ResourceConfig.InstanceGroups', [], "Value at 'resourceConfig.instanceGroups' failed"],
    ['Environment', { '1bad': 'x' }, "at 'environment.1bad'"],
  ])('refuses %s = %j', (path, value, message) => {
    expect(() => parseInput(createTrainingJobInput, withMember(path, value))).toThrow(message);
  });

  it('counts and lists all violations', () => {
    const broken = { ...trainingJobRequest('a_b'), RoleArn: undefined };
    expect(() => parseInput(createTrainingJobInput, broken)).toThrow(
      /^2 validation errors detected: .*trainingJobName.*; .*roleArn/,
    );
  });

  it('limits maps', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`p${i}`, '1']));
    expect(() => parseInput(createTrainingJobInput, withMember('HyperParameters', many))).toThrow(
      'Member must have length less than or equal to 100',
    );
  });

  it.each([
    [{ MaxResults: 101 }, 'Member must have value less than or equal to 100'],
    [{ StatusEquals: 'Done' }, 'Member must satisfy enum value set'],
    [{ NameContains: '*' }, 'regular expression pattern: [a-zA-Z0-9\\-]+'],
  ])('refuses to list with %j', (input, message) => {
    expect(() => parseInput(listTrainingJobsInput, input)).toThrow(message);
  });

  it.each([
    ['ProcessingJobName', 'a_b', "Value 'a_b' at 'processingJobName'"],
    ['ProcessingJobName', 'a'.repeat(64), 'Member must have length less than or equal to 63'],
    ['RoleArn', undefined, "Value 'null' at 'roleArn' failed to satisfy constraint: Member must not be null"],
    ['AppSpecification.ImageUri', 'a'.repeat(256), 'Member must have length less than or equal to 255'],
    ['AppSpecification.ContainerArguments', [], 'Member must have length greater than or equal to 1'],
    ['ProcessingResources.ClusterConfig.VolumeSizeInGB', 16_385, 'value less than or equal to 16384'],
    ['ProcessingResources.ClusterConfig.InstanceCount', 2, 'value less than or equal to 1'],
    [
      'ProcessingResources.ClusterConfig.InstancePreferences',
      [],
      "Value at 'processingResources.clusterConfig.instancePreferences' failed",
    ],
    ['StoppingCondition', { MaxRuntimeInSeconds: 777_601 }, 'value less than or equal to 777600'],
    ['Environment', { A: 'x'.repeat(257) }, 'Member must have length less than or equal to 256'],
    ['Environment', { ['A'.repeat(257)]: 'x' }, 'Member must have length less than or equal to 256'],
    ['ExperimentConfig', {}, "Value at 'experimentConfig' failed"],
    [
      'ProcessingInputs.0.S3Input.S3DataType',
      'AugmentedManifestFile',
      "at 'processingInputs.1.member.s3Input.s3DataType' failed to satisfy constraint: Member must satisfy enum value set: [ManifestFile, S3Prefix]",
    ],
    ['ProcessingInputs.0.S3Input.LocalPath', undefined, "s3Input.localPath' failed to satisfy constraint"],
    ['ProcessingInputs.0.AppManaged', true, 'Member must satisfy enum value set: [false]'],
    ['ProcessingInputs.0.DatasetDefinition', {}, "Value at 'processingInputs.1.member.datasetDefinition'"],
    [
      'ProcessingOutputConfig.Outputs.0.S3Output.S3UploadMode',
      'Continuous',
      'Member must satisfy enum value set: [EndOfJob]',
    ],
    ['ProcessingOutputConfig.KmsKeyId', 'key', "Value at 'processingOutputConfig.kmsKeyId' failed"],
  ])('refuses a processing job with %s = %j', (path, value, message) => {
    const request = processingJobRequest('job-1', 'an-image');
    expect(parseInput(createProcessingJobInput, request)).toEqual(request);
    expect(() => parseInput(createProcessingJobInput, withMember(path, value, request))).toThrow(message);
  });

  it('takes ten inputs of a processing job', () => {
    const request = processingJobRequest('job-1', 'an-image');
    const many = (count: number) => Array.from({ length: count }, () => request.ProcessingInputs?.[0]);
    const inputs = (count: number) => withMember('ProcessingInputs', many(count), request);
    expect(parseInput(createProcessingJobInput, inputs(10)).ProcessingInputs).toHaveLength(10);
    expect(() => parseInput(createProcessingJobInput, inputs(11))).toThrow('less than or equal to 10');
  });

  it('refuses what hosting does not imitate, naming the member', () => {
    const capture = {
      EndpointConfigName: 'a',
      ProductionVariants: [{ VariantName: 'a', ModelName: 'm' }],
      DataCaptureConfig: {},
    };
    expect(() => parseInput(createEndpointConfigInput, capture)).toThrow("at 'dataCaptureConfig'");
    expect(() => parseInput(createModelInput, { ModelName: 'm', Containers: [] })).toThrow("at 'containers'");
  });
});
