import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { EmulatedService, Principal } from '../emulated-service.ts';
import { asset, closers, deploy, operator, serve } from './served-functions.ts';

const FunctionName = 'pages';
const arn = (qualifier: string) =>
  `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}:${qualifier}`;

/** Another release of the function: `text` is what its code answers, `setting` what its environment says. */
async function release(lambda: EmulatedService, text: string, setting = text): Promise<void> {
  asset(
    text,
    `export const handler = async (_, { invokedFunctionArn }) =>
      ['${text}', process.env.SETTING, process.env.AWS_LAMBDA_FUNCTION_VERSION, invokedFunctionArn].join(' ');`,
  );
  await deploy(lambda, FunctionName, {
    Code: { S3Bucket: 'assets', S3Key: `${text}.zip` },
    Environment: { Variables: { SETTING: setting } },
  });
}

const resource = (logicalId: string, type: string, properties: Record<string, unknown>) => ({
  stackName: 'test',
  logicalId,
  type: `AWS::Lambda::${type}`,
  properties: { FunctionName, ...properties },
});

async function publish(lambda: EmulatedService, logicalId: string): Promise<string> {
  const { attributes } = await lambda.provision(resource(logicalId, 'Version', {}));
  return attributes['Version'] ?? '';
}

const pointTo = (lambda: EmulatedService, FunctionVersion: string, properties = {}) =>
  lambda.provision(resource('Live', 'Alias', { Name: 'live', FunctionVersion, ...properties }));

async function ask(client: LambdaClient, Qualifier?: string) {
  const answer = await client.send(
    new InvokeCommand({ FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) }),
  );
  return { text: JSON.parse(answer.Payload?.transformToString() ?? ''), version: answer.ExecutedVersion };
}

/** Two releases, of which the alias serves the first. */
async function twoReleases(options: Parameters<typeof serve>[0] = {}, dataDir?: string) {
  const served = await serve(options, {}, dataDir === undefined ? {} : { dataDir });
  const { lambda, client } = served;
  await release(lambda, 'old');
  expect(await publish(lambda, 'VersionOfOld')).toBe('1');
  await pointTo(lambda, '1');
  await release(lambda, 'new');
  expect(await publish(lambda, 'VersionOfNew')).toBe('2');
  const route = (weights: Record<string, number>) =>
    client.send(
      new UpdateAliasCommand({
        FunctionName,
        Name: 'live',
        RoutingConfig: { AdditionalVersionWeights: weights },
      }),
    );
  return { ...served, route };
}

describe('a published version', () => {
  it('keeps its code and environment, whatever its function becomes', async () => {
    const { client } = await twoReleases();
    expect(await ask(client, 'live')).toEqual({ text: `old old 1 ${arn('live')}`, version: '1' });
    expect(await ask(client, '2')).toEqual({ text: `new new 2 ${arn('2')}`, version: '2' });
    expect((await ask(client)).text).toMatch(/^new new \$LATEST /);
    expect((await ask(client, 'live')).text).toMatch(/^old/);
  });

  it('keeps them over a restart, and its alias where a call has moved it', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-data-'));
    closers.push(async () => rmSync(dataDir, { recursive: true, force: true }));
    const first = await twoReleases({}, dataDir);
    await first.route({ '2': 1 });
    await first.served.close();
    closers.pop();

    const { lambda, client } = await serve({}, {}, { dataDir });
    await release(lambda, 'newest');
    expect(await publish(lambda, 'VersionOfOld')).toBe('1');
    expect(await publish(lambda, 'VersionOfNew')).toBe('2');
    await pointTo(lambda, '1');
    expect((await ask(client, '1')).text).toMatch(/^old old 1/);
    expect((await ask(client, 'live')).text).toMatch(/^new new 2/);
  });

  it('goes with its resource, and its number is not given again', async () => {
    const { lambda, client } = await twoReleases();
    await pointTo(lambda, '2');
    const previous = { ref: arn('1'), attributes: {} };
    await lambda.deprovision?.({ ...resource('VersionOfOld', 'Version', {}), previous });
    await expect(ask(client, '1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await release(lambda, 'old');
    expect(await publish(lambda, 'VersionOfOld')).toBe('3');
  });

  it('is described as it was published', async () => {
    const { client } = await twoReleases();
    const old = await client.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: 'live' }));
    expect(old).toMatchObject({ Version: '1', FunctionArn: arn('live') });
    expect(old.Environment?.Variables).toEqual({ SETTING: 'old' });
    const { Versions } = await client.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  });
});

