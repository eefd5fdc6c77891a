import { describe, expect, it } from 'vitest';
import { at, listOf } from '../laws/resource.ts';
import { inspect, synthesize } from '../testing/synthesize.ts';
import { serviceStacks } from './index.ts';
import { TrackingStack } from './tracking-stack.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

describe('MLflow’s API', () => {
  const routes = Object.values(
    synthesize('prod', [TrackingStack]).get('tracking')!.findResources('AWS::ApiGatewayV2::Route'),
  ).map(({ Properties }) => Properties as Record<string, string>);
  const keysOf = (type: string) =>
    routes
      .filter(({ AuthorizationType }) => AuthorizationType === type)
      .map(({ RouteKey }) => RouteKey)
      .sort();

  it('is behind the authorizer, but for whether it answers and its version', () => {
    expect(keysOf('NONE')).toEqual(['GET /health', 'GET /version']);
    expect(keysOf('CUSTOM')).toEqual(
      expect.arrayContaining(['ANY /ajax-api/{proxy+}', 'ANY /api/{proxy+}', 'GET /get-artifact']),
    );
    const guarded = routes.filter(({ AuthorizationType }) => AuthorizationType === 'CUSTOM');
    expect(guarded.filter(({ AuthorizerId }) => !AuthorizerId)).toEqual([]);
  });
});

describe('artifacts in the models bucket', () => {
  const { resources } = inspect('dev', serviceStacks);
  const writing = ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];
  const writers = resources
    .filter(({ type }) => type === 'AWS::IAM::Policy' || type === 'AWS::IAM::Role')
    .flatMap(({ stackName, logicalId, properties }) => {
      const documents = [
        properties['PolicyDocument'],
        ...listOf(properties['Policies']).map((policy) => at(policy, 'PolicyDocument')),
      ];
      const statements = documents.flatMap(
        (document) => listOf(at(document, 'Statement')) as readonly Statement[],
      );
      return statements
        .filter(
          ({ Effect, Action }) =>
            Effect === 'Allow' && listOf(Action).some((one) => writing.includes(String(one))),
        )
        .flatMap(({ Resource }) => listOf(Resource).map((resource) => JSON.stringify(resource)))
        .filter((resource) => /-models\b/.test(resource))
        .map((resource) => ({ stackName, logicalId, resource }));
    });

  it('are written by tracking’s roles alone: for MLflow’s API, and for models of trainings', () => {
    const ofArtifacts = writers.filter(({ resource }) => /-models\/(mlflow\/)?\*/.test(resource));
    const names = ofArtifacts.map(({ stackName, logicalId }) => `${stackName} ${logicalId.split('Role')[0]}`);
    expect(names.sort()).toEqual(['Millrace-dev-tracking mlflow', 'Millrace-dev-tracking tasklogmodel']);
    // Others are found too: the jobs that write trained models.
    expect(writers.map(({ stackName }) => stackName)).toContain('Millrace-dev-sagemaker');
  });
});
