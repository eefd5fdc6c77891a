import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleRoutes } from '#services/console/contract.ts';
import { readLineage } from '#services/governance/contract.ts';
import { listTokens } from '#services/identity/contract.ts';
import { readRun } from '#services/tracking/contract.ts';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import { addressesOf } from '#shared/mlflow/route.ts';
import { allEndpoints, allMlflowRoutes } from '../../scripts/generate/endpoints.ts';
import { type Caller, everyCaller } from './access/callers.ts';
import { type DeployedRoute, deployedRoutes } from './access/deployed-routes.ts';
import { type ProjectThings, seedProject } from './access/seeded-projects.ts';
import { type Answer, expectedVerdict, roleByPolicy, verdictOf } from './access/verdicts.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

/** Every route of a deployed stage, tried by every kind of caller, as the contracts declare them: a new endpoint is tried by itself. */
const stage = 'dev';
const own = 'orchard';
const other = 'quarry';
const endpoints = await allEndpoints();
const mlflowRoutes = await allMlflowRoutes();
/** `GET /api/2.0/mlflow/runs/get` and all others, which mlflow-access.test.ts asks. */
const mlflowAddresses = mlflowRoutes.flatMap((route) =>
  addressesOf(route).map((address) => `${route.method} ${address}`),
);
/** Whether a route of API Gateway takes a request: it may be greedy, and for any method. */
const answers = (key: string, request: string): boolean => {
  const [method = '', path = ''] = key.split(' ');
  const pattern = path.replace('{proxy+}', '.+');
  return new RegExp(`^${method === 'ANY' ? '\\w+' : method} ${pattern}$`).test(request);
};
const named = endpoints.map((endpoint) => [endpoint.operationId, endpoint] as const);

let routes: readonly DeployedRoute[];
let callers: readonly Caller[];
let things: { readonly own: ProjectThings; readonly other: ProjectThings };
const platform = new RunningPlatform({
  stage,
  assemble: async (dir) => {
    const assemblyDir = await assemblyOfStage(stage)(dir);
    routes = deployedRoutes(assemblyDir);
    return assemblyDir;
  },
});

beforeAll(async () => {
  await platform.start();
  const [ownThings, otherThings] = await Promise.all([
    seedProject(platform, stage, own, 1),
    seedProject(platform, stage, other, 2),
  ]);
  things = { own: ownThings, other: otherThings };
  callers = await everyCaller(platform, stage, { own, other });
});
afterAll(() => platform.close());

/** Bodies without which an operation would not come to the question who asks. */
const bodies: Readonly<Record<string, (of: ProjectThings) => unknown>> = {
  decideApproval: ({ subjectDigest }) => ({ decision: 'approved', comment: 'Tried.', subjectDigest }),
  requestRelease: () => ({}),
  restoreDatasetVersion: () => ({ reason: 'Tried.' }),
  releaseQuarantine: () => ({ checks: ['length'], reason: 'Tried.' }),
  decideContractSuggestion: () => ({ decision: 'refuse', comment: 'Tried.' }),
  materialize: () => ({}),
  sendFeatureRecords: ({ params }) => ({ records: [{ id: `thing-of-${params['project']}`, heat: 1 }] }),
  putDatasetTag: ({ params }) => ({ datasetVersion: Number(params['datasetVersion']) }),
};

/** Query strings without which one would not. */
const queries: Readonly<Record<string, string>> = { diffDatasetVersions: '?from=1' };

