import * as z from 'zod';
import {
  entityName,
  environment,
  instanceType,
  listByStatusInput,
  mediaType,
  roleArn,
  s3Uri,
  tags,
} from './members.ts';

/** Inputs of the training operations, restricted to what the laptop runtime honours. */

const channel = z.strictObject({
  ChannelName: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9.\-_]+$/u),
  DataSource: z.strictObject({
    S3DataSource: z.strictObject({
      S3DataType: z.enum(['S3Prefix']),
      S3Uri: s3Uri,
      S3DataDistributionType: z.enum(['FullyReplicated', 'ShardedByS3Key']).optional(),
    }),
  }),
  ContentType: mediaType.optional(),
  CompressionType: z.enum(['None']).optional(),
  RecordWrapperType: z.enum(['None']).optional(),
  InputMode: z.enum(['Pipe', 'File', 'FastFile']).optional(),
});

export const createTrainingJobInput = z.strictObject({
  TrainingJobName: entityName.min(1),
  HyperParameters: z
    .record(z.string().max(256), z.string().max(2500))
    .refine((map) => Object.keys(map).length <= 100, 'Member must have length less than or equal to 100')
    .optional(),
  AlgorithmSpecification: z.strictObject({
    TrainingImage: z.string().max(255),
    TrainingInputMode: z.enum(['Pipe', 'File', 'FastFile']),
    EnableSageMakerMetricsTimeSeries: z.boolean().optional(),
  }),
  RoleArn: roleArn,
  InputDataConfig: z.array(channel).min(1).max(20).optional(),
  OutputDataConfig: z.strictObject({ S3OutputPath: s3Uri, CompressionType: z.enum(['GZIP']).optional() }),
  ResourceConfig: z.strictObject({
    InstanceType: instanceType,
    InstanceCount: z.int().min(1).max(1),
    VolumeSizeInGB: z.int().min(1),
    KeepAlivePeriodInSeconds: z.int().min(0).max(21_600).optional(),
  }),
  StoppingCondition: z.strictObject({
    MaxRuntimeInSeconds: z.int().min(1).optional(),
    MaxWaitTimeInSeconds: z.int().min(1).optional(),
    MaxPendingTimeInSeconds: z.int().min(1800).max(2_419_200).optional(),
  }),
  Tags: tags.optional(),
  EnableNetworkIsolation: z.boolean().optional(),
  EnableInterContainerTrafficEncryption: z.boolean().optional(),
  EnableManagedSpotTraining: z.boolean().optional(),
  Environment: environment(100, 512).optional(),
  RetryStrategy: z.strictObject({ MaximumRetryAttempts: z.int().min(1).max(30) }).optional(),
  ProfilerConfig: z.strictObject({ DisableProfiler: z.literal(true) }).optional(),
});
export type CreateTrainingJobInput = z.infer<typeof createTrainingJobInput>;
export type Channel = z.infer<typeof channel>;

export const trainingJobNameInput = z.strictObject({ TrainingJobName: entityName.min(1) });
export const listTrainingJobsInput = listByStatusInput([
  'InProgress',
  'Completed',
  'Failed',
  'Stopping',
  'Stopped',
  'Deleting',
]);
