import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateProcessingJobInput } from '../api/processing-inputs.ts';
import type { Exit } from '../child-process.ts';
import { JobFailure } from './channel-download.ts';
import { maxRuntimeSeconds } from './processing-record.ts';

const MESSAGE_BYTES = 1024;

/** The `/opt/ml` of one processing job, laid out below a folder. */
export interface ProcessingContainer {
  readonly root: string;
  /** Where a path below `/opt/ml` is on this machine. */
  folderOf(localPath: string): string;
  /**
   * The first KB of what the program left in `/opt/ml/output/message`; undefined where it left nothing.
   * @throws JobFailure for a file that is not UTF-8.
   */
  exitMessage(): string | undefined;
}

/** Writes the files that a processing container finds, and the folders that its outputs are taken from (SageMaker container contract). */
export function prepareProcessingContainer(
  root: string,
  arn: string,
  input: CreateProcessingJobInput,
): ProcessingContainer {
  const folderOf = (localPath: string): string => join(root, localPath.slice('/opt/ml/'.length));
  const config = join(root, 'config');
  const outputs = input.ProcessingOutputConfig?.Outputs ?? [];
  for (const folder of [config, join(root, 'output'), join(root, 'processing')])
    mkdirSync(folder, { recursive: true });
  for (const { S3Output } of outputs) mkdirSync(folderOf(S3Output.LocalPath), { recursive: true });
  const write = (name: string, document: unknown): void =>
    writeFileSync(join(config, name), JSON.stringify(document));
  write('processingjobconfig.json', jobConfig(arn, input));
  write('resourceconfig.json', { current_host: 'algo-1', hosts: ['algo-1'] });
  const messageFile = join(root, 'output', 'message');
  return {
    root,
    folderOf,
    exitMessage: () => (existsSync(messageFile) ? firstKilobyte(readFileSync(messageFile)) : undefined),
  };
}

/** Why a program failed, as SageMaker words it. */
export function processingFailure({ code, signal }: Exit): JobFailure {
  return new JobFailure(
    `AlgorithmError: See job logs for more information, exit code: ${code ?? signal ?? 'none'}`,
  );
}

/** The request as the container finds it: what was left out is null. */
function jobConfig(arn: string, input: CreateProcessingJobInput): Record<string, unknown> {
  const { AppSpecification, ProcessingResources } = input;
  const { ClusterConfig } = ProcessingResources;
  return {
    ProcessingJobArn: arn,
    ProcessingJobName: input.ProcessingJobName,
    AppSpecification: {
      ImageUri: AppSpecification.ImageUri,
      ContainerEntrypoint: AppSpecification.ContainerEntrypoint ?? null,
      ContainerArguments: AppSpecification.ContainerArguments ?? null,
    },
    Environment: input.Environment ?? {},
    ProcessingInputs: input.ProcessingInputs ?? [],
    ProcessingOutputConfig: { Outputs: input.ProcessingOutputConfig?.Outputs ?? [], KmsKeyId: null },
    ProcessingResources: {
      ClusterConfig: {
        ...ClusterConfig,
        InstanceCount: ClusterConfig.InstanceCount ?? 1,
        VolumeKmsKeyId: null,
      },
    },
    RoleArn: input.RoleArn,
    StoppingCondition: { MaxRuntimeInSeconds: maxRuntimeSeconds(input) },
  };
}

/** A character that the limit cuts in two is left out. */
function firstKilobyte(content: Buffer): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new JobFailure('ClientError: The file /opt/ml/output/message is not encoded in UTF-8.');
  }
  return new TextDecoder('utf-8', { fatal: false })
    .decode(content.subarray(0, MESSAGE_BYTES), { stream: true })
    .slice(0, MESSAGE_BYTES);
}