async function ask(
  { method, path, operationId }: EndpointDefinition,
  of: ProjectThings,
  headers: Readonly<Record<string, string>>,
  params = of.params,
): Promise<Answer> {
  const address = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`Seed a {${name}} for ${operationId} in seeded-projects.ts.`);
    return encodeURIComponent(value);
  });
  const body = bodies[operationId]?.(of);
  const answer = await fetch(
    `${platform.runtime.endpoints.platformUrl}${address}${queries[operationId] ?? ''}`,
    {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  return { status: answer.status, text: await answer.text() };
}

const callerNamed = (name: string): Caller => callers.find((caller) => caller.name === name)!;

/** Whether an answer says what the caller sent to be let in. */
const isEchoed = ({ headers }: Caller, { text }: Answer): boolean => {
  const secret = headers['authorization']?.split(' ').at(-1);
  return secret !== undefined && text.includes(secret);
};

/** Callers who were taken otherwise than the endpoint declares, with what they were answered. */
async function takenOtherwise(endpoint: EndpointDefinition): Promise<string[]> {
  const tried = callers.map(async (caller) => {
    const answer = await ask(endpoint, things.own, caller.headers);
    const [expected, actual] = [expectedVerdict(endpoint, own, caller), verdictOf(endpoint, own, answer)];
    if (isEchoed(caller, answer)) return [`${caller.name}: the answer says the token again`];
    return expected === actual
      ? []
      : [`${caller.name}: ${actual}, not ${expected}: ${answer.status} ${answer.text.slice(0, 200)}`];
  });
  return (await Promise.all(tried)).flat();
}

describe('the routes of a deployed stage', () => {
  it('are those that contracts declare, and the console’s', () => {
    const declared = endpoints.map(({ method, path }) => `${method} ${path}`);
    expect(
      routes
        .map(({ key }) => key)
        .filter((key) => !mlflowAddresses.some((address) => answers(key, address)))
        .sort(),
    ).toEqual([...declared, ...Object.values(consoleRoutes)].sort());
  });

  it('answer every operation of MLflow’s API', () => {
    const unanswered = mlflowAddresses.filter((address) => !routes.some(({ key }) => answers(key, address)));
    expect(unanswered).toEqual([]);
  });

  it('ask the authorizer, except for the console’s page, which holds no data, and what MLflow’s clients ask of any server', () => {
    const open = routes.filter(({ guarded }) => !guarded).map(({ key }) => key);
    const ofMlflow = mlflowRoutes
      .filter(({ role }) => role === 'public')
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([...Object.values(consoleRoutes), ...ofMlflow].sort());
  });

  it.each(named)('%s asks for the role that the policy names', (_id, endpoint) => {
    expect(endpoint.role).toBe(roleByPolicy(endpoint));
  });
});

describe('every kind of caller', () => {
  it.each(named)('is taken by %s as it declares', async (_id, endpoint) => {
    expect(await takenOtherwise(endpoint)).toEqual([]);
  });

  it.each<[string, EndpointDefinition, RegExp]>([
    ['too much', { ...listTokens, role: 'viewer' }, /^viewer of all orchard|^viewer of all: refused/],
    ['too little', { ...readRun, role: 'scientist' }, /^viewer of orchard: answered, not refused/],
    ['another project’s right', { ...listTokens, scope: 'project' }, /^admin of orchard: refused/],
  ])('would be found out where an endpoint declared %s', async (_what, endpoint, finding) => {
    expect(await takenOtherwise(endpoint)).toContainEqual(expect.stringMatching(finding));
  });
});

describe('what another project has', () => {
  const withThings = named.filter(([, { path }]) => path.replace('{project}', '').includes('{'));
  const reading = withThings.filter(([, { method, scope }]) => method === 'GET' && scope !== 'platform');

  it.each(reading)('is there for %s', async (_id, endpoint) => {
    const answer = await ask(endpoint, things.other, callerNamed(`${endpoint.role} of ${other}`).headers);
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining(other)]);
  });

  it.each(withThings)('is not there for %s of this project', async (_id, endpoint) => {
    const params = { ...things.other.params, project: own };
    const { status, text } = await ask(
      endpoint,
      things.other,
      callerNamed(`admin of ${own}`).headers,
      params,
    );
    // What was asked for may be said again.
    const said = Object.values(params).reduce((rest, value) => rest.replaceAll(value, ''), text);
    expect([200, 403, 404]).toContain(status);
    expect(said).not.toContain(other);
  });

  it('is not in the lineage of a prediction either', async () => {
    const of = (params: Record<string, string>) => ({
      ...params,
      kind: 'prediction',
      id: things.other.inferenceId,
    });
    const there = await ask(
      readLineage,
      things.other,
      callerNamed(`viewer of ${other}`).headers,
      of({ project: other }),
    );
    const here = await ask(
      readLineage,
      things.other,
      callerNamed(`admin of ${own}`).headers,
      of({ project: own }),
    );
    expect([there.status, here.status]).toEqual([200, 404]);
  });

  it.each(named.filter(([, { method }]) => method === 'GET'))(
    'is in no answer of %s',
    async (_id, endpoint) => {
      for (const name of [`admin of ${own}`, `viewer of ${own}`, `client of ${own}`]) {
        const { text } = await ask(endpoint, things.own, callerNamed(name).headers);
        const { nextPageToken = '' } = JSON.parse(text) as { nextPageToken?: string };
        expect(text + Buffer.from(nextPageToken, 'base64url').toString()).not.toContain(other);
      }
    },
  );
});
