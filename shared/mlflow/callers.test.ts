import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Caller } from '#shared/contracts/caller.ts';
import { bindMlflow, type MlflowEdge, type MlflowEvent, mlflowHandler } from './handler.ts';
import { defineMlflowRoute } from './route.ts';

const whoAmI = defineMlflowRoute({
  service: 'tracking',
  name: 'whoAmI',
  method: 'GET',
  path: '/mlflow/who-am-i',
  role: 'authenticated',
  message: z.object({}),
});
const iamGrants = { 'arn:aws:iam::123456789012:role/Science': ['scientist:wine'] };

async function ask(
  authorizer: MlflowEvent['requestContext']['authorizer'],
  { mount = '', edge = { iamGrants } }: { mount?: string; edge?: MlflowEdge } = {},
) {
  const seen: Caller[] = [];
  const route = bindMlflow(whoAmI, async ({ caller }) => {
    seen.push(caller);
    return {};
  });
  const event = {
    rawPath: `${mount}/api/2.0/mlflow/who-am-i`,
    rawQueryString: '',
    headers: {},
    requestContext: { http: { method: 'GET' }, ...(authorizer && { authorizer }) },
  } as unknown as MlflowEvent;
  const handler = mlflowHandler([route], edge);
  const { statusCode, body } = await handler(event, { awsRequestId: 'r' } as Context);
  return { statusCode, body: JSON.parse(body) as { error_code?: string; message?: string }, seen };
}

const signedBy = (role: string) => ({
  iam: { userArn: `arn:aws:sts::123456789012:assumed-role/${role}/ann` },
});

describe('the caller of MLflow’s API', () => {
  it('is who the authorizer says', async () => {
    const caller = { id: 'ci', grants: [{ project: 'wine', role: 'viewer' }] };
    expect(await ask({ lambda: { identity: JSON.stringify(caller) } })).toMatchObject({
      statusCode: 200,
      seen: [caller],
    });
  });

  it('is who signed, with the grants that the stage gives to the role', async () => {
    expect(await ask(signedBy('Science'), { mount: '/iam' })).toMatchObject({
      statusCode: 200,
      seen: [{ id: 'iam:role/Science/ann', grants: [{ project: 'wine', role: 'scientist' }] }],
    });
  });

  it.each([
    ['the stage does not name the role', signedBy('Other'), { iamGrants }],
    ['the stage names no role', signedBy('Science'), {}],
  ])('is refused everything where %s', async (_what, authorizer, edge) => {
    const { statusCode, body, seen } = await ask(authorizer, { mount: '/iam', edge });
    expect([statusCode, body.error_code, seen]).toEqual([403, 'PERMISSION_DENIED', []]);
    expect(body.message).toContain('iamGrants');
  });

  it('cannot be nobody', async () => {
    expect(await ask(undefined)).toMatchObject({
      statusCode: 401,
      body: { error_code: 'UNAUTHENTICATED' },
      seen: [],
    });
  });
});
