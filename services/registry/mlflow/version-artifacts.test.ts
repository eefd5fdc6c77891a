import { describe, expect, it } from 'vitest';
import { addressOf } from './version-artifacts.ts';

const kept = '/api/2.0/mlflow-artifacts/artifacts';

describe('the address of a version’s file', () => {
  it.each([
    ['mlflow-artifacts:/1/r/artifacts/model', 'MLmodel', `${kept}/1/r/artifacts/model/MLmodel`],
    [
      'mlflow-artifacts:/1/r/artifacts/',
      '/deep//a b+%?.txt',
      `${kept}/1/r/artifacts/deep/a%20b%2B%25%3F.txt`,
    ],
    ['mlflow-artifacts://host:5000/1/r/artifacts', 'x', `${kept}/1/r/artifacts/x`],
  ])('below %s', (artifactUri, path, address) => expect(addressOf(artifactUri, path)).toBe(address));

  it.each(['..', '../../2/secret', 'a/./b'])('does not lead out by %s', (path) => {
    expect(() => addressOf('mlflow-artifacts:/1/r/artifacts', path)).toThrow('Invalid path');
  });

  it.each(['s3://bucket/model', 'mlflow-artifacts:', 'runs:/r/model'])(
    'is not made for %s',
    (artifactUri) => {
      expect(() => addressOf(artifactUri, 'x')).toThrow(`lie at '${artifactUri}'`);
    },
  );
});
