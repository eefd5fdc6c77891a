import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import {
  AwsError,
  type EmulatedService,
  type IamApi,
  type LambdaApi,
  type LambdaResult,
  type Principal,
} from '../emulated-service.ts';
import { serveServices } from '../testing/serve-one.ts';
import { createApiGateway } from './index.ts';

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
export const invocationUri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

/** What the functions of the tests read of their events, of either payload format and of authorizers. */
interface TestEvent {
  readonly version?: string;
  readonly type?: string;
  readonly methodArn?: string;
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly authorizer: { readonly lambda: unknown };
    readonly identity: { readonly apiKeyId: string };
  };
}
type Handler = (event: TestEvent) => unknown;

/** What Lambda takes. */
const maxEventBytes = 6_291_456;

const closers: (() => Promise<void>)[] = [];
/** Ends all that `serve` started; for afterEach. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

/** Serves APIs whose functions are closures of the test; an error they throw is an error of the function. */
export async function serve(functions: Record<string, Handler>, dataDir?: string, iam?: IamApi) {
  const calls: { name: string; principal: Principal }[] = [];
  const metrics: { name: string; value: number; dimensions: Readonly<Record<string, string>> }[] = [];
  const accessLog: string[] = [];
  const lambda: LambdaApi = {
    async invoke(arn, event, { principal }): Promise<LambdaResult> {
      const name = arn.split(':').at(-1) ?? '';
      calls.push({ name, principal });
      const handler = functions[name];
      if (handler === undefined) throw new AwsError('AccessDeniedException', 'not permitted', 403);
      if (JSON.stringify(event).length > maxEventBytes)
        throw new AwsError('RequestTooLargeException', 'payload is too large', 413);
      try {
        return { payload: JSON.parse(JSON.stringify((await handler(event as TestEvent)) ?? null)) };
      } catch (error) {
        const { name: errorType, message: errorMessage } = error as Error;
        return { payload: { errorType, errorMessage }, functionError: 'Unhandled' };
      }
    },
  };
  const served = await serveServices([(context) => createApiGateway(context, { port: 0 })], {
    ...(dataDir !== undefined && { dataDir }),
    apis: {
      lambda,
      ...(iam && { iam }),
      cloudwatch: { putMetricData: (_namespace, points) => metrics.push(...points) },
      logs: { append: (_group, _stream, line) => accessLog.push(line), tail: async () => [] },
    },
  });
  closers.push(served.close);
  const [service] = served.services;
  await service.resume?.();
  const client = new APIGatewayClient({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  return { service, client, calls, metrics, accessLog, url: `http://127.0.0.1:${service.port}` };
}

export function declare(
  service: EmulatedService,
  logicalId: string,
  type: string,
  properties: Record<string, unknown>,
) {
  return service.provision({ stackName: 'api', logicalId, type, properties });
}

interface RouteOptions {
  readonly api?: Record<string, unknown>;
  readonly stage?: Record<string, unknown>;
  readonly authorizer?: Record<string, unknown>;
  readonly integration?: Record<string, unknown>;
  readonly route?: Record<string, unknown>;
}

/** Declares an HTTP API with one integration of `main` for all its routes. */
export async function httpApi(
  service: EmulatedService,
  routeKeys: readonly string[],
  options: RouteOptions = {},
) {
  const { ref: ApiId } = await declare(service, 'Api', 'AWS::ApiGatewayV2::Api', {
    Name: 'platform',
    ProtocolType: 'HTTP',
    ...options.api,
  });
  const integration = await declare(service, 'Main', 'AWS::ApiGatewayV2::Integration', {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionArn('main'),
    PayloadFormatVersion: '2.0',
    ...options.integration,
  });
  const authorizer = options.authorizer && {
    AuthorizationType: 'CUSTOM',
    AuthorizerId: (
      await declare(service, 'Authorizer', 'AWS::ApiGatewayV2::Authorizer', {
        ApiId,
        Name: 'tokens',
        AuthorizerType: 'REQUEST',
        AuthorizerUri: invocationUri('authorize'),
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        ...options.authorizer,
      })
    ).ref,
  };
  for (const RouteKey of routeKeys) {
    await declare(service, `Route ${RouteKey}`, 'AWS::ApiGatewayV2::Route', {
      ApiId,
      RouteKey,
      Target: `integrations/${integration.ref}`,
      ...authorizer,
      ...options.route,
    });
  }
  await declare(service, 'Stage', 'AWS::ApiGatewayV2::Stage', {
    ApiId,
    StageName: '$default',
    AutoDeploy: true,
    ...options.stage,
  });
  return ApiId;
}

interface MethodOptions {
  readonly api?: Record<string, unknown>;
  readonly stage?: Record<string, unknown>;
  readonly method?: Record<string, unknown>;
  readonly authorizer?: Record<string, unknown>;
}

/** Declares a REST API with `POST /rest/{id}` on the function `main`. */
export async function restApi(service: EmulatedService, options: MethodOptions = {}) {
  const api = await declare(service, 'Rest', 'AWS::ApiGateway::RestApi', {
    Name: 'predictions',
    ...options.api,
  });
  const RestApiId = api.ref;
  const parent = await declare(service, 'Parent', 'AWS::ApiGateway::Resource', {
    RestApiId,
    ParentId: api.attributes['RootResourceId'],
    PathPart: 'rest',
  });
  const child = await declare(service, 'Child', 'AWS::ApiGateway::Resource', {
    RestApiId,
    ParentId: parent.ref,
    PathPart: '{id}',
  });
  const authorizer = options.authorizer && {
    AuthorizationType: 'CUSTOM',
    AuthorizerId: (
      await declare(service, 'RestAuthorizer', 'AWS::ApiGateway::Authorizer', {
        RestApiId,
        Name: 'tokens',
        Type: 'REQUEST',
        AuthorizerUri: invocationUri('authorize'),
        AuthorizerResultTtlInSeconds: 0,
        ...options.authorizer,
      })
    ).ref,
  };
  await declare(service, 'Method', 'AWS::ApiGateway::Method', {
    RestApiId,
    ResourceId: child.ref,
    HttpMethod: 'POST',
    AuthorizationType: 'NONE',
    Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: invocationUri('main') },
    ...authorizer,
    ...options.method,
  });
  await declare(service, 'RestStage', 'AWS::ApiGateway::Stage', {
    RestApiId,
    StageName: 'local',
    ...options.stage,
  });
  return RestApiId;
}

export const allow = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
};
export const deny = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'execute-api:Invoke', Resource: '*' }],
};
