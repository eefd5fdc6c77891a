import { request as httpRequest } from 'node:http';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, describe, expect, it } from 'vitest';
import {
  AwsError,
  type EmulatedService,
  type LambdaApi,
  type LambdaResult,
  type Principal,
} from '../emulated-service.ts';
import { serveServices } from '../testing/serve-one.ts';
import { createApiGateway } from './index.ts';

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const invocationUri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

// Events are read as a function would read them, without types.
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests assert
type Event = any;
type Handler = (event: Event) => unknown;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Serves APIs whose functions are closures of the test; an error they throw is an error of the function. */
async function serve(functions: Record<string, Handler>, dataDir?: string) {
  const calls: { name: string; principal: Principal }[] = [];
  const metrics: { name: string; value: number; dimensions: Readonly<Record<string, string>> }[] = [];
  const accessLog: string[] = [];
  const lambda: LambdaApi = {
    async invoke(arn, event, { principal }): Promise<LambdaResult> {
      const name = arn.split(':').at(-1) ?? '';
      calls.push({ name, principal });
      const handler = functions[name];
      if (handler === undefined) throw new AwsError('AccessDeniedException', 'not permitted', 403);
      try {
        return { payload: JSON.parse(JSON.stringify((await handler(event)) ?? null)) };
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

function declare(
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
}

/** Declares an HTTP API with one integration of `main` for all its routes. */
async function httpApi(service: EmulatedService, routeKeys: readonly string[], options: RouteOptions = {}) {
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
async function restApi(service: EmulatedService, options: MethodOptions = {}) {
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

const allow = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
};
const deny = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'execute-api:Invoke', Resource: '*' }],
};

describe('an HTTP API', () => {
  it('hands the request over as payload 2.0 and answers what the function returns', async () => {
    const { service, url, calls } = await serve({
      main: (event) => ({
        statusCode: 201,
        headers: { 'X-Seen': 'yes' },
        cookies: ['a=1', 'b=2'],
        body: JSON.stringify(event),
      }),
    });
    const apiId = await httpApi(service, ['POST /projects/{project}/{rest+}']);
    const response = await fetch(`${url}/projects/my%20one/a/b?x=1&x=2&y=z`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'k=v; l=w' },
      body: '{"a":1}',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-seen')).toBe('yes');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: 'POST /projects/{project}/{rest+}',
      rawPath: '/projects/my one/a/b',
      rawQueryString: 'x=1&x=2&y=z',
      queryStringParameters: { x: '1,2', y: 'z' },
      pathParameters: { project: 'my one', rest: 'a/b' },
      cookies: ['k=v', 'l=w'],
      headers: { 'content-type': 'application/json' },
      requestContext: { apiId, stage: '$default', http: { method: 'POST', path: '/projects/my one/a/b' } },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    expect(calls[0]?.principal).toEqual({
      kind: 'service',
      service: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/$default/POST/projects/{project}/{rest+}`,
    });
  });

  it('carries bytes in base64 both ways', async () => {
    const { service, url } = await serve({
      main: (event) => ({
        statusCode: 200,
        headers: { 'content-type': 'image/png' },
        isBase64Encoded: true,
        body: event.isBase64Encoded ? event.body : '',
      }),
    });
    await httpApi(service, ['POST /bytes']);
    const bytes = Buffer.from([0, 255, 128, 1]);
    const response = await fetch(`${url}/bytes`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });

  it('takes a bare value for a 200 with JSON', async () => {
    const { service, url } = await serve({ main: () => ({ hello: 'world' }) });
    await httpApi(service, ['$default']);
    const response = await fetch(`${url}/anything`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ hello: 'world' });
  });

  it.each([
    ['no route', 'GET', '/nothing', 404, 'Not Found'],
    ['an error of the function', 'GET', '/throws', 500, 'Internal Server Error'],
    ['an answer that is no response', 'GET', '/malformed', 500, 'Internal Server Error'],
    ['a function that takes too long', 'GET', '/slow', 503, 'Service Unavailable'],
  ])('answers %s as AWS words it', async (_what, method, path, status, message) => {
    const { service, url } = await serve({
      main: ({ rawPath }) => {
        if (rawPath === '/throws') throw new Error('broken');
        if (rawPath === '/slow') return new Promise((resolve) => setTimeout(resolve, 300));
        return { statusCode: 'many' };
      },
    });
    await httpApi(service, ['GET /throws', 'GET /malformed', 'GET /slow'], {
      integration: { TimeoutInMillis: 50 },
    });
    const response = await fetch(`${url}${path}`, { method });
    expect({ status: response.status, body: await response.json() }).toEqual({ status, body: { message } });
  });

  it('asks the authorizer and hands its context on', async () => {
    const { service, url } = await serve({
      authorize: ({ headers, type }) => ({
        isAuthorized: type === 'REQUEST' && headers.authorization === 'good',
        context: { user: 'ann', roles: ['admin'] },
      }),
      main: ({ requestContext }) => requestContext.authorizer.lambda,
    });
    await httpApi(service, ['GET /me'], { authorizer: {} });
    const good = await fetch(`${url}/me`, { headers: { authorization: 'good' } });
    expect(await good.json()).toEqual({ user: 'ann', roles: ['admin'] });
    const bad = await fetch(`${url}/me`);
    expect({ status: bad.status, body: await bad.json() }).toEqual({
      status: 403,
      body: { message: 'Forbidden' },
    });
  });

  it('answers 401 for a missing identity source, and asks once for a kept one', async () => {
    const { service, url, calls } = await serve({
      authorize: () => ({ isAuthorized: true }),
      main: () => 'ok',
    });
    await httpApi(service, ['GET /me'], {
      authorizer: { IdentitySource: ['$request.header.Authorization'], AuthorizerResultTtlInSeconds: 60 },
    });
    const missing = await fetch(`${url}/me`);
    expect({ status: missing.status, body: await missing.json() }).toEqual({
      status: 401,
      body: { message: 'Unauthorized' },
    });
    await fetch(`${url}/me`, { headers: { authorization: 'x' } });
    await fetch(`${url}/me`, { headers: { authorization: 'x' } });
    expect(calls.map(({ name }) => name)).toEqual(['authorize', 'main', 'main']);
  });

  it('answers preflight requests itself and lets allowed origins read', async () => {
    const { service, url, calls } = await serve({ main: () => 'ok' });
    await httpApi(service, ['GET /data'], {
      api: {
        CorsConfiguration: {
          AllowOrigins: ['http://app.test'],
          AllowMethods: ['GET'],
          AllowHeaders: ['x-key'],
        },
      },
    });
    const preflight = await fetch(`${url}/data`, {
      method: 'OPTIONS',
      headers: { origin: 'http://app.test', 'access-control-request-method': 'GET' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://app.test');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-key');
    expect(calls).toHaveLength(0);
    const other = await fetch(`${url}/data`, { headers: { origin: 'http://evil.test' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('throttles by the stage settings', async () => {
    const { service, url } = await serve({ main: () => 'ok' });
    await httpApi(service, ['GET /x'], {
      stage: { DefaultRouteSettings: { ThrottlingBurstLimit: 1, ThrottlingRateLimit: 0.001 } },
    });
    expect((await fetch(`${url}/x`)).status).toBe(200);
    const second = await fetch(`${url}/x`);
    expect({ status: second.status, body: await second.json() }).toEqual({
      status: 429,
      body: { message: 'Too Many Requests' },
    });
  });

  it('writes the access log and counts the request', async () => {
    const { service, url, accessLog, metrics } = await serve({ main: () => 'ok' });
    const apiId = await httpApi(service, ['GET /x'], {
      stage: {
        AccessLogSettings: {
          DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:access:*',
          Format:
            '{"route":"$context.routeKey","status":$context.status,"user":"$context.authorizer.principalId"}',
        },
      },
    });
    await fetch(`${url}/x`);
    expect(accessLog).toEqual(['{"route":"GET /x","status":200,"user":"-"}']);
    expect(metrics).toContainEqual({ name: 'Count', value: 1, unit: 'Count', dimensions: { ApiId: apiId } });
  });
});

describe('a REST API', () => {
  it('hands the request over as a proxy event and answers what the function returns', async () => {
    const { service, url, calls } = await serve({
      main: (event) => ({
        statusCode: 202,
        headers: { 'X-One': '1' },
        multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
        body: JSON.stringify(event),
      }),
    });
    const apiId = await restApi(service);
    const response = await fetch(`${url}/rest/7%2F8?x=1&x=2`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"instances":[]}',
    });
    expect(response.status).toBe(202);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toMatchObject({
      resource: '/rest/{id}',
      path: '/rest/7%2F8',
      httpMethod: 'POST',
      queryStringParameters: { x: '2' },
      multiValueQueryStringParameters: { x: ['1', '2'] },
      pathParameters: { id: '7/8' },
      requestContext: { stage: 'local', path: '/local/rest/7%2F8', resourcePath: '/rest/{id}', apiId },
      body: '{"instances":[]}',
      isBase64Encoded: false,
    });
    expect(calls[0]?.principal).toMatchObject({
      sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/local/POST/rest/{id}`,
    });
  });

  it('answers below its own address, too', async () => {
    const { service, url } = await serve({ main: () => ({ statusCode: 200, body: 'here' }) });
    const apiId = await restApi(service);
    const response = await fetch(`${url}/_aws/execute-api/${apiId}/local/rest/1`, { method: 'POST' });
    expect(await response.text()).toBe('here');
  });

  it.each([
    ['an unknown path', '/nowhere', 403, 'Missing Authentication Token'],
    ['an error of the function', '/rest/throws', 502, 'Internal server error'],
    ['a malformed answer', '/rest/malformed', 502, 'Internal server error'],
    ['a function that takes too long', '/rest/slow', 504, 'Endpoint request timed out'],
  ])('answers %s as AWS words it', async (_what, path, status, message) => {
    const { service, url } = await serve({
      main: ({ pathParameters }) => {
        if (pathParameters.id === 'throws') throw new Error('broken');
        if (pathParameters.id === 'slow') return new Promise((resolve) => setTimeout(resolve, 300));
        return 'text';
      },
    });
    await restApi(service, {
      method: { Integration: { Type: 'AWS_PROXY', Uri: invocationUri('main'), TimeoutInMillis: 50 } },
    });
    const response = await fetch(`${url}${path}`, { method: 'POST' });
    expect({ status: response.status, body: await response.json() }).toEqual({ status, body: { message } });
  });

  it('decides by the policy that the authorizer returns', async () => {
    const { service, url } = await serve({
      authorize: ({ headers, methodArn }) => {
        if (headers.Authorization === 'unknown') throw new Error('Unauthorized');
        if (headers.Authorization === 'broken') return {};
        const policyDocument = headers.Authorization === 'good' ? allow : deny;
        return { principalId: 'ann', policyDocument, context: { methodArn, level: 3 } };
      },
      main: ({ requestContext }) => ({ statusCode: 200, body: JSON.stringify(requestContext.authorizer) }),
    });
    const apiId = await restApi(service, { authorizer: {} });
    const ask = async (token: string) => {
      const response = await fetch(`${url}/rest/1`, { method: 'POST', headers: [['Authorization', token]] });
      return { status: response.status, body: await response.json() };
    };
    expect(await ask('good')).toEqual({
      status: 200,
      body: {
        principalId: 'ann',
        level: '3',
        methodArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/local/POST/rest/1`,
      },
    });
    expect(await ask('bad')).toEqual({
      status: 403,
      body: { message: 'User is not authorized to access this resource with an explicit deny' },
    });
    expect(await ask('unknown')).toEqual({ status: 401, body: { message: 'Unauthorized' } });
    expect(await ask('broken')).toEqual({ status: 500, body: { message: null } });
  });

  it('validates bodies and parameters, and answers with the changed gateway response', async () => {
    const { service, url } = await serve({ main: () => ({ statusCode: 200 }) });
    const apiId = await restApi(service, {
      method: {
        RequestValidatorId: (
          await declare(service, 'Validator', 'AWS::ApiGateway::RequestValidator', {
            RestApiId: 'any',
            ValidateRequestBody: true,
          })
        ).ref,
        RequestModels: { 'application/json': 'Batch' },
      },
    });
    await declare(service, 'Model', 'AWS::ApiGateway::Model', {
      RestApiId: apiId,
      Name: 'Batch',
      Schema: {
        $schema: 'http://json-schema.org/draft-04/schema#',
        type: 'object',
        required: ['instances'],
        properties: { instances: { type: 'array', minItems: 1 } },
      },
    });
    await declare(service, 'Response', 'AWS::ApiGateway::GatewayResponse', {
      RestApiId: apiId,
      ResponseType: 'DEFAULT_4XX',
      ResponseParameters: { 'gatewayresponse.header.X-Hint': "'docs'" },
      ResponseTemplates: {
        'application/json': '{"title":$context.error.messageString,"id":"$context.requestId"}',
      },
    });
    const post = (body: string) =>
      fetch(`${url}/rest/1`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const bad = await post('{"instances":[]}');
    expect({ status: bad.status, hint: bad.headers.get('x-hint') }).toEqual({ status: 400, hint: 'docs' });
    expect(await bad.json()).toEqual({ title: 'Invalid request body', id: expect.any(String) });
    expect((await post('{"instances":[1]}')).status).toBe(200);
  });
});

describe('API keys', () => {
  async function keyed(usage: Record<string, unknown> = {}) {
    const gateway = await serve({
      authorize: ({ headers }) => ({
        principalId: 'p',
        policyDocument: allow,
        usageIdentifierKey: headers.Authorization,
      }),
      main: ({ requestContext }) => ({ statusCode: 200, body: requestContext.identity.apiKeyId }),
    });
    const apiId = await restApi(gateway.service, {
      api: { ApiKeySourceType: 'AUTHORIZER' },
      authorizer: {},
      method: { ApiKeyRequired: true },
    });
    const { ref: usagePlanId } = await declare(gateway.service, 'Plan', 'AWS::ApiGateway::UsagePlan', {
      UsagePlanName: 'standard',
      ApiStages: [{ ApiId: apiId, Stage: 'local' }],
      ...usage,
    });
    const key = await gateway.client.send(new CreateApiKeyCommand({ name: 'team', enabled: true }));
    await gateway.client.send(
      new CreateUsagePlanKeyCommand({ usagePlanId, keyId: key.id, keyType: 'API_KEY' }),
    );
    const ask = (value: string | undefined) =>
      fetch(`${gateway.url}/rest/1`, { method: 'POST', headers: [['Authorization', value ?? '']] });
    return { ...gateway, key, ask, usagePlanId };
  }

  it('made by the API let callers in, until they are deleted', async () => {
    const { client, key, ask } = await keyed();
    expect(await (await ask(key.value)).text()).toBe(key.id);
    const unknown = await ask('no-such-key-value-at-all');
    expect({ status: unknown.status, body: await unknown.json() }).toEqual({
      status: 403,
      body: { message: 'Forbidden' },
    });
    await client.send(new DeleteApiKeyCommand({ apiKey: key.id }));
    expect((await ask(key.value)).status).toBe(403);
    await expect(client.send(new GetApiKeyCommand({ apiKey: key.id }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('are listed with their plans', async () => {
    const { client, key, usagePlanId } = await keyed({ Throttle: { RateLimit: 10, BurstLimit: 20 } });
    const list = await client.send(new GetApiKeysCommand({ nameQuery: 'team', includeValues: true }));
    expect(list.items).toMatchObject([{ id: key.id, value: key.value, enabled: true }]);
    const plans = await client.send(new GetUsagePlansCommand({}));
    expect(plans.items).toMatchObject([{ id: usagePlanId, throttle: { rateLimit: 10, burstLimit: 20 } }]);
  });

  it('are throttled and counted by their plan', async () => {
    const throttled = await keyed({ Throttle: { RateLimit: 0.001, BurstLimit: 1 } });
    expect((await throttled.ask(throttled.key.value)).status).toBe(200);
    const second = await throttled.ask(throttled.key.value);
    expect({ status: second.status, body: await second.json() }).toEqual({
      status: 429,
      body: { message: 'Too Many Requests' },
    });
    const counted = await keyed({ Quota: { Limit: 1, Period: 'DAY' } });
    expect((await counted.ask(counted.key.value)).status).toBe(200);
    const over = await counted.ask(counted.key.value);
    expect({ status: over.status, body: await over.json() }).toEqual({
      status: 429,
      body: { message: 'Limit Exceeded' },
    });
  });
});

describe('the platform port', () => {
  it('gives a path to the API with the more specific route', async () => {
    const { service, url } = await serve({
      main: (event) => ({ statusCode: 200, body: event.version === '2.0' ? 'http' : 'rest' }),
    });
    await httpApi(service, ['ANY /{proxy+}']);
    await restApi(service);
    expect(await (await fetch(`${url}/rest/1`, { method: 'POST' })).text()).toBe('rest');
    expect(await (await fetch(`${url}/rest/1`)).text()).toBe('http');
    expect(await (await fetch(`${url}/other`, { method: 'POST' })).text()).toBe('http');
  });

  it('refuses requests for another host', async () => {
    const { service } = await serve({ main: () => 'ok' });
    const status = await new Promise<number | undefined>((resolve) => {
      httpRequest({ host: '127.0.0.1', port: service.port, headers: { host: 'evil.test' } }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    expect(status).toBe(403);
  });

  it('refuses bodies above ten megabytes', async () => {
    const { service, url } = await serve({ main: () => 'ok' });
    await httpApi(service, ['POST /x']);
    const response = await fetch(`${url}/x`, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) });
    expect(response.status).toBe(413);
  });
});
