import * as z from 'zod';
import {
  entityName,
  environment,
  instanceType,
  listByStatusInput,
  mediaType,
  modelName,
  s3Uri,
  tags,
} from './members.ts';

/** Inputs of the batch transform operations, restricted to what the laptop runtime honours. */

export const createTransformJobInput = z.strictObject({
  TransformJobName: entityName.min(1),
  ModelName: modelName,
  MaxConcurrentTransforms: z.int().min(0).optional(),
  ModelClientConfig: z
    .strictObject({
      InvocationsTimeoutInSeconds: z.int().min(1).max(3600).optional(),
      InvocationsMaxRetries: z.int().min(0).max(3).optional(),
    })
    .optional(),
  MaxPayloadInMB: z.int().min(0).max(100).optional(),
  BatchStrategy: z.enum(['MultiRecord', 'SingleRecord']).optional(),
  Environment: environment(16, 10_240).optional(),
  TransformInput: z.strictObject({
    DataSource: z.strictObject({
      S3DataSource: z.strictObject({ S3DataType: z.enum(['S3Prefix']), S3Uri: s3Uri }),
    }),
    ContentType: mediaType.optional(),
    CompressionType: z.enum(['None']).optional(),
    SplitType: z.enum(['None', 'Line']).optional(),
  }),
  TransformOutput: z.strictObject({
    S3OutputPath: s3Uri,
    Accept: mediaType.optional(),
    AssembleWith: z.enum(['None', 'Line']).optional(),
  }),
  TransformResources: z.strictObject({ InstanceType: instanceType, InstanceCount: z.int().min(1).max(1) }),
  DataProcessing: z
    .strictObject({
      InputFilter: z.string().max(63).optional(),
      OutputFilter: z.string().max(63).optional(),
      JoinSource: z.enum(['Input', 'None']).optional(),
    })
    .optional(),
  Tags: tags.optional(),
});
export type CreateTransformJobInput = z.infer<typeof createTransformJobInput>;

export const transformJobNameInput = z.strictObject({ TransformJobName: entityName.min(1) });
export const listTransformJobsInput = listByStatusInput([
  'InProgress',
  'Completed',
  'Failed',
  'Stopping',
  'Stopped',
]);
