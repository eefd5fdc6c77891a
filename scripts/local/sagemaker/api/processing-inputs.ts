import * as z from 'zod';
import { entityName, environment, instanceType, listByStatusInput, roleArn, s3Uri, tags } from './members.ts';

/** Inputs of the processing operations, restricted to what the laptop runtime honours. */

const processingFolder = '/opt/ml/processing/';

/** A folder of the container that SageMaker fills or empties; the model allows any text, the service only these. */
const localPath = z
  .string()
  .max(256)
  .refine(
    (path) => path.startsWith(processingFolder) && !path.split('/').some((part) => /^\.{1,2}$/.test(part)),
    `LocalPath must be an absolute path below ${processingFolder}, without . and ..`,
  );

const processingInput = z.strictObject({
  InputName: z.string().min(1),
  AppManaged: z.literal(false).optional(),
  S3Input: z.strictObject({
    S3Uri: s3Uri,
    LocalPath: localPath,
    S3DataType: z.enum(['ManifestFile', 'S3Prefix']),
    S3InputMode: z.enum(['File']),
    S3DataDistributionType: z.enum(['FullyReplicated', 'ShardedByS3Key']).optional(),
    S3CompressionType: z.enum(['None']).optional(),
  }),
});

const processingOutput = z.strictObject({
  OutputName: z.string().min(1),
  AppManaged: z.literal(false).optional(),
  S3Output: z.strictObject({ S3Uri: s3Uri, LocalPath: localPath, S3UploadMode: z.enum(['EndOfJob']) }),
});

const commandLine = z.array(z.string().max(256)).min(1).max(100);

export const createProcessingJobInput = z.strictObject({
  ProcessingJobName: entityName.min(1),
  ProcessingInputs: z.array(processingInput).max(10).optional(),
  ProcessingOutputConfig: z.strictObject({ Outputs: z.array(processingOutput).max(10) }).optional(),
  ProcessingResources: z.strictObject({
    ClusterConfig: z.strictObject({
      InstanceCount: z.int().min(1).max(1).optional(),
      InstanceType: instanceType,
      VolumeSizeInGB: z.int().min(1).max(16_384),
    }),
  }),
  StoppingCondition: z.strictObject({ MaxRuntimeInSeconds: z.int().min(1).max(777_600) }).optional(),
  AppSpecification: z.strictObject({
    ImageUri: z.string().max(255),
    ContainerEntrypoint: commandLine.optional(),
    ContainerArguments: commandLine.optional(),
  }),
  Environment: environment(100, 256, 256).optional(),
  NetworkConfig: z
    .strictObject({
      EnableInterContainerTrafficEncryption: z.boolean().optional(),
      EnableNetworkIsolation: z.boolean().optional(),
    })
    .optional(),
  RoleArn: roleArn,
  Tags: tags.optional(),
});
export type CreateProcessingJobInput = z.infer<typeof createProcessingJobInput>;
export type ProcessingInput = z.infer<typeof processingInput>;
export type ProcessingOutput = z.infer<typeof processingOutput>;

export const processingJobNameInput = z.strictObject({ ProcessingJobName: entityName.min(1) });
export const listProcessingJobsInput = listByStatusInput([
  'InProgress',
  'Completed',
  'Failed',
  'Stopping',
  'Stopped',
]);
