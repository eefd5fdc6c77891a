import { Match, type Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Platform } from '../platform.ts';
import type { ServiceStackClass } from '../stacks/index.ts';
import { SampleStack } from '../testing/sample-stack.ts';
import { composeForTest, synthesize } from '../testing/synthesize.ts';
import { ServiceFunction } from './service-function.ts';
import { ServiceStack } from './service-stack.ts';

let local: Template;
let dev: Template;
let prod: Template;
let localApi: Template;
let devApi: Template;

beforeAll(() => {
  const of = (stage: string) => synthesize(stage, [SampleStack]);
  const [localStacks, devStacks] = [of('local'), of('dev')];
  local = localStacks.get('datasets')!;
  localApi = localStacks.get('api')!;
  dev = devStacks.get('datasets')!;
  devApi = devStacks.get('api')!;
  prod = of('prod').get('datasets')!;
});

/** A stack of one function, made by `make`. */
function stackWith(make: (stack: ServiceStack, platform: Platform) => void): ServiceStackClass {
  return class extends ServiceStack {
    constructor(scope: Construct, platform: Platform) {
      super(scope, platform, 'datasets');
      make(this, platform);
    }
  };
}

describe('ServiceFunction', () => {
  it('runs Node 24 on arm64, traced, with a log group that ends, outside stage local', () => {
    dev.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'millrace-dev-datasets-http',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: 30,
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
    });
    dev.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/lambda/millrace-dev-datasets-http',
      RetentionInDays: 14,
    });
  });

  it('knows stage, service, table and the buckets that it was given', () => {
    local.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'millrace-local-datasets-http',
      Environment: {
        Variables: Match.objectLike({
          MILLRACE_STAGE: 'local',
          MILLRACE_SERVICE: 'datasets',
          POWERTOOLS_SERVICE_NAME: 'datasets',
          TABLE_NAME: Match.anyValue(),
          DATA_BUCKET: 'millrace-local-000000000000-us-east-1-data',
        }),
      },
    });
  });

  it('reaches SageMaker where the context says, if it may use it at all', () => {
    const stack = stackWith((owner) => {
      new ServiceFunction(owner, 'http', { description: 'x' }).allow(
        ['sagemaker:InvokeEndpoint'],
        ['arn:aws:sagemaker:us-east-1:000000000000:endpoint/x'],
      );
      new ServiceFunction(owner, 'query', { description: 'y' });
    });
    const endpointsOf = (changes: { sagemakerEndpoint?: string }) => {
      const functions = synthesize('dev', [stack], changes)
        .get('datasets')!
        .findResources('AWS::Lambda::Function');
      return Object.fromEntries(
        Object.values(functions).map(({ Properties }) => {
          const variables = Object.entries(Properties.Environment.Variables as Record<string, string>);
          return [
            Properties.FunctionName,
            Object.fromEntries(variables.filter(([name]) => name.startsWith('AWS_ENDPOINT'))),
          ];
        }),
      );
    };
    const url = 'http://127.0.0.1:4580';
    expect(endpointsOf({ sagemakerEndpoint: url })).toEqual({
      'millrace-dev-datasets-http': {
        AWS_ENDPOINT_URL_ECR: url,
        AWS_ENDPOINT_URL_SAGEMAKER: url,
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: url,
        AWS_ENDPOINT_URL_SAGEMAKER_FEATURESTORE_RUNTIME: url,
      },
      'millrace-dev-datasets-query': {},
    });
    expect(Object.values(endpointsOf({}))).toEqual([{}, {}]);
  });

  it('may do exactly what was allowed', () => {
    const statements = Object.values(local.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => String(Properties.PolicyName).startsWith('httpRole'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[] }[]);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'apigateway:DELETE',
      'apigateway:GET',
      'apigateway:POST',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('refuses the resource * without a reason', () => {
    const careless = stackWith((stack) => {
      new ServiceFunction(stack, 'http', { description: 'x' }).allow(['s3:GetObject'], ['*']);
    });
    expect(() => composeForTest('dev', [careless])).toThrow(/give the reason/);
  });

  it('refuses a name that Lambda would refuse', () => {
    const long = stackWith(
      (stack) => new ServiceFunction(stack, `on-${'x'.repeat(60)}`, { description: 'x' }),
    );
    expect(() => composeForTest('dev', [long])).toThrow(/Lambda allows 64/);
  });

  it('fails synthesis when its environment is not what env.ts declares', () => {
    const incomplete = stackWith((stack) => {
      const environmentSchema = z.object({ TABLE_NAME: z.string() });
      new ServiceFunction(stack, 'http', { description: 'x', environmentSchema });
    });
    expect(() => composeForTest('dev', [incomplete]).synth()).toThrow(/TABLE_NAME/);
  });

  it('puts a permissions boundary on its role where the stage names one', () => {
    const permissionsBoundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
    const template = synthesize('dev', [SampleStack], { permissionsBoundaryArn }).get('datasets')!;
    const roles = Object.values(template.findResources('AWS::IAM::Role'));
    expect(roles.length).toBeGreaterThan(0);
    for (const role of roles) expect(role['Properties'].PermissionsBoundary).toBe(permissionsBoundaryArn);
  });
});

