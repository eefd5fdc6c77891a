import { CfnResource, type IAspect } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { AppError } from '#shared/kernel/errors.ts';
import { ServiceFunction } from './service-function.ts';

/**
 * How each type takes a key. Not in the list, on purpose: state machines, since Step Functions leaves the input out of the events
 * of encrypted executions, by which the deployment service repairs a release that died; and schedules, whose input is `{}`.
 */
const encryptedProperties: Readonly<Record<string, (keyArn: string) => Record<string, unknown>>> = {
  'AWS::DynamoDB::Table': (keyArn) => ({
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArn },
  }),
  'AWS::Events::Archive': (keyArn) => ({ KmsKeyIdentifier: keyArn }),
  'AWS::Events::EventBus': (keyArn) => ({ KmsKeyIdentifier: keyArn }),
  'AWS::Lambda::Function': (keyArn) => ({ KmsKeyArn: keyArn }),
  'AWS::Logs::LogGroup': (keyArn) => ({ KmsKeyId: keyArn }),
  'AWS::S3::Bucket': (keyArn) => ({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          // One request to KMS per bucket and time span in place of one per object.
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
        },
      ],
    },
  }),
  'AWS::SNS::Topic': (keyArn) => ({ KmsMasterKeyId: keyArn }),
  'AWS::SQS::Queue': (keyArn) => ({ KmsMasterKeyId: keyArn, SqsManagedSseEnabled: undefined }),
};

type KeyAction = 'kms:Decrypt' | 'kms:GenerateDataKey';

/** What a caller of these actions must be allowed to have the service do with the key. Longest prefix first. */
const neededKeyActions: readonly (readonly [string, readonly KeyAction[]])[] = [
  ['dynamodb:', ['kms:Decrypt']],
  ['s3:GetObject', ['kms:Decrypt']],
  // S3 decrypts what it has of an upload in parts when it puts them together.
  ['s3:PutObject', ['kms:GenerateDataKey', 'kms:Decrypt']],
  ['sqs:SendMessage', ['kms:GenerateDataKey', 'kms:Decrypt']],
];

/**
 * Encrypts what stacks store with one existing key, and allows every role to use it through the services that its other
 * permissions name, and no further. Add it to a stage with `Aspects.of(…)`. The key's own policy must let AWS services use it:
 * docs/guide/stages.md.
 */
export class EncryptionKey implements IAspect {
  readonly #keyArn: string;

  /** `region` is the stage's, where it is known. Throws InvalidStage for a key of another region. */
  constructor(keyArn: string, region: string | undefined) {
    const keyRegion = keyArn.split(':')[3];
    if (region !== undefined && region !== keyRegion) {
      throw new AppError(
        'invalid_input',
        'InvalidStage',
        `encryptionKeyArn names a key in ${keyRegion}, and the stage goes to ${region}: a KMS key works in its own region. Name a key of ${region}, or deploy to ${keyRegion}.`,
      );
    }
    this.#keyArn = keyArn;
  }

  visit(node: IConstruct): void {
    if (CfnResource.isCfnResource(node)) {
      const properties = encryptedProperties[node.cfnResourceType]?.(this.#keyArn) ?? {};
      for (const [name, value] of Object.entries(properties)) node.addPropertyOverride(name, value);
    }
    // Lambda decrypts the environment in the name of the function's role.
    if (node instanceof ServiceFunction) {
      node.allow(['kms:Decrypt'], [this.#keyArn], { conditions: this.#via(['lambda']) });
    }
    if (node instanceof Policy) node.addStatements(...this.#statementsFor(actionsOf(node)));
  }

  #statementsFor(actions: readonly string[]): PolicyStatement[] {
    const services = new Map<KeyAction, Set<string>>();
    for (const action of actions) {
      const [prefix = '', needed = []] = neededKeyActions.find(([start]) => action.startsWith(start)) ?? [];
      for (const keyAction of needed) {
        const through = services.get(keyAction) ?? new Set();
        services.set(keyAction, through.add(prefix.slice(0, prefix.indexOf(':'))));
      }
    }
    return [...services].map(
      ([keyAction, through]) =>
        new PolicyStatement({
          actions: [keyAction],
          resources: [this.#keyArn],
          conditions: this.#via([...through].sort()),
        }),
    );
  }

  #via(services: readonly string[]): Record<string, Record<string, readonly string[]>> {
    const region = this.#keyArn.split(':')[3];
    return {
      StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.amazonaws.com`) },
    };
  }
}

function actionsOf(policy: Policy): string[] {
  const { Statement = [] } = (policy.document.toJSON() ?? {}) as {
    Statement?: { Action: string | string[] }[];
  };
  return Statement.flatMap(({ Action }) => Action);
}
