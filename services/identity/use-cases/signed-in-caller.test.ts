import { describe, expect, it } from 'vitest';
import { signedInCaller } from './signed-in-caller.ts';

const settings = {
  groupsClaim: 'groups',
  nameClaim: 'sub',
  grants: { science: ['scientist:wine', 'viewer'], leads: ['approver:wine', 'viewer'] },
};
const grantsOf = (groups: unknown) => signedInCaller({ sub: 'ann', groups }, settings)?.grants;

describe('a signed-in caller', () => {
  it('has what the groups are granted, each once', () => {
    expect(grantsOf(['science', 'leads', 'sales'])).toEqual([
      { project: 'wine', role: 'scientist' },
      { project: '*', role: 'viewer' },
      { project: 'wine', role: 'approver' },
    ]);
  });

  it('may be in one group, which some issuers write without a list', () => {
    expect(grantsOf('leads')).toHaveLength(2);
  });

  it.each([[undefined], [[]], ['science leads'], [['Science']], [{ science: true }], [[['science']]]])(
    'has no grants by the groups %j',
    (groups) => expect(grantsOf(groups)).toEqual([]),
  );

  it('is named by the claim that the stage says', () => {
    const byEmail = { ...settings, nameClaim: 'email' };
    const claims = { sub: 'x', email: 'ann@example.com', groups: 'leads' };
    expect(signedInCaller(claims, byEmail)?.id).toBe('ann@example.com');
    expect(signedInCaller({ ...claims, email_verified: false }, byEmail)).toBeUndefined();
  });

  it.each([[undefined], [''], [17], ['ann#admin'], ['ann lee'], ['iam:role/x/ann'], ['a'.repeat(129)]])(
    'is nobody with the name %j',
    (sub) => expect(signedInCaller({ sub, groups: 'leads' }, settings)).toBeUndefined(),
  );

  it.each(['auth0|64f0c2', 'google-oauth2|1', 'AAAAAAAAAAAA_-x='])('may be named %s', (sub) => {
    expect(signedInCaller({ sub, groups: 'leads' }, settings)?.id).toBe(sub);
  });
});
