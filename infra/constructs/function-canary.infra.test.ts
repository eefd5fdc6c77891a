import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { resourcesOf } from '../laws/resource.ts';
import { serviceStacks } from '../stacks/index.ts';
import { SampleStack } from '../testing/sample-stack.ts';
import { composeForTest, inspect, synthesize } from '../testing/synthesize.ts';

interface Alias {
  readonly Properties: { readonly FunctionVersion: { readonly 'Fn::GetAtt': [string, string] } };
  readonly UpdatePolicy?: { readonly CodeDeployLambdaAliasUpdate: Record<string, unknown> };
}

const aliasesOf = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::Alias')) as unknown as Alias[];
const versionsOf = (template: Template) => Object.keys(template.findResources('AWS::Lambda::Version'));

let stages: Record<'local' | 'dev' | 'prod', Template>;
beforeAll(() => {
  const of = (stage: string) => synthesize(stage, [SampleStack]).get('datasets')!;
  stages = { local: of('local'), dev: of('dev'), prod: of('prod') };
});

describe('a function on an API', () => {
  it.each(['local', 'dev', 'prod'] as const)(
    'is called by its alias, and only by it, in stage %s',
    (stage) => {
      const template = stages[stage];
      const [alias, ...others] = Object.keys(template.findResources('AWS::Lambda::Alias'));
      expect(others).toEqual([]);
      template.hasResourceProperties('AWS::Lambda::Alias', {
        Name: 'live',
        FunctionVersion: { 'Fn::GetAtt': [versionsOf(template)[0], 'Version'] },
      });
      template.allResourcesProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: { Ref: alias } });
      const permissions = template.findResources('AWS::Lambda::Permission', {
        Properties: { Principal: 'apigateway.amazonaws.com' },
      });
      expect(Object.values(permissions).map(({ Properties }) => Properties.FunctionName)).toEqual(
        Array(Object.keys(permissions).length).fill({ Ref: alias }),
      );
    },
  );

  const releaseWith = (key?: string) => {
    const app = composeForTest('prod', [SampleStack]);
    const stack = app.node.findChild('Millrace-prod-datasets') as SampleStack;
    if (key)
      (stack.http.function.node.defaultChild as CfnFunction).code = { s3Bucket: 'nowhere', s3Key: key };
    const api = Template.fromStack(app.node.findChild('Millrace-prod-api') as Stack);
    return {
      version: versionsOf(Template.fromStack(stack))[0],
      apiDeployment: Object.keys(api.findResources('AWS::ApiGateway::Deployment'))[0],
    };
  };

  it('publishes a version when its code changes, and none when it does not', () => {
    const { version } = releaseWith();
    expect(version).toBe(versionsOf(stages.prod)[0]);
    expect(releaseWith('other-code.zip').version).not.toBe(version);
  });

  it('does not deploy the REST API anew for a new version', () => {
    const { apiDeployment } = releaseWith();
    expect(apiDeployment).toMatch(/^PredictionApiDeployment/);
    expect(releaseWith('other-code.zip').apiDeployment).toBe(apiDeployment);
  });

  it('leaves no version behind when the next one serves', () => {
    const versions = Object.values(stages.prod.findResources('AWS::Lambda::Version'));
    expect(versions.map(({ DeletionPolicy }) => DeletionPolicy)).not.toContain('Retain');
  });
});

describe('stage prod', () => {
  const { resources } = inspect('prod', serviceStacks);
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);

  it('gives a new version a tenth of the traffic for five minutes, and goes back when an alarm fires', () => {
    stages.prod.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      DeploymentStyle: { DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' },
      AlarmConfiguration: { Enabled: true, Alarms: Match.anyValue() },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    });
    const [group] = Object.keys(stages.prod.findResources('AWS::CodeDeploy::DeploymentGroup'));
    expect(aliasesOf(stages.prod).map(({ UpdatePolicy }) => UpdatePolicy)).toEqual([
      {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: 'millrace-prod',
          DeploymentGroupName: { Ref: group },
        },
      },
    ]);
  });

  it('moves every alias by a group of its own, all of one application', () => {
    const groups = ofType('AWS::CodeDeploy::DeploymentGroup');
    expect(groups).toHaveLength(ofType('AWS::Lambda::Alias').length);
    const names = groups.map(({ properties }) => properties['DeploymentGroupName']);
    expect(new Set(names).size).toBe(groups.length);
    const applications = ofType('AWS::CodeDeploy::Application').map(
      (one) => one.properties['ApplicationName'],
    );
    expect(applications).toEqual(['millrace-prod']);
    for (const { properties } of groups) expect(properties['ApplicationName']).toBe(applications[0]);
  });

  it('stops a canary by alarms that exist, on both APIs and the authorizer, and that tell somebody', () => {
    const alarms = new Map(ofType('AWS::CloudWatch::Alarm').map((one) => [one.properties['AlarmName'], one]));
    for (const { properties } of ofType('AWS::CodeDeploy::DeploymentGroup')) {
      const { Alarms } = properties['AlarmConfiguration'] as { Alarms: { Name: string }[] };
      const watched = Alarms.map(({ Name }) => alarms.get(Name)?.properties);
      expect(watched.map((alarm) => alarm?.['MetricName'])).toEqual(['5xx', '5XXError', 'Errors']);
      for (const alarm of watched) expect(alarm?.['AlarmActions']).toHaveLength(1);
    }
  });

  it('lets CodeDeploy move exactly the aliases of the API functions', () => {
    const policy = ofType('AWS::IAM::Policy').find(({ logicalId }) =>
      logicalId.startsWith('CanaryDeployments'),
    );
    const { Statement } = policy!.properties['PolicyDocument'] as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([
      'cloudwatch:DescribeAlarms',
      'lambda:GetAlias',
      'lambda:GetProvisionedConcurrencyConfig',
      'lambda:UpdateAlias',
    ]);
    const movable = Statement.find(({ Action }) => Action.includes('lambda:UpdateAlias'))!;
    const names = JSON.stringify(movable.Resource).match(/(?<=:function:)[\w-]+(?=")/g);
    const deployed = ofType('AWS::CodeDeploy::DeploymentGroup').map(
      (one) => one.properties['DeploymentGroupName'],
    );
    expect(names?.sort()).toEqual(deployed.sort());
  });
});

describe.each(['local', 'dev'] as const)('stage %s', (stage) => {
  it('moves aliases at once, without CodeDeploy', () => {
    const { resources } = resourcesOf(
      { stage, removalProtection: false, alarms: true },
      composeForTest(stage, serviceStacks).synth().stacks,
    );
    expect(resources.filter(({ type }) => type.startsWith('AWS::CodeDeploy::'))).toEqual([]);
    expect(aliasesOf(stages[stage]).map(({ UpdatePolicy }) => UpdatePolicy)).toEqual([undefined]);
  });
});
