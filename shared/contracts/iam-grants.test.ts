import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iamCaller, iamGrants } from './iam-grants.ts';

const account = 'arn:aws:iam::123456789012';
const session = (role: string, name = 'ann', of = '123456789012') =>
  `arn:aws:sts::${of}:assumed-role/${role}/${name}`;
const scientist = [{ role: 'scientist', project: 'wine' }];

describe('who signs with keys of AWS', () => {
  it.each([
    ['a session of a role', session('Science'), { [`${account}:role/Science`]: ['scientist:wine'] }],
    [
      'a session of a role with a path',
      session('Science'),
      { [`${account}:role/team/x/Science`]: ['scientist:wine'] },
    ],
    ['a user', `${account}:user/ann`, { [`${account}:user/ann`]: ['scientist:wine'] }],
    ['a user with a path', `${account}:user/team/ann`, { [`${account}:user/team/ann`]: ['scientist:wine'] }],
  ])('has the grants of its principal: %s', (_what, userArn, grants) => {
    expect(iamCaller(userArn, iamGrants.parse(grants)).grants).toEqual(scientist);
  });

  it.each([
    ['another role', session('Sciences')],
    ['a role whose name ends the same', session('MyScience')],
    ['the role of another account', session('Science', 'ann', '999999999999')],
    ['a user by the name of the role', `${account}:user/Science`],
    ['the account itself', `${account}:root`],
    ['a session that is called like the role', session('Other', 'Science')],
    ['a federated user', 'arn:aws:sts::123456789012:federated-user/Science'],
    ['a role elsewhere', 'arn:aws-cn:sts::123456789012:assumed-role/Science/ann'],
  ])('has none as %s', (_what, userArn) => {
    const grants = iamGrants.parse({ [`${account}:role/Science`]: ['scientist:wine'] });
    expect(iamCaller(userArn, grants).grants).toEqual([]);
  });

  it('is named by role and session, as no holder of a token can be named', () => {
    const grants = iamGrants.parse({ [`${account}:role/Science`]: ['viewer', 'viewer'] });
    expect(iamCaller(session('Science', 'ann@example.com'), grants)).toEqual({
      id: 'iam:role/Science/ann@example.com',
      grants: [{ role: 'viewer', project: '*' }],
    });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[\w+=,.@-]{1,64}$/),
        fc.stringMatching(/^[\w+=,.@-]{2,64}$/),
        (role, name) => {
          const { id } = iamCaller(session(role, name), grants);
          expect(id.startsWith(`iam:role/${role}/`)).toBe(true);
          expect(id.length).toBeLessThanOrEqual(128);
        },
      ),
    );
  });

  it.each([
    ['no principal', {}],
    ['a session', { [session('Science')]: ['viewer'] }],
    ['everybody', { '*': ['viewer'] }],
    ['a role without grants', { [`${account}:role/Science`]: [] }],
    ['no role of ours', { [`${account}:role/Science`]: ['owner'] }],
    [
      'more than a function can be told',
      Object.fromEntries(
        Array.from({ length: 60 }, (_none, n) => [`${account}:role/Science${n}`, ['viewer']]),
      ),
    ],
  ])('is not granted by a setting that names %s', (_what, grants) => {
    expect(iamGrants.safeParse(grants).success).toBe(false);
  });
});
