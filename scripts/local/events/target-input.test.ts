import { describe, expect, it } from 'vitest';
import { assertTargetInput, targetPayload } from './target-input.ts';

const event = {
  id: 'e1',
  'detail-type': 'X.v1',
  time: '2026-11-21T07:00:00Z',
  detail: { name: 'a "b"', n: 3, list: [{ k: 'v' }], nothing: null },
};
const ruleArn = 'arn:aws:events:us-east-1:000000000000:rule/bus/r';
const transform = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) =>
  targetPayload({ InputTransformer: { InputTemplate, InputPathsMap } }, event, ruleArn);

describe('targetPayload', () => {
  it('is the whole event by default', () => {
    expect(targetPayload({}, event, ruleArn)).toBe(event);
  });

  it('is the constant input', () => {
    expect(targetPayload({ Input: '{"a":[1]}' }, event, ruleArn)).toEqual({ a: [1] });
  });

  it.each([
    ['$.detail', event.detail],
    ['$.detail.list[0].k', 'v'],
    ["$['detail-type']", 'X.v1'],
    ['$.detail-type', 'X.v1'],
    ['$.detail.missing', null],
  ])('is what stands at %s', (InputPath, expected) => {
    expect(targetPayload({ InputPath }, event, ruleArn)).toEqual(expected);
  });

  it('fills placeholders, as values and between quotation marks', () => {
    const paths = {
      name: '$.detail.name',
      n: '$.detail.n',
      list: '$.detail.list',
      missing: '$.x',
      nothing: '$.detail.nothing',
    };
    const template =
      '{"name": <name>, "text": "<name> has <n> \\"<list>\\"", "n": <n>, "list": <list>, "missing": <missing>, "m": "<missing>", "nil": <nothing>}';
    expect(transform(template, paths)).toEqual({
      name: 'a "b"',
      text: 'a "b" has 3 "[{"k":"v"}]"',
      n: 3,
      list: [{ k: 'v' }],
      missing: '',
      m: '',
      nil: null,
    });
  });

  it('knows the variables of EventBridge', () => {
    expect(
      transform(
        '{"rule": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", "event": <aws.events.event>, "whole": <aws.events.event.json>}',
      ),
    ).toEqual({
      rule: ruleArn,
      name: 'r',
      event: { id: event.id, 'detail-type': event['detail-type'], time: event.time },
      whole: event,
    });
  });

  it('accepts a template that is one text', () => {
    expect(transform('"<n> rows"', { n: '$.detail.n' })).toBe('3 rows');
  });

  it('refuses a template that gives no JSON', () => {
    expect(() => transform('{"a": <n> x}', { n: '$.detail.n' })).toThrow('no valid JSON');
  });
});

describe('assertTargetInput', () => {
  it.each([
    ['two kinds of input', { Input: '{}', InputPath: '$.x' }, 'only one of'],
    ['an Input that is no JSON', { Input: '{' }, 'no valid JSON'],
    ['a path that is none', { InputPath: 'detail' }, 'no JSON path'],
    ['an unknown placeholder', { InputTransformer: { InputTemplate: '{"a": <b>}' } }, '<b>'],
  ])('refuses %s', (_title, input, reason) => {
    expect(() => assertTargetInput(input)).toThrow(reason);
  });
});
