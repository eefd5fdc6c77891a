import { describe, expect, it } from 'vitest';
import { authorizerEnvironment } from '../env.ts';
import { answerHttpApi, answerRestApi, credentialsOf } from './answers.ts';

const identified = {
  caller: { id: 'ci', grants: [{ project: 'wine', role: 'client' as const }] },
  apiKeyValue: 'hash',
};
const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:api1/live/POST/v1/projects/wine/predictions';

describe('answers to the APIs', () => {
  it('tell the HTTP API yes, with the caller', () => {
    expect(answerHttpApi(identified)).toEqual({
      isAuthorized: true,
      context: { identity: JSON.stringify(identified.caller) },
    });
  });

  it('tell the HTTP API no', () => {
    expect(answerHttpApi(undefined)).toEqual({ isAuthorized: false, context: { identity: '' } });
  });

  it('give the REST API a policy for its whole stage, since it is kept for other methods', () => {
    expect(answerRestApi(identified, methodArn)).toMatchObject({
      policyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'execute-api:Invoke',
            Resource: 'arn:aws:execute-api:us-east-1:123456789012:api1/live/*',
          },
        ],
      },
      usageIdentifierKey: 'hash',
      context: { identity: JSON.stringify(identified.caller) },
    });
  });

  it('forbid both APIs to who is known and may do nothing', () => {
    const nobody = { ...identified, caller: { id: 'ann', grants: [] } };
    expect(answerHttpApi(nobody)).toEqual({ isAuthorized: false, context: { identity: '' } });
    expect(answerRestApi(nobody, methodArn).policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }]);
  });

  it('refuse the REST API by the message that becomes 401', () => {
    expect(() => answerRestApi(undefined, methodArn)).toThrow(/^Unauthorized$/);
  });

  it('find headers however they are written', () => {
    expect(credentialsOf({ AUTHORIZATION: 'Bearer x', 'X-Millrace-As': 'ada' })).toEqual({
      authorization: 'Bearer x',
      actAs: 'ada',
      isForeignPage: false,
    });
    expect(credentialsOf(null)).toEqual({
      authorization: undefined,
      actAs: undefined,
      isForeignPage: false,
    });
  });

  it.each([
    ['http://127.0.0.1:4700', false],
    ['https://127.0.0.1:4700', false],
    ['http://127.0.0.1:4701', true],
    ['https://evil.example', true],
    ['null', true],
    ['', true],
  ])('know the page %s, which a browser names, from their own', (origin, isForeignPage) => {
    expect(credentialsOf({ Origin: origin, Host: '127.0.0.1:4700' })).toMatchObject({ isForeignPage });
  });
});

describe('the authorizer’s environment', () => {
  const env = (stage: string, identity?: string) =>
    authorizerEnvironment.safeParse({
      MILLRACE_STAGE: stage,
      MILLRACE_SERVICE: 'identity',
      TABLE_NAME: 'millrace-identity',
      ANONYMOUS_IDENTITY: identity,
    }).success;

  it('takes an anonymous identity in stage local alone', () => {
    expect([env('local', 'local'), env('dev'), env('prod')]).toEqual([true, true, true]);
    expect([env('dev', 'local'), env('prod', 'local'), env('locals', 'local')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
