import * as z from 'zod';
import { entityName, mediaType, s3Uri, tags } from './members.ts';

/** Inputs of the operations on model packages, restricted to what the laptop runtime honours. */

const packageArn = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^arn:aws(-cn|-us-gov|-iso-f)?:sagemaker:[a-z0-9-]{9,16}:[0-9]{12}:model-package\/[\S]{1,2048}$/u);
const description = z
  .string()
  .max(1024)
  .regex(/^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*$/u);
const approvalStatus = z.enum(['Approved', 'Rejected', 'PendingManualApproval']);
const property = (length: number) =>
  z
    .string()
    .min(1)
    .max(length)
    .regex(/^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u);

export const createModelPackageGroupInput = z.strictObject({
  ModelPackageGroupName: entityName,
  ModelPackageGroupDescription: description.optional(),
  Tags: tags.optional(),
});
export type CreateModelPackageGroupInput = z.infer<typeof createModelPackageGroupInput>;

export const createModelPackageInput = z.strictObject({
  ModelPackageGroupName: entityName,
  ModelPackageDescription: description.optional(),
  ModelApprovalStatus: approvalStatus.optional(),
  CustomerMetadataProperties: z
    .record(property(128), property(256))
    .refine((map) => Object.keys(map).length <= 50, 'Member must have length less than or equal to 50')
    .optional(),
  InferenceSpecification: z
    .strictObject({
      Containers: z
        .array(
          z.strictObject({
            Image: z
              .string()
              .max(255)
              .regex(/^[\S]+$/u),
            ModelDataUrl: s3Uri.optional(),
          }),
        )
        .min(1)
        .max(15),
      SupportedContentTypes: z.array(mediaType),
      SupportedResponseMIMETypes: z.array(mediaType),
    })
    .optional(),
  ModelMetrics: z
    .strictObject({
      ModelQuality: z
        .strictObject({ Statistics: z.strictObject({ ContentType: mediaType, S3Uri: s3Uri }).optional() })
        .optional(),
    })
    .optional(),
  SourceUri: z.string().max(1024).optional(),
  ClientToken: z
    .string()
    .min(1)
    .max(36)
    .regex(/^[a-zA-Z0-9-]+$/u)
    .optional(),
});
export type CreateModelPackageInput = z.infer<typeof createModelPackageInput>;

export const updateModelPackageInput = z.strictObject({
  ModelPackageArn: packageArn,
  ModelApprovalStatus: approvalStatus.optional(),
  ApprovalDescription: description.optional(),
});
export type UpdateModelPackageInput = z.infer<typeof updateModelPackageInput>;

export const modelPackageNameInput = z.strictObject({ ModelPackageName: packageArn });
