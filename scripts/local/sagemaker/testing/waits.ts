import type {
  DescribeEndpointCommandOutput,
  DescribeProcessingJobCommandOutput,
  DescribeTrainingJobCommandOutput,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import {
  DescribeEndpointCommand,
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { expect, vi } from 'vitest';

const PATIENCE = { timeout: 20_000, interval: 50 };
const UNFINISHED = /InProgress|Stopping|Creating|Updating|RollingBack/;

/** Waits until a training job has ended, however it did. */
export function endedTraining(
  client: SageMakerClient,
  TrainingJobName: string,
): Promise<DescribeTrainingJobCommandOutput> {
  return vi.waitFor(async () => {
    const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    expect(job.TrainingJobStatus).not.toMatch(UNFINISHED);
    return job;
  }, PATIENCE);
}

/** Waits until a training job is in a stage. */
export async function trainingStage(
  client: SageMakerClient,
  TrainingJobName: string,
  stage: string,
): Promise<void> {
  await vi.waitFor(async () => {
    const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    expect(job.SecondaryStatus).toBe(stage);
  }, PATIENCE);
}

/** Waits until a transform job has ended, however it did. */
export function endedTransform(client: SageMakerClient, TransformJobName: string) {
  return vi.waitFor(async () => {
    const job = await client.send(new DescribeTransformJobCommand({ TransformJobName }));
    expect(job.TransformJobStatus).not.toMatch(UNFINISHED);
    return job;
  }, PATIENCE);
}

/** Waits until a processing job has ended, however it did. */
export function endedProcessing(
  client: SageMakerClient,
  ProcessingJobName: string,
): Promise<DescribeProcessingJobCommandOutput> {
  return vi.waitFor(async () => {
    const job = await client.send(new DescribeProcessingJobCommand({ ProcessingJobName }));
    expect(job.ProcessingJobStatus).not.toMatch(UNFINISHED);
    return job;
  }, PATIENCE);
}

/** Waits until an endpoint serves or has failed. */
export function settledEndpoint(
  client: SageMakerClient,
  EndpointName: string,
): Promise<DescribeEndpointCommandOutput> {
  return vi.waitFor(async () => {
    const endpoint = await client.send(new DescribeEndpointCommand({ EndpointName }));
    expect(endpoint.EndpointStatus).not.toMatch(UNFINISHED);
    return endpoint;
  }, PATIENCE);
}
