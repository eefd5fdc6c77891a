import { at, type Law } from './resource.ts';

/**
 * Types that cost nothing while nobody uses the platform, or only what is stored in them. Anything else needs a look at its
 * price page before it is added here.
 */
export const freeWhileIdle: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  // CloudFront charges for requests and bytes, and for calls of a function.
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  // CodeDeploy charges for servers of one's own only, not for Lambda.
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::DynamoDB::Table',
  // Images are paid by what is stored.
  'AWS::ECR::Repository',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  // Published code counts towards the 75 GB of an account and costs nothing below.
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  // Its zone is paid by the month and is the user's own.
  'AWS::Route53::RecordSet',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::StepFunctions::StateMachine',
]);

/** Types that cost something while they exist, and why they are there all the same. `npm run cost` has the amounts. */
export const paidWhileIdle: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'A stage that somebody answers for has alarms; its setting `alarms` decides.',
  'AWS::Scheduler::Schedule':
    'What lost events left behind is looked for every hour, for some cents a month.',
};

/** Properties by which a type of the list would cost money while idle after all. */
const paidProperties: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'AWS::ApiGateway::Stage': [['CacheClusterEnabled'], ['CacheClusterSize']],
  'AWS::DynamoDB::Table': [['ProvisionedThroughput']],
  'AWS::Lambda::Alias': [['ProvisionedConcurrencyConfig']],
  'AWS::Lambda::Function': [['VpcConfig'], ['SnapStart']],
  'AWS::Lambda::Version': [['ProvisionedConcurrencyConfig']],
};

/** Properties that name a key of KMS, which is paid by the month. */
const keyProperties: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['SSESpecification', 'KMSMasterKeyId'],
  'AWS::Events::Archive': ['KmsKeyIdentifier'],
  'AWS::Events::EventBus': ['KmsKeyIdentifier'],
  'AWS::Lambda::EventSourceMapping': ['KmsKeyArn'],
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
  'AWS::Scheduler::Schedule': ['KmsKeyArn'],
  'AWS::StepFunctions::StateMachine': ['EncryptionConfiguration', 'KmsKeyId'],
};

/** Nothing else costs money while idle: no network, no instance, no capacity or key that is paid by the hour or month. */
export const nothingPaidWhileIdle: Law = ({ type, properties }, { encryptionKeyArn }) => {
  if (!freeWhileIdle.has(type) && paidWhileIdle[type] === undefined) {
    return [
      'is of a type that is not known to be free while idle: read its price page, then add it to infra/laws/idle-cost.ts or do without it.',
    ];
  }
  const keyPath = keyProperties[type];
  const key = keyPath && at(properties, ...keyPath);
  const paid = (paidProperties[type] ?? []).filter((path) => at(properties, ...path) !== undefined);
  return [
    ...paid.map((path) => `sets ${path.join('.')}, which costs money while idle: leave it out.`),
    ...(key && key !== encryptionKeyArn
      ? [
          `sets ${keyPath?.join('.')}, a key that is paid by the month: leave it out, or name the key as the stage's encryptionKeyArn.`,
        ]
      : []),
    ...(type === 'AWS::DynamoDB::Table' && properties['BillingMode'] !== 'PAY_PER_REQUEST'
      ? ['has provisioned capacity: set BillingMode to PAY_PER_REQUEST.']
      : []),
  ];
};
