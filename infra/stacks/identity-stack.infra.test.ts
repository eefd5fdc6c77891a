import { describe, expect, it } from 'vitest';
import { authorizerEnvironment } from '#services/identity/env.ts';
import { inspect, synthesize } from '../testing/synthesize.ts';
import { IdentityStack } from './identity-stack.ts';

const functionsOf = (stage: 'local' | 'dev' | 'prod') =>
  inspect(stage, [IdentityStack])
    .resources.filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ properties }) => JSON.stringify(properties));

describe('the identity of requests without a token', () => {
  it('is given to the authorizer of stage local', () => {
    expect(functionsOf('local').filter((text) => text.includes('"ANONYMOUS_IDENTITY":"local"'))).toHaveLength(
      1,
    );
  });

  it.each(['dev', 'prod'] as const)('is given to no function of stage %s', (stage) => {
    expect(functionsOf(stage).filter((text) => text.includes('ANONYMOUS_IDENTITY'))).toEqual([]);
  });
});

describe('signing in', () => {
  const signIn = {
    issuer: 'https://login.example.com',
    audience: 'millrace',
    groupsClaim: 'groups',
    nameClaim: 'sub',
    grants: { science: ['scientist:wine'] },
  };
  const stage = (changes = {}) => synthesize('dev', [IdentityStack], changes);

  it('is told to the authorizer, as its environment reads it', () => {
    const variables = Object.values(stage({ signIn }).get('identity')!.findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => Properties.Environment.Variables)
      .filter((found) => found.SIGN_IN);
    expect(variables).toHaveLength(1);
    const { SIGN_IN } = authorizerEnvironment.parse({ ...variables[0], TABLE_NAME: 'table' });
    expect(SIGN_IN).toEqual(signIn);
  });

  it('puts one key for all on the usage plan of the prediction API', () => {
    const api = stage({ signIn }).get('api')!;
    api.hasResourceProperties('AWS::ApiGateway::ApiKey', { Value: 'millrace-dev-signed-in-people' });
    api.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 1);
  });

  it('needs nothing where the stage has none', () => {
    stage().get('api')!.resourceCountIs('AWS::ApiGateway::ApiKey', 0);
    expect(JSON.stringify(stage().get('identity'))).not.toContain('SIGN_IN');
  });
});
