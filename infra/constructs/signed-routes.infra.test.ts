import { describe, expect, it } from 'vitest';
import { mlflowSettings } from '#shared/mlflow/settings.ts';
import { lawViolations } from '../laws/index.ts';
import { RegistryStack } from '../stacks/registry-stack.ts';
import { TrackingStack } from '../stacks/tracking-stack.ts';
import { inspect } from '../testing/synthesize.ts';

const iamGrants = { 'arn:aws:iam::123456789012:role/DataScientist': ['scientist:wine'] };
const protocolRoute = /^\w+ (\/iam)?\/(api|ajax-api)\//;

const services = [RegistryStack, TrackingStack];
const granting = inspect('dev', services, { iamGrants });

const routesOf = ({ resources }: typeof granting) =>
  resources
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Route')
    .map(({ properties }) => ({
      key: String(properties['RouteKey']),
      authorization: properties['AuthorizationType'],
      hasAuthorizer: properties['AuthorizerId'] !== undefined,
    }))
    .filter(({ key }) => protocolRoute.test(key));

describe('routes for callers that sign with keys of AWS', () => {
  it('are there for every route of MLflow’s API, and ask IAM and nobody else', () => {
    const routes = routesOf(granting);
    const [signed, tokens] = [true, false].map((isSigned) =>
      routes.filter(({ key }) => key.includes(' /iam/') === isSigned),
    ) as [typeof routes, typeof routes];
    expect(signed.map(({ key }) => key.replace('/iam', '')).sort()).toEqual(
      tokens.map(({ key }) => key).sort(),
    );
    expect(signed.length).toBeGreaterThan(5);
    expect(
      new Set(signed.map(({ authorization, hasAuthorizer }) => `${authorization} ${hasAuthorizer}`)),
    ).toEqual(new Set(['AWS_IAM false']));
    expect(new Set(tokens.map(({ authorization }) => authorization))).toEqual(new Set(['CUSTOM']));
  });

  it('are not there where the stage grants nothing to principals of IAM', () => {
    expect(routesOf(inspect('dev', services)).filter(({ key }) => key.includes('/iam'))).toEqual([]);
  });

  it('break no law, and the functions behind them know the grants', () => {
    expect([lawViolations(granting), granting.nagFindings]).toEqual([[], []]);
    const variables = granting.resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(
        ({ properties }) => (properties['Environment'] as { Variables: Record<string, unknown> }).Variables,
      )
      .filter((found) => found['IAM_GRANTS']);
    expect(variables.map((found) => found['MILLRACE_SERVICE']).sort()).toEqual(['registry', 'tracking']);
    const settings = mlflowSettings.pick({ IAM_GRANTS: true });
    for (const found of variables) expect(settings.parse(found)).toEqual({ IAM_GRANTS: iamGrants });
  });
});
