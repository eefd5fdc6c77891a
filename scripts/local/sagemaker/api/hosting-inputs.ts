import * as z from 'zod';
import {
  entityName,
  environment,
  instanceType,
  listByStatusInput,
  modelName,
  roleArn,
  s3Uri,
  tags,
} from './members.ts';

/** Inputs of the operations on models, endpoint configurations and endpoints, restricted to what the laptop runtime honours. */

export const createModelInput = z.strictObject({
  ModelName: modelName,
  PrimaryContainer: z.strictObject({
    ContainerHostname: entityName.optional(),
    Image: z
      .string()
      .max(255)
      .regex(/^[\S]+$/u),
    Mode: z.enum(['SingleModel']).optional(),
    ModelDataUrl: s3Uri.optional(),
    ModelDataSource: z
      .strictObject({
        S3DataSource: z.strictObject({
          S3Uri: s3Uri,
          S3DataType: z.enum(['S3Object']),
          CompressionType: z.enum(['Gzip']),
        }),
      })
      .optional(),
    Environment: environment(100, 1024).optional(),
  }),
  ExecutionRoleArn: roleArn,
  Tags: tags.optional(),
  EnableNetworkIsolation: z.boolean().optional(),
});
export type CreateModelInput = z.infer<typeof createModelInput>;
export const modelNameInput = z.strictObject({ ModelName: modelName });

const productionVariant = z.strictObject({
  VariantName: entityName,
  ModelName: modelName,
  InitialInstanceCount: z.int().min(1).optional(),
  InstanceType: instanceType.optional(),
  InitialVariantWeight: z.number().min(0).optional(),
  ServerlessConfig: z
    .strictObject({
      MemorySizeInMB: z.int().min(1024).max(6144),
      MaxConcurrency: z.int().min(1).max(200),
      ProvisionedConcurrency: z.int().min(1).max(200).optional(),
    })
    .optional(),
  VolumeSizeInGB: z.int().min(1).max(512).optional(),
  ModelDataDownloadTimeoutInSeconds: z.int().min(60).max(3600).optional(),
  ContainerStartupHealthCheckTimeoutInSeconds: z.int().min(60).max(3600).optional(),
});
export type ProductionVariant = z.infer<typeof productionVariant>;

export const createEndpointConfigInput = z.strictObject({
  EndpointConfigName: entityName,
  ProductionVariants: z.array(productionVariant).min(1).max(10),
  Tags: tags.optional(),
});
export type CreateEndpointConfigInput = z.infer<typeof createEndpointConfigInput>;
export const endpointConfigNameInput = z.strictObject({ EndpointConfigName: entityName });

export const createEndpointInput = z.strictObject({
  EndpointName: entityName,
  EndpointConfigName: entityName,
  Tags: tags.optional(),
});
export type CreateEndpointInput = z.infer<typeof createEndpointInput>;
export const updateEndpointInput = z.strictObject({
  EndpointName: entityName,
  EndpointConfigName: entityName,
});
export const endpointNameInput = z.strictObject({ EndpointName: entityName });
export const updateWeightsInput = z.strictObject({
  EndpointName: entityName,
  DesiredWeightsAndCapacities: z
    .array(z.strictObject({ VariantName: entityName, DesiredWeight: z.number().min(0) }))
    .min(1),
});
export const listEndpointsInput = listByStatusInput([
  'OutOfService',
  'Creating',
  'Updating',
  'SystemUpdating',
  'RollingBack',
  'InService',
  'Deleting',
  'Failed',
  'UpdateRollbackFailed',
]);
