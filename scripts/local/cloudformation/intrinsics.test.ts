// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub looks like template placeholders
import { describe, expect, it } from 'vitest';
import { noValue, type ResolutionScope, resolve } from './intrinsics.ts';

const scope: ResolutionScope = {
  ref: (name) => {
    if (name === 'AWS::NoValue') return noValue;
    if (name === 'Missing') throw new Error('Missing is not known');
    return `ref-of-${name}`;
  },
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  condition: (name) => name === 'Yes',
  findInMap: (map, first, second) => `${map}.${first}.${second}`,
  importValue: (name) => `imported ${name}`,
};

describe('resolve', () => {
  it.each([
    ['a plain value', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
    ['Ref', { Ref: 'Table' }, 'ref-of-Table'],
    ['Fn::GetAtt as list', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'Table/Arn'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Nested.Outputs.X' }, 'Nested/Outputs.X'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'B' }, 3]] }, 'a-ref-of-B-3'],
    ['Fn::Join of a list function', { 'Fn::Join': ['+', { 'Fn::Split': ['-', 'a-b'] }] }, 'a+b'],
    ['Fn::Sub with text', { 'Fn::Sub': '${A}:${B.Arn}:${!literal}' }, 'ref-of-A:B/Arn:${literal}'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${x}/${A}', { x: { Ref: 'C' } }] }, 'ref-of-C/ref-of-A'],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', { Ref: 'B' }]] }, 'ref-of-B'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [2, { 'Fn::Split': [':', 'a:b:c'] }] }, 'c'],
    ['Fn::If, true', { 'Fn::If': ['Yes', 'a', { Ref: 'Missing' }] }, 'a'],
    ['Fn::If, false', { 'Fn::If': ['No', { Ref: 'Missing' }, 'b'] }, 'b'],
    ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'A' }, 'ref-of-A'] }, true],
    ['Fn::And', { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Equals': [1, '1'] }] }, true],
    ['Fn::Or', { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'No' }] }, false],
    ['Fn::Not', { 'Fn::Not': [{ Condition: 'No' }] }, true],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['M', { Ref: 'R' }, 'k'] }, 'M.ref-of-R.k'],
    ['Fn::Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'x-${A}' } }, 'imported x-ref-of-A'],
    ['AWS::NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['AWS::NoValue in a list', ['a', { 'Fn::If': ['No', 'x', { Ref: 'AWS::NoValue' }] }], ['a']],
    [
      'a policy statement with Condition',
      { Condition: { Bool: { x: 'true' } } },
      { Condition: { Bool: { x: 'true' } } },
    ],
    ['an object with one ordinary key', { Reference: 'x' }, { Reference: 'x' }],
  ])('resolves %s', (_what, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it.each([
    ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/8', 2, 8] }, 'Fn::Cidr is not supported'],
    ['a missing reference', { Ref: 'Missing' }, 'Missing is not known'],
    ['a missing element', { 'Fn::Select': [2, ['a']] }, 'no element 2'],
    ['arguments of the wrong shape', { 'Fn::Join': ['-'] }, 'Fn::Join takes a list of 2'],
    ['an object where text belongs', { 'Fn::Join': ['-', [{ a: 1 }]] }, 'Fn::Join takes a text'],
    ['a condition that is not one', { 'Fn::Not': ['x'] }, 'a condition must be true or false'],
    ['a dynamic reference', '{{resolve:ssm:/x}}', 'dynamic reference'],
  ])('refuses %s', (_what, value, message) => {
    expect(() => resolve(value, scope)).toThrow(message);
  });
});
