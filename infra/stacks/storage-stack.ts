import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { BucketPurpose } from '#shared/kernel/names.ts';
import { acceptRisk } from '../constructs/accepted-risk.ts';
import type { PlatformNames } from '../platform.ts';
import { PlatformStack } from './platform-stack.ts';

const purposes: readonly BucketPurpose[] = ['uploads', 'data', 'models', 'captures'];
const titleCase = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

/** The four buckets. Each tells the default bus of every new object. */
export class StorageStack extends PlatformStack {
  constructor(scope: Construct, names: PlatformNames) {
    super(scope, names, 'storage', 'the buckets');
    for (const purpose of purposes) {
      this.#bucket(names, purpose);
      new CfnOutput(this, `${titleCase(purpose)}BucketName`, { value: names.bucketName(purpose) });
    }
  }

  #bucket(names: PlatformNames, purpose: BucketPurpose): void {
    const { removalProtection } = names.config;
    const bucket = new Bucket(this, `${titleCase(purpose)}Bucket`, {
      bucketName: names.bucketName(purpose),
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: removalProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        {
          id: 'abandoned-uploads-and-old-versions',
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          ...(removalProtection ? {} : { noncurrentVersionExpiration: Duration.days(30) }),
        },
      ],
    });
    // The property of the L2 bucket would add a custom resource with a Python function.
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    acceptRisk(
      bucket,
      'AwsSolutions-S1',
      'Who read and wrote what is the audit log of the governance service; access logs would double the storage. An account that must have them turns on CloudTrail data events.',
    );
  }
}
