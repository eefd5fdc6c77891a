import { describe, expect, it } from 'vitest';
import { arnLike, servicePermitted } from './permissions.ts';

const api = 'arn:aws:execute-api:us-east-1:000000000000:abc';

describe('arnLike', () => {
  it.each([
    [`${api}/*/*/v1/*`, `${api}/$default/GET/v1/{proxy+}`, true],
    [`${api}/*/*/v1/{proxy+}`, `${api}/$default/GET/v1/{proxy+}`, true],
    [`${api}/authorizers/x1`, `${api}/authorizers/x2`, false],
    ['arn:aws:events:*:*:rule/bus/*', 'arn:aws:events:us-east-1:000000000000:rule/bus/r', true],
    // A star does not reach over a colon into the next part.
    ['arn:aws:*:rule/r', 'arn:aws:events:us-east-1:000000000000:rule/r', false],
  ])('%s covers %s: %s', (pattern, arn, expected) => {
    expect(arnLike(pattern, arn)).toBe(expected);
  });
});

describe('servicePermitted', () => {
  const permission = {
    functionName: 'f',
    service: 'events.amazonaws.com',
    sourceArn: 'arn:aws:events:r:a:rule/x',
  };
  const target = { functionName: 'f', accountId: '000000000000' };

  it.each([
    ['the service and source that are named', {}, {}, true],
    ['another service', { service: 's3.amazonaws.com' }, {}, false],
    ['another source', { sourceArn: 'arn:aws:events:r:a:rule/y' }, {}, false],
    ['another function', {}, { functionName: 'g' }, false],
    ['an alias that the permission does not name', {}, { qualifier: 'live' }, false],
  ])('for %s', (_what, principal, changedTarget, expected) => {
    const caller = {
      kind: 'service' as const,
      service: permission.service,
      sourceArn: permission.sourceArn,
      ...principal,
    };
    expect(servicePermitted([permission], caller, { ...target, ...changedTarget })).toBe(expected);
  });
});
