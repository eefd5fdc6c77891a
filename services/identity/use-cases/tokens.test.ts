import { describe, expect, it } from 'vitest';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { anonymousApiKeyValue } from '#shared/kernel/names.ts';
import { inMemoryIdentity } from '#test/doubles/identity.ts';
import { tokenSha256 } from '../domain/token.ts';
import { revokeToken, settleTokens } from './end-tokens.ts';
import { identifyCaller } from './identify-caller.ts';
import { issueFirstToken, issueToken, type NewToken } from './issue-token.ts';

function setUp() {
  const identity = inMemoryIdentity();
  let next = 0;
  const deps = {
    ...identity,
    clock: manualClock('2026-01-01T00:00:00.000Z'),
    ids: sequentialIds('id'),
    randomBytes: (count: number) => new Uint8Array(count).fill(++next),
  };
  const issue = (changed: Partial<NewToken> = {}) =>
    issueToken(deps, {
      name: 'ci',
      grants: [{ project: 'wine', role: 'scientist' }],
      createdBy: 'ada',
      ...changed,
    });
  const identify = (token: string) => identifyCaller(deps, { authorization: `Bearer ${token}` });
  return { deps, issue, identify };
}

describe('issuing a token', () => {
  it('lets its holder in, with its grants', async () => {
    const { issue, identify } = setUp();
    const { token } = await issue();
    expect(token).toMatch(/^mlr_id0001_[0-9A-Za-z]{43}$/);
    expect(await identify(token)).toEqual({
      caller: { id: 'ci', grants: [{ project: 'wine', role: 'scientist' }] },
      apiKeyValue: tokenSha256(token),
    });
  });

  it('keeps the hash and nothing of the secret', async () => {
    const { deps, issue } = setUp();
    const { token } = await issue();
    expect(deps.records()[0]!.tokenSha256).toBe(tokenSha256(token));
    expect(JSON.stringify(deps.records())).not.toContain(token.split('_')[2]);
    expect(deps.apiKeyValues()).toEqual([tokenSha256(token)]);
  });

  it('ends it after its days', async () => {
    const { deps, issue, identify } = setUp();
    const { token, expiresAt } = await issue({ expiresAfterDays: 2 });
    expect(expiresAt).toBe('2026-01-03T00:00:00.000Z');
    deps.clock.advanceSeconds(2 * 86_400 - 1);
    expect(await identify(token)).toBeDefined();
    deps.clock.advanceSeconds(1);
    expect(await identify(token)).toBeUndefined();
    expect(await settleTokens(deps)).toEqual({ ended: 1 });
    expect([deps.records(), deps.apiKeyValues()]).toEqual([[], []]);
  });

  it('refuses a grant for what cannot be a project, before anything is written', async () => {
    const { deps, issue } = setUp();
    await expect(issue({ grants: [{ project: 'Wine!', role: 'viewer' }] })).rejects.toThrow(
      /'Wine!' is no project’s name.*write \*/,
    );
    expect(deps.records()).toEqual([]);
  });

  it('leaves nothing that lets anybody in when its API key cannot be made, and clears it later', async () => {
    const { deps, issue } = setUp();
    deps.failNextApiKeyCall();
    await expect(issue()).rejects.toThrow('API Gateway cannot be reached.');
    expect(deps.records()).toMatchObject([{ status: 'pending' }]);
    expect(await settleTokens(deps)).toEqual({ ended: 0 });
    deps.clock.advanceSeconds(3600);
    expect(await settleTokens(deps)).toEqual({ ended: 1 });
    expect(deps.records()).toEqual([]);
  });

  it('clears an API key that was made for a token that never became active', async () => {
    const { deps } = setUp();
    await deps.store.add({
      tokenId: 'lost',
      name: 'ci',
      grants: [],
      createdAt: '2025-12-31T00:00:00.000Z',
      createdBy: 'ada',
      tokenSha256: 'hash',
      status: 'pending',
    });
    await deps.keys.create({ tokenId: 'lost', value: 'hash' });
    await settleTokens(deps);
    expect(deps.apiKeyValues()).toEqual([]);
  });
});

describe('ending a token', () => {
  it('lets nobody in any more and takes the API key away', async () => {
    const { deps, issue, identify } = setUp();
    const { token, tokenId } = await issue();
    await revokeToken(deps, { tokenId });
    expect(await identify(token)).toBeUndefined();
    expect([deps.records(), deps.apiKeyValues()]).toEqual([[], []]);
  });

  it('ends the token even when the API key cannot be taken away, which is done later', async () => {
    const { deps, issue, identify } = setUp();
    const { token, tokenId } = await issue();
    deps.failNextApiKeyCall();
    await expect(revokeToken(deps, { tokenId })).rejects.toThrow('API Gateway cannot be reached.');
    expect(await identify(token)).toBeUndefined();
    await revokeToken(deps, { tokenId });
    expect(deps.apiKeyValues()).toEqual([]);
  });

  it('says which token there is not', async () => {
    await expect(revokeToken(setUp().deps, { tokenId: 'nope' })).rejects.toThrow(/no token 'nope'/);
  });
});

