import * as z from 'zod';
import { listByStatusInput, roleArn, s3Uri, tags } from './members.ts';

/** Inputs of the operations on feature groups and their records, restricted to what the laptop runtime honours. */

const namePattern = /^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$/u;
const groupName = z.string().min(1).max(64).regex(namePattern);
const featureName = z.string().min(1).max(64).regex(namePattern);
/** The runtime's operations take a name or an ARN. */
const groupNameOrArn = z
  .string()
  .min(1)
  .max(150)
  .regex(
    /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:feature-group\/)?([a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63})$/u,
  );
const key = z.string().max(2048);

export const createFeatureGroupInput = z.strictObject({
  FeatureGroupName: groupName,
  RecordIdentifierFeatureName: featureName,
  EventTimeFeatureName: featureName,
  FeatureDefinitions: z
    .array(
      z.strictObject({ FeatureName: featureName, FeatureType: z.enum(['Integral', 'Fractional', 'String']) }),
    )
    .min(1)
    .max(2500),
  OnlineStoreConfig: z
    .strictObject({
      EnableOnlineStore: z.boolean().optional(),
      SecurityConfig: z.strictObject({ KmsKeyId: key.optional() }).optional(),
      StorageType: z.enum(['Standard']).optional(),
    })
    .optional(),
  OfflineStoreConfig: z
    .strictObject({
      S3StorageConfig: z.strictObject({ S3Uri: s3Uri, KmsKeyId: key.optional() }),
      DisableGlueTableCreation: z.boolean().optional(),
      TableFormat: z.enum(['Default', 'Glue', 'Iceberg']).optional(),
    })
    .optional(),
  ThroughputConfig: z.strictObject({ ThroughputMode: z.enum(['OnDemand']) }).optional(),
  RoleArn: roleArn.optional(),
  Description: z.string().max(128).optional(),
  Tags: tags.optional(),
});
export type CreateFeatureGroupInput = z.infer<typeof createFeatureGroupInput>;

export const featureGroupNameInput = z.strictObject({ FeatureGroupName: groupNameOrArn });

const { NextToken, MaxResults, NameContains, SortOrder, CreationTimeAfter, CreationTimeBefore } =
  listByStatusInput(['Created']).shape;
export const listFeatureGroupsInput = z.strictObject({
  NextToken,
  MaxResults,
  NameContains: NameContains.unwrap().max(64).optional(),
  SortOrder,
  CreationTimeAfter,
  CreationTimeBefore,
  SortBy: z.enum(['Name', 'CreationTime']).optional(),
  FeatureGroupStatusEquals: z
    .enum(['Creating', 'Created', 'CreateFailed', 'Deleting', 'DeleteFailed'])
    .optional(),
});
export type ListFeatureGroupsInput = z.infer<typeof listFeatureGroupsInput>;

const text = z.string().max(358_400).regex(/^.*$/u);
const targetStores = z
  .array(z.enum(['OnlineStore', 'OfflineStore']))
  .min(1)
  .max(2)
  .optional();
const featureNames = z.array(featureName).min(1).optional();

export const putRecordInput = z.strictObject({
  FeatureGroupName: groupNameOrArn,
  Record: z.array(z.strictObject({ FeatureName: featureName, ValueAsString: text })).min(1),
  TargetStores: targetStores,
});
export type PutRecordInput = z.infer<typeof putRecordInput>;

export const getRecordInput = z.strictObject({
  FeatureGroupName: groupNameOrArn,
  RecordIdentifierValueAsString: text,
  FeatureNames: featureNames,
});
export type GetRecordInput = z.infer<typeof getRecordInput>;

export const deleteRecordInput = z.strictObject({
  FeatureGroupName: groupNameOrArn,
  RecordIdentifierValueAsString: text,
  EventTime: text,
  TargetStores: targetStores,
  DeletionMode: z.enum(['SoftDelete', 'HardDelete']).optional(),
});
export type DeleteRecordInput = z.infer<typeof deleteRecordInput>;

export const batchGetRecordInput = z.strictObject({
  Identifiers: z
    .array(
      z.strictObject({
        FeatureGroupName: groupNameOrArn,
        RecordIdentifiersValueAsString: z.array(text).min(1).max(100),
        FeatureNames: featureNames,
      }),
    )
    .min(1)
    .max(10),
});
export type BatchGetRecordInput = z.infer<typeof batchGetRecordInput>;
