import { afterEach, describe, expect, it } from 'vitest';
import { allow, closeAll, declare, deny, invocationUri, restApi, serve } from './served-apis.ts';

afterEach(closeAll);

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
