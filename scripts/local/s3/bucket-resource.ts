import * as z from 'zod';
import { UnsupportedResource } from '../emulated-service.ts';
import type { BucketSettings } from './types.ts';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const tags = z
  .array(z.object({ Key: z.string(), Value: z.string() }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value])));

const bucketProperties = z.object({
  BucketName: z.string(),
  VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  NotificationConfiguration: z
    .object({ EventBridgeConfiguration: z.object({ EventBridgeEnabled: flag.default(true) }).optional() })
    .loose()
    .optional(),
  BucketEncryption: z
    .object({
      ServerSideEncryptionConfiguration: z.array(
        z.object({
          ServerSideEncryptionByDefault: z
            .object({ SSEAlgorithm: z.string(), KMSMasterKeyID: z.string().optional() })
            .optional(),
        }),
      ),
    })
    .optional(),
  LifecycleConfiguration: z.object({ Rules: z.array(z.unknown()) }).optional(),
  PublicAccessBlockConfiguration: z.record(z.string(), flag).optional(),
  ObjectLockEnabled: flag.default(false),
  Tags: tags,
});

/** Without effect on what is imitated: listing, reading and writing on one machine. */
const acceptedProperties: readonly string[] = [
  ...Object.keys(bucketProperties.shape),
  'AbacStatus',
  'IntelligentTieringConfigurations',
  'LoggingConfiguration',
  'MetricsConfigurations',
  'ObjectLockConfiguration',
  'OwnershipControls',
];

const bucketType = 'AWS::S3::Bucket';

/** The settings of a bucket that is made by the API. */
export function defaultSettings(nowMs: number): BucketSettings {
  return {
    createdAtMs: nowMs,
    versioning: 'Off',
    eventBridge: false,
    encryption: { algorithm: 'AES256' },
    tags: {},
    lifecycleRules: [],
    objectLock: false,
  };
}

/** Reads an AWS::S3::Bucket; `existing` are its settings of the last start. Throws UnsupportedResource for what would be ignored. */
export function readBucketResource(
  properties: Readonly<Record<string, unknown>>,
  existing: BucketSettings | undefined,
  nowMs: number,
): { name: string; settings: BucketSettings } {
  const unknown = Object.keys(properties).find((property) => !acceptedProperties.includes(property));
  if (unknown !== undefined)
    throw new UnsupportedResource(bucketType, unknown, 'Leave it out in the local stage.');
  const parsed = bucketProperties.safeParse(properties);
  if (!parsed.success) {
    throw new UnsupportedResource(
      bucketType,
      z.prettifyError(parsed.error),
      'Write the properties as CloudFormation defines them.',
    );
  }
  const { NotificationConfiguration, ...read } = parsed.data;
  const { EventBridgeConfiguration, ...others } = NotificationConfiguration ?? {};
  const other = Object.keys(others)[0];
  if (other !== undefined) {
    throw new UnsupportedResource(
      bucketType,
      `NotificationConfiguration.${other}`,
      'Use EventBridgeConfiguration and a rule.',
    );
  }
  return { name: read.BucketName, settings: toSettings(read, EventBridgeConfiguration, existing, nowMs) };
}

function toSettings(
  read: Omit<z.infer<typeof bucketProperties>, 'NotificationConfiguration'>,
  eventBridge: { EventBridgeEnabled: boolean } | undefined,
  existing: BucketSettings | undefined,
  nowMs: number,
): BucketSettings {
  const encryption =
    read.BucketEncryption?.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault;
  const keyId = encryption?.KMSMasterKeyID;
  // Versioning cannot be taken back, only suspended.
  const unversioned = existing === undefined || existing.versioning === 'Off' ? 'Off' : 'Suspended';
  return {
    createdAtMs: existing?.createdAtMs ?? nowMs,
    versioning: read.VersioningConfiguration?.Status ?? unversioned,
    eventBridge: eventBridge?.EventBridgeEnabled ?? false,
    encryption: {
      algorithm: encryption?.SSEAlgorithm ?? 'AES256',
      ...(keyId === undefined ? {} : { keyId }),
    },
    tags: read.Tags,
    lifecycleRules: read.LifecycleConfiguration?.Rules ?? [],
    objectLock: read.ObjectLockEnabled,
    ...(read.PublicAccessBlockConfiguration === undefined
      ? {}
      : { publicAccessBlock: read.PublicAccessBlockConfiguration }),
    ...(existing?.policy === undefined ? {} : { policy: existing.policy }),
  };
}

/** `Ref` and `Fn::GetAtt` of a bucket. */
export function bucketAttributes(name: string, region: string): Record<string, string> {
  return {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
    WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
  };
}
