import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSource } from './artifact-source.ts';

const bucket = 'millrace-dev-1-eu-west-1-models';
const objects = (key: string, experimentId: string) => ({
  kind: 'objects',
  location: { bucket, key },
  experimentId,
});

describe('the source of a version', () => {
  it.each([
    ['mlflow-artifacts:/7/abc/artifacts/model', objects('mlflow/7/abc/artifacts/model', '7')],
    ['mlflow-artifacts://host:5000/7/abc//artifacts/model/', objects('mlflow/7/abc/artifacts/model', '7')],
    [`s3://${bucket}/mlflow/7/models/m-1/artifacts`, objects('mlflow/7/models/m-1/artifacts', '7')],
    ['runs:/abc/model', { kind: 'run', runId: 'abc', path: 'model' }],
    ['runs:/abc', { kind: 'run', runId: 'abc', path: '' }],
    ['models:/m-0f3a', { kind: 'loggedModel', modelId: 'm-0f3a' }],
    ['models:/wine/3', { kind: 'version', model: 'wine', version: '3', isAlias: false }],
    ['models:/wine@champion', { kind: 'version', model: 'wine', version: 'champion', isAlias: true }],
  ])('%s leads to what it names', (source, step) => {
    expect(readSource(source, bucket)).toEqual(step);
  });

  it.each([
    's3://somebody-elses/mlflow/7/model',
    `s3://${bucket}/training/wine/model.tar.gz`,
    `s3://${bucket}/mlflow/../training/wine`,
    'mlflow-artifacts:/../training/wine',
    'mlflow-artifacts:/7/../8/model',
    'mlflow-artifacts:/',
    'models:/wine/Production',
    'dbfs:/models/wine',
    'file:///etc/passwd',
    '/home/ada/model',
    '',
  ])('%s is not verifiable, which is said with a cure', (source) => {
    expect(readSource(source, bucket)).toMatchObject({
      kind: 'unverifiable',
      reason: expect.stringMatching(/Log the model to the platform/),
    });
  });

  it('never leads out of the artifacts', () => {
    const segment = fc.oneof(fc.constantFrom('..', '.', '', 'mlflow', 'training', '7'), fc.string());
    const scheme = fc.constantFrom('mlflow-artifacts:/', 'mlflow-artifacts://h/', `s3://${bucket}/`, 's3://');
    fc.assert(
      fc.property(scheme, fc.array(segment), (prefix, segments) => {
        const step = readSource(`${prefix}${segments.join('/')}`, bucket);
        if (step.kind !== 'objects') return;
        expect(step.location.bucket).toBe(bucket);
        expect(step.location.key).toMatch(/^mlflow\/[^/]/);
        expect(step.location.key.split('/')).not.toContain('..');
      }),
    );
  });
});
