import { describe, expect, it } from 'vitest';
import { assertValidPattern, matchesPattern } from './pattern.ts';

const event = {
  source: 'millrace.training',
  'detail-type': 'TrainingCompleted.v1',
  resources: ['arn:a', 'arn:b'],
  detail: {
    name: 'Churn Model',
    score: 0.75,
    rows: 100,
    ok: true,
    reason: null,
    ip: '10.0.3.7',
    ip6: '2001:db8::17',
    empty: [],
    nothing: '',
    tags: ['eu', 'nightly', 3],
    owner: { team: 'growth' },
    parts: [
      { kind: 'train', size: 1 },
      { kind: 'test', size: 9 },
    ],
  },
};

type Case = readonly [title: string, detail: Record<string, unknown>, expected: boolean];

const cases: readonly Case[] = [
  ['an equal string', { name: ['Churn Model'] }, true],
  ['another string', { name: ['churn model'] }, false],
  ['an equal number', { rows: [100.0] }, true],
  ['a string that looks like the number', { rows: ['100'] }, false],
  ['a boolean', { ok: [true] }, true],
  ['the other boolean', { ok: [false] }, false],
  ['null', { reason: [null] }, true],
  ['null for a missing field', { absent: [null] }, false],
  ['the empty string', { nothing: [''] }, true],
  ['one of several values', { name: ['x', 'Churn Model'] }, true],
  ['an element of an array', { tags: ['nightly'] }, true],
  ['no element of an array', { tags: ['weekly'] }, false],
  ['two fields', { name: ['Churn Model'], rows: [100] }, true],
  ['two fields of which one differs', { name: ['Churn Model'], rows: [1] }, false],
  ['a prefix', { name: [{ prefix: 'Churn' }] }, true],
  ['a prefix in another case', { name: [{ prefix: 'churn' }] }, false],
  ['a prefix without case', { name: [{ prefix: { 'equals-ignore-case': 'churn' } }] }, true],
  ['a prefix on a number', { rows: [{ prefix: '1' }] }, false],
  ['a suffix', { name: [{ suffix: 'Model' }] }, true],
  ['a suffix without case', { name: [{ suffix: { 'equals-ignore-case': 'MODEL' } }] }, true],
  ['equals-ignore-case', { name: [{ 'equals-ignore-case': 'churn MODEL' }] }, true],
  ['a wildcard', { name: [{ wildcard: 'C*n M*' }] }, true],
  ['a wildcard that must reach the end', { name: [{ wildcard: 'Ch*M' }] }, false],
  ['an escaped wildcard', { name: [{ wildcard: 'Churn\\*' }] }, false],
  ['anything-but another string', { name: [{ 'anything-but': 'x' }] }, true],
  ['anything-but this string', { name: [{ 'anything-but': 'Churn Model' }] }, false],
  ['anything-but a list', { name: [{ 'anything-but': ['x', 'Churn Model'] }] }, false],
  ['anything-but a number', { rows: [{ 'anything-but': [99, 101] }] }, true],
  ['anything-but a prefix', { name: [{ 'anything-but': { prefix: 'Ch' } }] }, false],
  ['anything-but one of prefixes', { name: [{ 'anything-but': { prefix: ['x', 'y'] } }] }, true],
  ['anything-but a suffix', { name: [{ 'anything-but': { suffix: 'el' } }] }, false],
  ['anything-but a wildcard', { name: [{ 'anything-but': { wildcard: ['*Mod*', 'z*'] } }] }, false],
  [
    'anything-but without case',
    { name: [{ 'anything-but': { 'equals-ignore-case': ['CHURN MODEL'] } }] },
    false,
  ],
  ['anything-but for a missing field', { absent: [{ 'anything-but': 'x' }] }, false],
  ['anything-but where some array element differs', { tags: [{ 'anything-but': 'eu' }] }, true],
  ['numeric equality', { rows: [{ numeric: ['=', 1e2] }] }, true],
  ['a numeric range', { score: [{ numeric: ['>', 0.5, '<=', 0.75] }] }, true],
  ['a numeric range missed', { score: [{ numeric: ['>', 0.75] }] }, false],
  ['numeric on a string', { name: [{ numeric: ['>', 0] }] }, false],
  ['numeric on an array element', { tags: [{ numeric: ['>=', 3] }] }, true],
  ['exists on a leaf', { name: [{ exists: true }] }, true],
  ['exists on null', { reason: [{ exists: true }] }, true],
  ['exists on an inner object', { owner: [{ exists: true }] }, false],
  ['exists on an empty array', { empty: [{ exists: true }] }, false],
  ['absence', { absent: [{ exists: false }] }, true],
  ['absence of a present field', { name: [{ exists: false }] }, false],
  ['absence below an absent object', { absent: { deep: [{ exists: false }] } }, true],
  ['absence where another array element has the field', { parts: { size: [{ exists: false }] } }, false],
  ['absence or a value', { absent: [{ exists: false }, 'x'] }, true],
  ['an IPv4 range', { ip: [{ cidr: '10.0.0.0/22' }] }, true],
  ['an IPv4 range missed', { ip: [{ cidr: '10.0.0.0/24' }] }, false],
  ['an IPv6 range', { ip6: [{ cidr: '2001:db8::/32' }] }, true],
  ['a range on what is no address', { name: [{ cidr: '0.0.0.0/0' }] }, false],
  ['a nested field', { owner: { team: ['growth'] } }, true],
  ['fields of one array element', { parts: { kind: ['test'], size: [9] } }, true],
  ['fields of different array elements', { parts: { kind: ['test'], size: [1] } }, false],
  ['$or with a matching branch', { $or: [{ name: ['x'] }, { rows: [{ numeric: ['>', 5] }] }] }, true],
  ['$or without a matching branch', { $or: [{ name: ['x'] }, { rows: [1] }] }, false],
  ['$or beside a field', { ok: [false], $or: [{ rows: [100] }, { name: ['x'] }] }, false],
  ['a nested $or', { $or: [{ name: ['x'] }, { $or: [{ ok: [false] }, { ok: [true] }] }] }, true],
  ['a field named as an object prototype member', { toString: [{ exists: true }] }, false],
];

