import { describe, expect, it } from 'vitest';
import { type ApiFailure, createClient } from './client.ts';

function clientAnswering(status: number, body: string, credentials = {}) {
  const requests: { address: string; init: RequestInit }[] = [];
  const refusals: ApiFailure[] = [];
  const client = createClient({
    credentials,
    onRefused: (failure) => refusals.push(failure),
    fetch: async (address, init) => {
      requests.push({ address, init });
      return new Response(body, { status });
    },
  });
  return { client, requests, refusals };
}

describe('a call', () => {
  it('fills path and query and leaves out what is not given', async () => {
    const { client, requests } = clientAnswering(200, '{"items":[]}');
    await client.call('listApprovals', { params: {}, query: { status: 'pending', project: undefined } });
    await client.call('readLineage', { params: { project: 'tumour', kind: 'upload', id: 'a/b c' } });
    expect(requests.map(({ address }) => address)).toEqual([
      '/v1/approvals?status=pending',
      '/v1/projects/tumour/lineage/upload/a%2Fb%20c',
    ]);
  });

  it('carries the token, and the body as JSON', async () => {
    const { client, requests } = clientAnswering(200, '{}', { token: 'secret' });
    const body = { decision: 'approved', comment: 'good', subjectDigest: 'd' } as const;
    await client.call('decideApproval', { params: { approvalId: 'a' }, body });
    expect(requests[0]!.init).toMatchObject({ method: 'POST', body: JSON.stringify(body) });
    expect(requests[0]!.init.headers).toMatchObject({
      authorization: 'Bearer secret',
      'content-type': 'application/json',
    });
  });

  it('fails with the words of the platform and the places they speak of', async () => {
    const violations = [{ path: 'instances/0/age', message: 'is missing' }];
    const { client } = clientAnswering(
      400,
      JSON.stringify({ code: 'InvalidInstances', detail: 'Two fields are wrong.', violations }),
    );
    await expect(client.call('listProjects', { params: {} })).rejects.toMatchObject({
      status: 400,
      code: 'InvalidInstances',
      message: 'Two fields are wrong.',
      violations,
    });
  });

  it.each([
    ['{"message":"Unauthorized"}', 'Unauthorized'],
    ['<html>', 'The platform answered 401.'],
  ])('tells of a refusal: %s', async (text, message) => {
    const { client, refusals } = clientAnswering(401, text);
    await expect(client.call('readCaller', { params: {} })).rejects.toThrow(message);
    expect(refusals).toHaveLength(1);
  });

  it('says so when nobody answers', async () => {
    const fetch = async () => {
      throw new TypeError('Failed to fetch');
    };
    const client = createClient({ fetch, credentials: {}, onRefused: () => {} });
    await expect(client.call('listProjects', { params: {} })).rejects.toThrow(/does not answer/);
  });
});
