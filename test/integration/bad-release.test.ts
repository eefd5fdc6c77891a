import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Assemble, localAssembly } from './assemblies.ts';
import { releaseUnderWay } from './release-under-way.ts';
import { RunningPlatform } from './running-platform.ts';

const FunctionName = 'millrace-local-projects-http';
const Name = 'live';
const badRelease = releaseUnderWay(localAssembly, {
  stack: 'Millrace-local-projects',
  handler: 'httpFunction',
  code: `throw new Error('This release cannot start.');`,
});

let assemble: Assemble = localAssembly;
const platform = new RunningPlatform({ assemble: (dir) => assemble(dir) });
const clientConfig = () => {
  const { awsUrl, region, credentials } = platform.runtime.endpoints;
  return { endpoint: awsUrl, region, credentials };
};
const lambda = () => new LambdaClient(clientConfig());

async function deploy(release: Assemble): Promise<void> {
  await platform.stop();
  assemble = release;
  await platform.start();
}

const askProjects = async () => (await fetch(`${platform.runtime.endpoints.platformUrl}/v1/projects`)).status;
const askRepeatedly = (times: number) =>
  Array.from({ length: times }).reduce<Promise<number[]>>(
    async (before) => [...(await before), await askProjects()],
    Promise.resolve([]),
  );
/** As CodeDeploy shifts traffic. */
const route = (weights: Record<string, number>) =>
  lambda().send(
    new UpdateAliasCommand({
      FunctionName,
      Name,
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: weights },
    }),
  );
const errorsOf = async (ExecutedVersion: string) => {
  const { Datapoints } = await new CloudWatchClient(clientConfig()).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: Object.entries({ FunctionName, Resource: `${FunctionName}:${Name}`, ExecutedVersion }).map(
        ([dimension, Value]) => ({ Name: dimension, Value }),
      ),
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints?.reduce((sum, point) => sum + (point.Sum ?? 0), 0);
};

beforeAll(async () => {
  await platform.start();
  expect(await askProjects()).toBe(200);
  await deploy(badRelease);
});
afterAll(() => platform.close());

describe('a release whose function cannot start', () => {
  it('is published, and answers nobody while the alias points to the version before', async () => {
    const release = await lambda().send(new InvokeCommand({ FunctionName, Qualifier: '2' }));
    expect(release.FunctionError).toBe('Unhandled');
    expect(release.Payload?.transformToString()).toContain('This release cannot start.');
    expect(await lambda().send(new GetAliasCommand({ FunctionName, Name }))).toMatchObject({
      FunctionVersion: '1',
    });
    expect(await askRepeatedly(5)).toEqual([200, 200, 200, 200, 200]);
  });

  it('fails for its share of the canary only, and is told from the version before by its metrics', async () => {
    await route({ '2': 0.5 });
    const answers: number[] = [];
    while (!(answers.includes(200) && answers.includes(500)) && answers.length < 60) {
      answers.push(await askProjects());
    }
    expect(new Set(answers)).toEqual(new Set([200, 500]));
    expect(await errorsOf('2')).toBe(answers.filter((status) => status === 500).length);
    expect(await errorsOf('1')).toBe(0);
  });

  it('is gone for callers once the alias goes back, also after a restart', async () => {
    await route({});
    expect(await askRepeatedly(10)).toEqual(Array(10).fill(200));
    await deploy(badRelease);
    expect(await askRepeatedly(5)).toEqual(Array(5).fill(200));
  });

  it('leaves nothing behind when CloudFormation rolls back', async () => {
    await deploy(localAssembly);
    const { Versions } = await lambda().send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1']);
    expect(await askProjects()).toBe(200);
    const latest = await lambda().send(
      new InvokeCommand({
        FunctionName,
        Payload: Buffer.from(JSON.stringify({ routeKey: 'GET /nowhere', requestContext: {} })),
      }),
    );
    expect(latest.FunctionError).toBeUndefined();
  });
});
