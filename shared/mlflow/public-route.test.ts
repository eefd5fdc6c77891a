import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bindMlflow, type MlflowEvent, mlflowHandler, RawAnswer } from './handler.ts';
import { defineMlflowRoute } from './route.ts';

const routeAt = (path: string, role: 'public' | 'viewer') =>
  defineMlflowRoute({
    service: 'tracking',
    name: path,
    method: 'GET',
    path,
    versions: [],
    role,
    message: z.object({}),
  });
const routes = [
  bindMlflow(routeAt('/health', 'public'), async ({ caller }) => new RawAnswer(200, {}, caller.id)),
  bindMlflow(routeAt('/secret', 'viewer'), async ({ caller }) => ({ caller })),
];
const handler = mlflowHandler(routes, {});

const ask = (rawPath: string, identity?: string) =>
  handler(
    {
      rawPath,
      rawQueryString: '',
      headers: {},
      isBase64Encoded: false,
      requestContext: { http: { method: 'GET' }, authorizer: { lambda: identity ? { identity } : {} } },
    } as unknown as MlflowEvent,
    { awsRequestId: 'r' } as Context,
  );

describe('a public route', () => {
  it('is answered without an identity, to nobody in particular even with one', async () => {
    const identity = JSON.stringify({ id: 'ann', grants: [{ project: '*', role: 'admin' }] });
    for (const sent of [undefined, identity])
      expect(await ask('/health', sent)).toMatchObject({ statusCode: 200, body: 'nobody' });
  });

  it('opens no other', async () => {
    const { statusCode, body } = await ask('/secret');
    expect([statusCode, body]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
  });
});
