import { beforeAll, describe, expect, it } from 'vitest';
import { EncryptionKey } from './constructs/encryption-key.ts';
import { lawViolations } from './laws/index.ts';
import { at, listOf, type TemplateResource } from './laws/resource.ts';
import { serviceStacks } from './stacks/index.ts';
import { inspect } from './testing/synthesize.ts';

const encryptionKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555';

/** Where each type that stores something names its key. */
const keyPlaces: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['SSESpecification', 'KMSMasterKeyId'],
  'AWS::Events::Archive': ['KmsKeyIdentifier'],
  'AWS::Events::EventBus': ['KmsKeyIdentifier'],
  'AWS::Lambda::Function': ['KmsKeyArn'],
  'AWS::Logs::LogGroup': ['KmsKeyId'],
  'AWS::S3::Bucket': [
    'BucketEncryption',
    'ServerSideEncryptionConfiguration',
    '0',
    'ServerSideEncryptionByDefault',
    'KMSMasterKeyID',
  ],
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
  'AWS::SQS::Queue': ['KmsMasterKeyId'],
};

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
const via = (...services: readonly string[]) => ({
  StringEquals: { 'kms:ViaService': services.map((service) => `${service}.eu-central-1.amazonaws.com`) },
});

let encrypted: ReturnType<typeof inspect>;
let plain: ReturnType<typeof inspect>;
beforeAll(() => {
  encrypted = inspect('prod', serviceStacks, { encryptionKeyArn });
  plain = inspect('prod', serviceStacks);
});

const statementsOf = ({ properties }: TemplateResource) =>
  listOf(at(properties, 'PolicyDocument', 'Statement')) as readonly Statement[];
const keyStatementsOf = (stack: string, policy: string) =>
  encrypted.resources
    .filter(
      ({ type, stackName, logicalId }) =>
        type === 'AWS::IAM::Policy' && stackName.endsWith(`-${stack}`) && logicalId.startsWith(policy),
    )
    .flatMap(statementsOf)
    .filter(({ Action }) => listOf(Action).some((action) => String(action).startsWith('kms:')));

describe('a stage with a key of its own', () => {
  it.each(Object.entries(keyPlaces))('encrypts every %s with it', (type, place) => {
    const found = encrypted.resources.filter((resource) => resource.type === type);
    expect(found.length).toBeGreaterThan(0);
    for (const { properties } of found) expect(at(properties, ...place)).toBe(encryptionKeyArn);
  });

  it('keeps every law and is clean to cdk-nag', () => {
    expect(lawViolations(encrypted)).toEqual([]);
    expect(encrypted.nagFindings).toEqual([]);
  });

  it('makes no key and changes nothing else', () => {
    const ids = ({ resources }: typeof plain) =>
      resources
        // A published version has a new id with any change of its function.
        .filter(({ type }) => type !== 'AWS::Lambda::Version')
        .map(({ stackName, logicalId, type }) => `${stackName}/${logicalId} ${type}`);
    expect(ids(encrypted)).toEqual(ids(plain));
  });

  it('lets a function that reads its table use the key through DynamoDB and Lambda alone', () => {
    expect(keyStatementsOf('identity', 'authorizerRole')).toEqual([
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: encryptionKeyArn, Condition: via('lambda') },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: encryptionKeyArn, Condition: via('dynamodb') },
    ]);
  });

  it('lets who writes objects and sends dead letters make data keys through S3 and SQS', () => {
    const made = keyStatementsOf('datasets', 'onobjectcreatedRole').filter(
      ({ Action }) => Action === 'kms:GenerateDataKey',
    );
    expect(made).toEqual([
      expect.objectContaining({ Resource: encryptionKeyArn, Condition: via('s3', 'sqs') }),
    ]);
    expect(keyStatementsOf('identity', 'everyhourScheduleRole')).toEqual([
      expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Condition: via('sqs') }),
    ]);
  });

  it.each([
    ['sagemaker', 'ExecutionRole'],
    ['validation', 'ProcessingRole'],
  ])(
    'lets SageMaker hand volumes to EBS by grants, and read and write objects, in the role of %s',
    (stack, role) => {
      expect(keyStatementsOf(stack, role).map(({ Action, Condition }) => [Action, Condition])).toEqual([
        [['kms:DescribeKey', 'kms:Encrypt'], undefined],
        ['kms:CreateGrant', { Bool: { 'kms:GrantIsForAWSResource': 'true' } }],
        [['kms:Decrypt', 'kms:GenerateDataKey'], via('s3')],
      ]);
    },
  );

  it('tells the functions that create jobs, endpoints and feature groups, and no others', () => {
    const told = encrypted.resources
      .filter(({ properties }) => at(properties, 'Environment', 'Variables', 'ENCRYPTION_KEY_ARN'))
      .map(({ properties }) =>
        ['SAGEMAKER_ROLE_ARN', 'PROCESSING_ROLE_ARN', 'FEATURE_GROUP_ROLE_ARN'].some(
          (role) => at(properties, 'Environment', 'Variables', role) !== undefined,
        ),
      );
    expect(new Set(told)).toEqual(new Set([true]));
    expect(told.length).toBeGreaterThan(4);
  });

  it('lets no role use the key without the service that it is used through', () => {
    const free = encrypted.resources
      .filter(
        ({ type, stackName, logicalId }) =>
          type === 'AWS::IAM::Policy' &&
          !stackName.endsWith('-sagemaker') &&
          !logicalId.startsWith('ProcessingRole'),
      )
      .flatMap(statementsOf)
      .filter(
        ({ Action, Condition }) =>
          JSON.stringify(Action).includes('kms:') && !at(Condition, 'StringEquals', 'kms:ViaService'),
      );
    expect(free).toEqual([]);
  });
});

describe('a stage without a key', () => {
  it('names no key and no permission on one', () => {
    // CDK writes an archive's "no key" as an empty text.
    const text = (resource: TemplateResource) =>
      JSON.stringify(resource).replace('"KmsKeyIdentifier":"",', '');
    expect(plain.resources.filter((resource) => /kms/i.test(text(resource)))).toEqual([]);
  });
});

describe('a key of another region', () => {
  it('is refused, since KMS keys work in their own', () => {
    expect(() => new EncryptionKey(encryptionKeyArn, 'us-east-1')).toThrow(
      /encryptionKeyArn names a key in eu-central-1, and the stage goes to us-east-1/,
    );
    expect(new EncryptionKey(encryptionKeyArn, 'eu-central-1')).toBeDefined();
  });
});
