import { describe, expect, it } from 'vitest';
import { featureNamesIn } from '../domain/feature-names.ts';
import { featureOrderRefusal, refusalOf, servedModel, servedSignature } from './client-model.ts';

const inputs = (...names: string[]) => JSON.stringify(names.map((name) => ({ type: 'double', name })));
const mlmodel = (data: unknown, columns = inputs('b', 'a')) => ({
  flavors: { xgboost: { data } },
  signature: { inputs: columns },
});
const project = {
  task: 'binary_classification' as const,
  inputs: [
    { name: 'a', type: 'number' as const },
    { name: 'b', type: 'integer' as const },
  ],
  target: 'y',
  classes: ['0', '1'],
};
const content = {
  verdict: 'Verified' as const,
  manifest: { uri: 's3://bucket/m.json', sha256: 'a'.repeat(64), bytes: 1 },
};

describe('a version of a client', () => {
  it('may be served with recorded bytes and the flavor xgboost', () => {
    expect(refusalOf({ content, flavors: ['python_function', 'xgboost'] })).toBeUndefined();
  });

  it.each([
    [
      'bytes that nobody could record',
      { verdict: 'NotVerifiable' as const, reason: 'Too many.' },
      ['xgboost'],
      /Too many/,
    ],
    ['another flavor', content, ['python_function', 'sklearn'], /has python_function, sklearn; .*log_model/],
    ['no MLmodel', content, [], /no readable file MLmodel/],
  ])('is refused with %s', (_what, found, flavors, message) => {
    expect(refusalOf({ content: found, flavors })?.refusal).toMatch(message);
  });

  it('gives the file of its model and the columns in its order', () => {
    expect(servedModel(mlmodel('model.ubj'), ['MLmodel', 'model.ubj'])).toEqual({
      path: 'model.ubj',
      columns: ['b', 'a'],
    });
  });

  it.each([
    ['a file that is not there', mlmodel('model.ubj'), ['MLmodel'], /not there/],
    ['no file', mlmodel(undefined), ['MLmodel'], /not there/],
    ['a pickle', mlmodel('model.pkl'), ['model.pkl'], /UBJSON/],
    ['no column names', mlmodel('model.ubj', '[{"type": "double"}]'), ['model.ubj'], /names no columns/],
  ])('is refused with %s', (_what, file, paths, message) => {
    expect(servedModel(file, paths)).toMatchObject({ refusal: expect.stringMatching(message) });
  });

  it('is sent the project’s columns in its own order', () => {
    expect(servedSignature(['b', 'a'], project)).toEqual({
      ...project,
      inputs: [
        { name: 'b', type: 'integer' },
        { name: 'a', type: 'number' },
      ],
    });
  });

  it.each([
    [['a'], /it lacks b/],
    [['a', 'b', 'c'], /it has besides c/],
    [['a', 'x'], /it lacks b; it has besides x/],
    [['a', 'b', 'a'], /names a column twice/],
  ])('with columns %j is refused', (columns, message) => {
    expect(servedSignature(columns, project)).toMatchObject({ refusal: expect.stringMatching(message) });
  });
});

/** The beginning of model files that Python xgboost 3.2.0 wrote for features a, b, c. */
const ubjson =
  '7b4c00000000000000076c6561726e65727b4c000000000000000a617474726962757465737b7d4c000000000000000d666561747572655f6e616d65735b234c0000000000000003534c000000000000000161534c000000000000000162534c0000000000000001634c000000000000000d666561747572655f7479706573';
const json = '{"learner":{"attributes":{},"feature_names":["a","b","c"],"feature_types":["float"';

describe('the features that a model was trained on', () => {
  it.each([
    ['UBJSON', Buffer.from(ubjson, 'hex')],
    ['JSON', Buffer.from(json)],
  ])('are read from %s', (_format, head) => {
    expect(featureNamesIn(head)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['no names', Buffer.from('{"learner":{"feature_names":[],')],
    ['a cut file', Buffer.from(ubjson, 'hex').subarray(0, 90)],
    ['something else', Buffer.from('PK\u0003\u0004')],
    ['nothing', Buffer.alloc(0)],
  ])('are unknown with %s', (_what, head) => {
    expect(featureNamesIn(head)).toBeUndefined();
  });

  it('must be in the order of the signature', () => {
    expect(featureOrderRefusal(['a', 'b'], ['a', 'b'])).toBeUndefined();
    expect(featureOrderRefusal(['a', 'b'], undefined)).toBeUndefined();
    expect(featureOrderRefusal(['a', 'b'], ['b', 'a'])?.refusal).toMatch(/another order/);
  });
});
