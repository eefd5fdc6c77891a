import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { applyProject } from '#services/projects/contract.ts';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import { encodePageToken } from '#shared/kernel/paging.ts';
import type { Problem } from '#shared/lambda/problem.ts';
import { allEndpoints } from '../../scripts/generate/endpoints.ts';
import { RunningPlatform } from './running-platform.ts';

/** What anybody can send, sent to every endpoint that the contracts declare: each refuses it with a code and breaks on nothing. */
const platform = new RunningPlatform();
const endpoints = await allEndpoints();
const named = (chosen: readonly EndpointDefinition[]) =>
  chosen.map((endpoint) => [endpoint.operationId, endpoint] as const);

/** Registered models and the project that the addresses below name: what is not there is not found, whatever else is wrong. */
const models = ['wine', 'x'];
const projectFile = `name: wine
owners: [ada]
data: { primaryKey: id }
target: { column: quality, task: regression }
`;
/** Files that people write have refusals of their own. */
const tooDeep: Readonly<Record<string, string>> = {
  applyProject: 'ProjectFileTooDeep',
  applyContract: 'ContractFileTooDeep',
  applyFeatures: 'FeaturesFileTooDeep',
};
beforeAll(async () => {
  await platform.start();
  const create = `${platform.runtime.endpoints.platformUrl}/api/2.0/mlflow/registered-models/create`;
  for (const name of models) await fetch(create, { method: 'POST', body: JSON.stringify({ name }) });
  await platform.call(applyProject, { params: { project: 'wine' }, body: projectFile });
});
afterAll(() => platform.close());

interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: string;
}

async function send(
  { method, path }: EndpointDefinition,
  { params = {}, query = '', body }: Sent,
): Promise<{ status: number; problem: Partial<Problem>; text: string }> {
  const address = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(
      params[name] ?? { project: 'wine', modelVersion: '1', datasetVersion: '1' }[name] ?? 'x',
    ),
  );
  const answer = await fetch(`${platform.runtime.endpoints.platformUrl}${address}${query}`, {
    method,
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  return { status: answer.status, text, problem: JSON.parse(text) as Partial<Problem> };
}

const queryNames = ({ query }: EndpointDefinition) => Object.keys((query as z.ZodObject).shape);
const pathNames = ({ path }: EndpointDefinition) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
const writing = endpoints.filter(({ method }) => method !== 'GET' && method !== 'DELETE');

describe('every endpoint', () => {
  it.each(named(endpoints.filter((endpoint) => pathNames(endpoint).length > 0)))(
    '%s refuses names and ids longer than there are',
    async (_id, endpoint) => {
      for (const name of pathNames(endpoint)) {
        for (const long of ['x'.repeat(1500), 'é'.repeat(1000)]) {
          const { status, problem } = await send(endpoint, { params: { [name]: long } });
          expect([name, status, problem.code]).toEqual([name, 400, 'InvalidPath']);
        }
      }
    },
  );

  it.each(named(endpoints.filter((endpoint) => queryNames(endpoint).includes('pageToken'))))(
    '%s refuses page tokens that it did not make',
    async (_id, endpoint) => {
      const made = [
        {},
        7,
        null,
        [],
        { pk: 'PROJECT#x', sk: 'y' },
        { pk: 'x', sk: 'y', gsi1pk: 'z', gsi1sk: 'w' },
      ];
      for (const token of ['%25', 'x', ...made.map(encodePageToken)]) {
        const { status, problem } = await send(endpoint, { query: `?pageToken=${token}` });
        expect([token, status, problem.code]).toEqual([token, 400, 'InvalidPageToken']);
      }
      const { problem } = await send(endpoint, { query: `?pageToken=${'x'.repeat(4097)}` });
      expect(problem.code).toBe('InvalidQuery');
    },
  );

  it.each(named(writing))('%s refuses a body larger than it says', async (_id, endpoint) => {
    const { status, problem } = await send(endpoint, { body: ' '.repeat(endpoint.maxBodyBytes + 1) });
    expect([status, problem.code]).toEqual([400, 'BodyTooLarge']);
  });

  it.each(named(writing))('%s refuses a body nested deeper than anything means', async (id, endpoint) => {
    const { status, problem } = await send(endpoint, { body: '['.repeat(20_000) });
    expect([status, problem.code]).toEqual([400, tooDeep[id] ?? 'BodyTooDeep']);
  });

  it.each(named(writing))('%s refuses a body wrong all over, in a short answer', async (_id, endpoint) => {
    const members = Array.from(
      { length: Math.min(endpoint.maxBodyBytes / 20, 100_000) },
      (_none, i) => `"k${i}":[]`,
    );
    const { status, text } = await send(endpoint, { body: `{${members.join(',')}}` });
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(60_000);
  });
});

describe('API Gateway', () => {
  it('refuses a body of more than 10 MB', async () => {
    expect((await send(writing[0]!, { body: ' '.repeat(11 * 1024 * 1024) })).status).toBe(413);
  });
});

describe('a prediction', () => {
  const predict = endpoints.find(({ operationId }) => operationId === 'predict')!;

  it('with half a million wrong values is refused, naming the first of each instance', async () => {
    const values = Array.from({ length: 400_000 }, (_none, i) => `"${i.toString(36)}":[]`).join(',');
    const { status, problem } = await send(predict, { body: `{"instances":[{${values}}]}` });
    expect([status, problem.code]).toEqual([400, 'InvalidBody']);
    expect(problem.detail).toContain('must be a number, a text, true, false or null');
  });
});