describe('ServiceTable', () => {
  it('is on demand, recoverable, and forgets what expired', () => {
    local.hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'millrace-local-datasets',
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      DeletionProtectionEnabled: false,
    });
  });

  it('outlives its stack in prod', () => {
    prod.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
  });

  it('hands its publisher new outbox items only, and keeps what cannot be published', () => {
    local.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ['INSERT'],
              dynamodb: { NewImage: { pk: { S: [{ prefix: 'OUTBOX#' }] } } },
            }),
          },
        ],
      },
    });
  });
});

describe('subscriptions', () => {
  it('match exactly the events that were named, also of several services', () => {
    local.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: 'millrace-local',
      EventPattern: {
        $or: [
          { source: ['millrace.datasets'], 'detail-type': ['SampleCreated.v1', 'SampleRemoved.v1'] },
          { source: ['millrace.projects'], 'detail-type': ['SampleApplied.v1'] },
        ],
      },
      Targets: [
        Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } }),
      ],
    });
  });

  it('match every fact of the platform where everything is asked for', () => {
    local.hasResourceProperties('AWS::Events::Rule', { EventPattern: { source: [{ prefix: 'millrace.' }] } });
  });

  it('take events of AWS services from the default bus', () => {
    local.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: ['millrace-local-000000000000-us-east-1-uploads'] } },
      },
    });
  });

  it('call at a rate, by a role that may call this function only', () => {
    local.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'millrace-local-datasets-every-five-minutes',
      ScheduleExpression: 'rate(5 minutes)',
      Target: Match.objectLike({ DeadLetterConfig: Match.anyValue() }),
    });
  });
});

describe('HttpEndpoints', () => {
  it('puts the authorizer before every endpoint, and before no public page', () => {
    local.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: 'GET /v1/samples/{sample}',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: Match.anyValue(),
    });
    local.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'GET /', AuthorizationType: 'NONE' });
  });

  it('puts prediction endpoints on the REST API, with an API key', () => {
    localApi.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      ApiKeyRequired: true,
      AuthorizationType: 'CUSTOM',
      Integration: Match.objectLike({
        Type: 'AWS_PROXY',
        Uri: Match.stringLikeRegexp('function:millrace-local-datasets-http:live/invocations$'),
      }),
    });
  });

  it('deploys the REST API anew when its methods change', () => {
    const deploymentOf = (template: Template) =>
      Object.keys(template.findResources('AWS::ApiGateway::Deployment'))[0];
    const bare = synthesize('local', []).get('api')!;
    expect(deploymentOf(localApi)).not.toBe(deploymentOf(bare));
  });
});

describe('the authorizer', () => {
  it('is asked even without a token, and each time anew, in stage local', () => {
    localApi.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: Match.absent(),
    });
    localApi.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: Match.absent(),
    });
  });

  it('is never asked without a token elsewhere, and its answer is kept for a minute', () => {
    devApi.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: ['$request.header.Authorization'],
    });
    devApi.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: 'method.request.header.Authorization',
    });
  });

  it('finds a fixed API key in stage local, and none elsewhere', () => {
    localApi.resourceCountIs('AWS::ApiGateway::ApiKey', 1);
    devApi.resourceCountIs('AWS::ApiGateway::ApiKey', 0);
    devApi.hasResourceProperties('AWS::ApiGateway::RestApi', { ApiKeySourceType: 'AUTHORIZER' });
    devApi.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 50, BurstLimit: 400 },
    });
  });
});

describe('ServiceStateMachine', () => {
  it('is JSONata, limited in time, logged without data, and may call its tasks only', () => {
    local.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'millrace-local-training',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
      DefinitionString: Match.serializedJson(
        Match.objectLike({
          QueryLanguage: 'JSONata',
          TimeoutSeconds: 7200,
          States: Match.objectLike({
            Decide: Match.objectLike({
              Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
              End: true,
            }),
          }),
        }),
      ),
    });
    local.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: 'lambda:InvokeFunction',
            Effect: 'Allow',
            Resource: ['build', 'decide'].map(
              (name) => `arn:aws:lambda:us-east-1:000000000000:function:millrace-local-datasets-task-${name}`,
            ),
          },
        ]),
      },
    });
  });
});
