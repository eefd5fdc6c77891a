import type { APIGatewayProxyEventV2WithLambdaAuthorizer, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { httpHandler, route } from './http.ts';
import type { Problem } from './problem.ts';

const endpoint = defineEndpoint({
  service: 'projects',
  operationId: 'echo',
  summary: 'Answers what was sent.',
  method: 'POST',
  path: '/v1/projects/{project}/echo',
  role: 'viewer',
  params: z.object({ project: z.string() }),
  query: z.object({}),
  body: z.record(z.string(), z.union([z.string(), z.array(z.unknown())])),
  maxBodyBytes: 2_000_000,
  response: z.unknown(),
});
const handler = httpHandler([route(endpoint, async ({ body }) => body)]);

async function send(body: string, role = 'viewer', project = 'wine') {
  const identity = JSON.stringify({ id: 'ada', grants: [{ project: 'wine', role }] });
  const event = {
    version: '2.0',
    routeKey: `${endpoint.method} ${endpoint.path}`,
    pathParameters: { project },
    body,
    requestContext: { authorizer: { lambda: { identity } } },
  } as unknown as APIGatewayProxyEventV2WithLambdaAuthorizer<{ identity: string }>;
  const { statusCode, headers, body: text } = await handler(event, { awsRequestId: 'r' } as Context);
  return { status: statusCode, headers, text, problem: JSON.parse(text) as Problem };
}

const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

describe('an HTTP function', () => {
  it('answers for the one who asked: nobody on the way keeps it, no browser takes it for a page', async () => {
    const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    expect((await send('{"a":"b"}')).headers).toMatchObject(headers);
    expect((await send('{')).headers).toMatchObject(headers);
  });

  it('asks for the role first, whatever the body is', async () => {
    expect(await send('x'.repeat(3_000_000), 'client')).toMatchObject({ problem: { code: 'RoleMissing' } });
    expect(await send('{"a":"b"}', 'admin', 'tumour')).toMatchObject({ problem: { code: 'RoleMissing' } });
  });

  it('takes a body of as many bytes as its endpoint allows, and not one more', async () => {
    const body = (bytes: number) => JSON.stringify({ a: 'é'.repeat((bytes - 8) / 2) });
    expect((await send(body(2_000_000))).status).toBe(200);
    const { status, problem } = await send(`${body(2_000_000)} `);
    expect([status, problem.code]).toEqual([400, 'BodyTooLarge']);
    expect(problem.detail).toContain('2000001 bytes; 2000000 are allowed');
  });

  it('takes lists and objects 16 deep, and not one deeper', async () => {
    expect((await send(nested(16))).status).toBe(200);
    expect((await send(nested(17))).problem.code).toBe('BodyTooDeep');
    expect((await send(nested(400_000))).problem.code).toBe('BodyTooDeep');
    const brackets = JSON.stringify({ [`"\\${'{'.repeat(40)}`]: '['.repeat(40) });
    expect((await send(brackets)).status).toBe(200);
  });

  it.each<[string, string]>([
    ['no JSON', '{"a":'],
    ['brackets that close more than they open', `${']'.repeat(100)}${'['.repeat(17)}`],
  ])('refuses %s', async (_what, body) => {
    expect(await send(body)).toMatchObject({ status: 400, problem: { code: 'InvalidJson' } });
  });

  it('names the first of many violations and stays short', async () => {
    const wrong = Object.fromEntries(
      Array.from({ length: 2000 }, (_none, i) => [`${i}`.padEnd(400, 'x'), i]),
    );
    const { status, text, problem } = await send(JSON.stringify(wrong));
    expect([status, problem.code]).toEqual([400, 'InvalidBody']);
    expect((problem['violations'] as unknown[]).length).toBe(50);
    expect(text.length).toBeLessThan(60_000);
  });

  it('refuses a body that is wrong in more places than the stack holds', async () => {
    const body = `{${Array.from({ length: 140_000 }, (_none, i) => `"${i.toString(36)}":1`).join(',')}}`;
    expect(await send(body)).toMatchObject({ status: 400, problem: { code: 'InvalidBody' } });
  });
});
