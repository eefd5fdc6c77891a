import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, parseSource } from './sources.ts';

describe('a source', () => {
  it.each([
    ['runs:/abc/model', { kind: 'run', runId: 'abc' }],
    ['runs:/abc', { kind: 'run', runId: 'abc' }],
    ['models:/m-12', { kind: 'logged-model', modelId: 'm-12' }],
    ['models:/wine/3', { kind: 'version', name: 'wine', version: '3' }],
    ['models:/wine@best', { kind: 'alias', name: 'wine', alias: 'best' }],
    ['models:/a@b@best', { kind: 'alias', name: 'a@b', alias: 'best' }],
    ['models:/wine/Production', { kind: 'stage', name: 'wine', stage: 'Production' }],
    ['mlflow-artifacts:/1/abc/artifacts/model', { kind: 'artifacts' }],
    ['s3://bucket/key', { kind: 'storage' }],
    ['S3://bucket/100%/key', { kind: 'storage' }],
  ])('%s is understood', (source, expected) => {
    expect(parseSource(source)).toEqual(expected);
  });

  it.each([
    ['/tmp/model', /local path/],
    ['model', /local path/],
    ['C:\\models', /local path/],
    ['file:///tmp/model', /local path/],
    ['FILE:/tmp', /local path/],
    ['s3://bucket/../other', /relative path/],
    ['s3://bucket/%2e%2e/other', /relative path/],
    ['s3://bucket/%252e%252e/other', /relative path/],
    ['mlflow-artifacts:/1/..%2f..%2fetc', /relative path/],
    ['s3://bucket/a%00b', /relative path/],
    ['s3://bucket/..\\other', /relative path/],
    ['http://host/model', /'http' scheme/],
    ['runs:/', /run_id/],
    ['runs://host/abc', /run_id/],
    ['models:/', /model_id/],
    ['models://host/wine', /model_id/],
    ['models:/wine/1/2', /model_id/],
    ['models:/@best', /model_id/],
    [`s3://bucket/${'k'.repeat(2048)}`, /2060 characters, 2048 are allowed/],
  ])('%s is refused', (source, message) => {
    expect(() => parseSource(source)).toThrow(message);
  });

  it('never leads out of a place, however its dots are written', () => {
    const dots = fc.constantFrom('..', '%2e%2e', '.%2E', '%252e.', '%2e%252E');
    fc.assert(
      fc.property(dots, fc.constantFrom('/', '%2f', '%5c', '\\'), (parent, slash) => {
        expect(() => parseSource(`mlflow-artifacts:/1/abc/artifacts/${parent}${slash}x`)).toThrow(
          /relative path/,
        );
      }),
    );
  });
});

describe('the place of a run', () => {
  const place = 'mlflow-artifacts:/1/abc/artifacts';
  it.each([
    [place, true],
    [`${place}/model`, true],
    ['mlflow-artifacts:///1/abc/artifacts/model', true],
    ['mlflow-artifacts:/1/a%62c/artifacts/model', true],
    ['mlflow-artifacts:/1/abc/artifacts-of-others', false],
    ['mlflow-artifacts:/1/abd/artifacts', false],
    ['mlflow-artifacts:/1/abc', false],
    ['mlflow-artifacts://elsewhere/1/abc/artifacts/model', false],
    ['s3://1/abc/artifacts', false],
    ['nothing', false],
  ])('holds %s: %s', (source, expected) => {
    expect(isWithin(source, place)).toBe(expected);
  });
});
