import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, httpApi, serve } from './served-apis.ts';

afterEach(closeAll);

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
