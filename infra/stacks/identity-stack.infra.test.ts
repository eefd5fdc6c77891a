import { describe, expect, it } from 'vitest';
import { inspect } from '../testing/synthesize.ts';
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