describe('an alias', () => {
  it('shares the invocations by weight, and goes back', async () => {
    const draws = [0.05, 0.1, 0.95, 0.09];
    const { client, route } = await twoReleases({ random: () => draws.shift() ?? 0 });
    expect(await route({ '2': 0.1 })).toMatchObject({
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { '2': 0.1 } },
    });
    const versions = [];
    for (let call = 0; call < 4; call += 1) versions.push((await ask(client, 'live')).version);
    expect(versions).toEqual(['2', '1', '1', '2']);
    expect((await route({})).RoutingConfig).toBeUndefined();
    expect((await ask(client, 'live')).version).toBe('1');
  });

  it('counts by alias, and by the version that it picked', async () => {
    const { client, route, recorded } = await twoReleases({ random: () => 0 });
    await route({ '2': 0.1 });
    await ask(client, 'live');
    const invocations = recorded.metrics.filter(({ name }) => name === 'Invocations');
    expect(invocations.map(({ dimensions }) => dimensions)).toEqual([
      { FunctionName },
      { FunctionName, Resource: 'pages:live' },
      { FunctionName, Resource: 'pages:live', ExecutedVersion: '2' },
    ]);
  });

  it('moves when its template names another version', async () => {
    const { lambda, client, route } = await twoReleases();
    await route({ '2': 0.5 });
    await pointTo(lambda, '2');
    const alias = await client.send(new GetAliasCommand({ FunctionName, Name: 'live' }));
    expect(alias).toMatchObject({ AliasArn: arn('live'), FunctionVersion: '2' });
    expect(alias.RoutingConfig).toBeUndefined();
  });

  it('may be declared with weights', async () => {
    const { lambda, client } = await twoReleases({ random: () => 0 });
    const weights = [{ FunctionVersion: '2', FunctionWeight: 0.1 }];
    await pointTo(lambda, '1', { RoutingConfig: { AdditionalVersionWeights: weights } });
    expect((await ask(client, 'live')).version).toBe('2');
    const { Aliases } = await client.send(new ListAliasesCommand({ FunctionName }));
    expect(Aliases).toMatchObject([
      { Name: 'live', RoutingConfig: { AdditionalVersionWeights: { '2': 0.1 } } },
    ]);
  });

  it.each<[string, object, string]>([
    ['a version that is not there', { FunctionVersion: '7' }, 'ResourceNotFoundException'],
    [
      'a weight above 1',
      { RoutingConfig: { AdditionalVersionWeights: { '2': 1.5 } } },
      'InvalidParameterValueException',
    ],
    [
      'its own version besides',
      { RoutingConfig: { AdditionalVersionWeights: { '1': 0.1 } } },
      'InvalidParameterValueException',
    ],
    [
      'code that is not published',
      { RoutingConfig: { AdditionalVersionWeights: { $LATEST: 0.1 } } },
      'InvalidParameterValueException',
    ],
    ['another revision', { RevisionId: 'stale', FunctionVersion: '2' }, 'PreconditionFailedException'],
  ])('refuses %s', async (_what, change, name) => {
    const { client } = await twoReleases();
    const update = client.send(new UpdateAliasCommand({ FunctionName, Name: 'live', ...change }));
    await expect(update).rejects.toMatchObject({ name });
    expect((await ask(client, 'live')).version).toBe('1');
  });

  it('that is not there is named', async () => {
    const { client } = await twoReleases();
    await expect(client.send(new GetAliasCommand({ FunctionName, Name: 'dead' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Cannot find alias arn: ${arn('dead')}`,
    });
  });

  it('is invoked by a service only with a permission on the alias', async () => {
    const { lambda } = await twoReleases();
    const principal: Principal = {
      kind: 'service',
      service: 'apigateway.amazonaws.com',
      sourceArn: 'arn:aws:x:r:a:y',
    };
    const invoke = () => lambda.invoke(arn('live'), {}, { type: 'RequestResponse', principal });
    const permit = (id: string, functionName: string) =>
      lambda.provision(
        resource(id, 'Permission', {
          FunctionName: functionName,
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
        }),
      );
    await permit('OnFunction', FunctionName);
    await expect(invoke()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await permit('OnAlias', arn('live'));
    expect((await invoke()).payload).toMatch(/^old/);
    expect(
      (await lambda.invoke(FunctionName, {}, { type: 'RequestResponse', principal: operator })).payload,
    ).toMatch(/^new/);
  });
});