describe('the first token', () => {
  it('is an admin’s, and there is one', async () => {
    const { deps, identify } = setUp();
    const { token } = await issueFirstToken(deps, { name: 'first-admin' });
    expect((await identify(token))?.caller.grants).toEqual([{ project: '*', role: 'admin' }]);
    await expect(issueFirstToken(deps, { name: 'second' })).rejects.toThrow(
      /'first-admin' .* is an admin already/,
    );
  });

  it('is issued again when no admin’s token works any more', async () => {
    const { deps, issue } = setUp();
    const { tokenId } = await issueFirstToken(deps, { name: 'first-admin' });
    await issue();
    await revokeToken(deps, { tokenId });
    expect(await issueFirstToken(deps, { name: 'next' })).toMatchObject({ name: 'next' });
  });
});

describe('identifying a caller', () => {
  const token = `mlr_id_${'a'.repeat(43)}`;

  it.each([
    ['an unknown token', `Bearer ${token}`],
    ['another scheme', `Digest ${token}`],
    ['a token where a name and a password belong', `Basic ${token}`],
    ['an unknown token as password', `Basic ${Buffer.from(`ann:${token}`).toString('base64')}`],
    ['a token without a scheme', token],
    ['a token that is cut off', `Bearer ${token.slice(0, -1)}`],
    ['a foreign token', 'Bearer ghp_abcdef'],
    ['an empty header', ''],
  ])('refuses %s, also where anonymous requests are answered', async (_what, authorization) => {
    const { deps } = setUp();
    expect(await identifyCaller({ ...deps, anonymousIdentity: 'local' }, { authorization })).toBeUndefined();
  });

  it('takes a token as the password of any user name, but not from a browser for a page of others', async () => {
    const { deps } = setUp();
    const { token: issued } = await issueToken(deps, {
      name: 'ci',
      grants: [{ project: 'wine', role: 'scientist' }],
      createdBy: 'ada',
    });
    const authorization = `Basic ${Buffer.from(`whoever:${issued}`).toString('base64')}`;
    expect((await identifyCaller(deps, { authorization }))?.caller.id).toBe('ci');
    expect(await identifyCaller(deps, { authorization, isForeignPage: true })).toBeUndefined();
  });

  it('asks the issuer of the stage for signed tokens, and refuses them where there is none', async () => {
    const { deps } = setUp();
    const settings = { groupsClaim: 'groups', nameClaim: 'sub', grants: { science: ['scientist:wine'] } };
    const verify = async (signed: string) =>
      signed === 'a.b.good' ? { sub: 'ann', groups: ['science'] } : undefined;
    const signIn = { settings, tokens: { verify }, apiKeyValue: 'shared' };
    const identify = (signed: string, withIssuer = true) =>
      identifyCaller(
        { ...deps, signIn: withIssuer ? signIn : undefined },
        { authorization: `Bearer ${signed}` },
      );
    expect(await identify('a.b.good')).toEqual({
      caller: { id: 'ann', grants: [{ project: 'wine', role: 'scientist' }] },
      apiKeyValue: 'shared',
    });
    expect(await identify('a.b.forged')).toBeUndefined();
    expect(await identify('a.b.good', false)).toBeUndefined();
  });

  it('refuses a request without a token, whatever name it brings', async () => {
    const { deps } = setUp();
    expect(await identifyCaller(deps, {})).toBeUndefined();
    expect(await identifyCaller(deps, { actAs: 'grace' })).toBeUndefined();
  });

  it('takes a request without a token for the local identity, or the one it names', async () => {
    const deps = { ...setUp().deps, anonymousIdentity: 'local' };
    const admin = { grants: [{ project: '*', role: 'admin' }] };
    expect(await identifyCaller(deps, {})).toEqual({
      caller: { id: 'local', ...admin },
      apiKeyValue: anonymousApiKeyValue,
    });
    expect((await identifyCaller(deps, { actAs: 'grace' }))?.caller).toEqual({ id: 'grace', ...admin });
    expect(await identifyCaller(deps, { actAs: 'not a name' })).toBeUndefined();
    expect(await identifyCaller(deps, { isForeignPage: true })).toBeUndefined();
  });
});