describe('matchesPattern', () => {
  it.each(cases)('%s', (_title, detail, expected) => {
    expect(matchesPattern({ detail }, event)).toBe(expected);
  });

  it('needs every field of the envelope', () => {
    const pattern = {
      source: ['millrace.training'],
      'detail-type': [{ prefix: 'Training' }],
      resources: ['arn:b'],
    };
    expect(matchesPattern(pattern, event)).toBe(true);
    expect(matchesPattern({ ...pattern, account: ['1'] }, event)).toBe(false);
  });
});

describe('assertValidPattern', () => {
  it.each([
    ['a bare value', { source: 'x' }, '"source" must be an object or an array'],
    ['an empty pattern', {}, 'Empty objects'],
    ['an empty list', { source: [] }, 'Empty arrays'],
    ['an unknown operator', { source: [{ starts: 'x' }] }, 'Unrecognized match type starts'],
    ['two operators in one matcher', { source: [{ prefix: 'a', suffix: 'b' }] }, 'Only one match type'],
    ['a list in a list', { source: [['x']] }, 'Only one match type'],
    ['a number after prefix', { source: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    ['a mixed anything-but list', { source: [{ 'anything-but': ['a', 1] }] }, 'mixed type'],
    ['a boolean after anything-but', { source: [{ 'anything-but': true }] }, 'mixed type'],
    ['consecutive wildcards', { source: [{ wildcard: 'a**' }] }, 'Consecutive wildcard'],
    ['a wrong escape', { source: [{ wildcard: 'a\\b' }] }, 'Invalid escape'],
    ['an unknown numeric operator', { x: [{ numeric: ['!', 1] }] }, 'Unrecognized numeric range operator'],
    ['a reversed numeric range', { x: [{ numeric: ['<', 1, '>', 0] }] }, 'Bad numeric range'],
    ['a number beyond the range', { x: [{ numeric: ['<', 6e9] }] }, 'between -5.0E9'],
    ['a malformed CIDR', { x: [{ cidr: '10.0.0/33' }] }, 'Malformed CIDR'],
    ['exists with a string', { x: [{ exists: 'yes' }] }, 'either true or false'],
    ['$or with one branch', { $or: [{ x: [1] }] }, 'at least two'],
    ['a list as the pattern', ['x'], 'not an object'],
  ])('refuses %s', (_title, pattern, reason) => {
    expect(() => assertValidPattern(pattern)).toThrow(reason);
  });

  it('accepts what matchesPattern understands', () => {
    for (const [, detail] of cases) expect(() => assertValidPattern({ detail })).not.toThrow();
  });
});
