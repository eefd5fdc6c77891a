import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  localFileName,
  parseArtifactPath,
  pathOfArtifactUri,
  safeDirectory,
  safePath,
} from './artifact-path.ts';

describe('a path of an artifact', () => {
  it.each<[string, string, string, string]>([
    ['7/abc/artifacts/model/MLmodel', 'run', 'abc', 'model/MLmodel'],
    ['7/abc/artifacts', 'run', 'abc', ''],
    ['7/models/m-1/artifacts/a b/ü+%.txt', 'model', 'm-1', 'a b/ü+%.txt'],
    ['7/traces/tr-1/artifacts/traces.json', 'trace', 'tr-1', 'traces.json'],
  ])('%s names what it belongs to', (path, kind, id, inside) => {
    const parsed = parseArtifactPath(path);
    expect(parsed).toMatchObject({ path, experimentId: '7', owner: { kind, id }, inside });
    expect([parsed.owner.root, inside].filter(Boolean).join('/')).toBe(path);
  });

  it.each([
    '',
    '/',
    '7',
    '7/abc',
    '7/abc/other/x',
    '7/models/artifacts/x',
    '7/models/m-1/other',
    '-7/abc/artifacts/x',
    '/7/abc/artifacts/x',
    '7//abc/artifacts/x',
    '7/abc/artifacts/../../8/x',
    '7/abc/artifacts/%2e%2e/x',
    '7/abc/artifacts/%252e%252e%252fx',
    '7/abc/artifacts/./x',
    '7/abc/artifacts/x#y',
    '7/abc/artifacts/x\u0000y',
    '7/abc/artifacts/x%0ay',
    'C:\\7\\abc',
    'C:/7/abc/artifacts/x',
    '\\\\host\\7',
  ])('%j is refused in the words of MLflow', (path) => {
    expect(() => parseArtifactPath(path)).toThrow(/^Invalid path$/);
  });

  it('says how long it may be where it is longer than a key of S3', () => {
    expect(() => parseArtifactPath(`7/abc/artifacts/${'ü'.repeat(500)}`)).toThrow(
      /it has 1016 bytes, 1000 are allowed/,
    );
  });

  it('never leads out of the artifacts it names, whatever it is made of', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '%2e%2e',
        '%2E.',
        '..%2f',
        '%252e%252e',
        '/',
        '\\',
        'models',
        'a',
        '#',
        '%',
      ),
      fc.string({ maxLength: 4 }),
    );
    const sent = fc.array(part, { maxLength: 6 }).map((parts) => `7/abc/artifacts/${parts.join('/')}`);
    fc.assert(
      fc.property(sent, (path) => {
        let parsed: string;
        try {
          parsed = parseArtifactPath(path).path;
        } catch {
          return;
        }
        expect(parsed.startsWith('7/abc/artifacts')).toBe(true);
        expect(parsed.split('/').filter((name) => ['', '.', '..'].includes(name))).toEqual([]);
        // Cleaning again changes nothing: what is written is what is read.
        expect(safePath(parsed)).toBe(parsed);
      }),
    );
  });

  it('may be left out where the directory itself is meant', () => {
    expect([safeDirectory(undefined), safeDirectory(''), safeDirectory('/'), safeDirectory('a/b/')]).toEqual([
      '',
      '',
      '',
      'a/b',
    ]);
  });
});

describe('the name of an uploaded file', () => {
  it.each([
    ['model.pkl', 'model.pkl'],
    ['/tmp/x y/model.pkl', 'model.pkl'],
    ['C:\\Users\\ann\\model.pkl', 'model.pkl'],
    ['\\\\host\\share\\model.pkl', 'model.pkl'],
    ['/tmp/back\\slash', 'back\\slash'],
  ])('of %j is %j', (path, name) => expect(localFileName(path)).toBe(name));

  it.each(['', '/tmp/', '/tmp/..', '/tmp/a#b'])('%j is refused', (path) => {
    expect(() => localFileName(path)).toThrow('Invalid path');
  });
});

describe('an address of artifacts', () => {
  it.each([
    ['mlflow-artifacts:/7/abc/artifacts', '7/abc/artifacts'],
    ['mlflow-artifacts:/7/abc/artifacts/', '7/abc/artifacts'],
    ['mlflow-artifacts://host/7/abc', undefined],
    ['s3://bucket/7/abc', undefined],
    ['dbfs:/7', undefined],
  ])('%s is kept here at %s', (uri, path) => expect(pathOfArtifactUri(uri)).toBe(path));
});
