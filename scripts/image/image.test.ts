import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImageParts, writeImageContext } from './context.ts';
import { dockerCommands, parseRepository } from './docker.ts';

const dockerfile = readFileSync(new URL('Dockerfile', import.meta.url), 'utf8');

let root: string;
let parts: ImageParts;
const write = (file: string, content: string): string => {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
};
const context = () => writeImageContext(parts, path.join(root, 'contexts'));

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'millrace-image-'));
  write('bundle/index.mjs', 'console.log(1)');
  write('layer/node_modules/@duckdb/node-bindings-linux-x64/duckdb.node', 'native');
  parts = {
    dockerfile: write('Dockerfile', dockerfile),
    program: path.join(root, 'bundle'),
    nodejs: path.join(root, 'layer'),
  };
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the context of the image', () => {
  it('holds what the Dockerfile copies, and nothing else', () => {
    const { folder, files } = context();
    const copied = [...dockerfile.matchAll(/^COPY (\S+) /gm)].map(([, from]) => from);
    expect(readdirSync(folder).sort()).toEqual(['Dockerfile', ...copied].sort());
    expect(files).toBe(3);
    expect(readFileSync(path.join(folder, 'program/index.mjs'), 'utf8')).toBe('console.log(1)');
  });

  it('has the same tag for the same files, and leaves nothing unfinished', () => {
    const first = context();
    expect(context()).toEqual(first);
    expect(readdirSync(path.join(root, 'contexts'))).toEqual([first.tag]);
  });

  it.each([
    ['the program', 'bundle/index.mjs'],
    ['the Dockerfile', 'Dockerfile'],
    ['a native library', 'layer/node_modules/@duckdb/node-bindings-linux-x64/duckdb.node'],
    ['another file', 'bundle/chunk.mjs'],
  ])('has another tag with another content of %s', (_what, file) => {
    const before = context().tag;
    write(file, 'changed');
    expect(context().tag).not.toBe(before);
  });
});

describe('the Dockerfile', () => {
  it('has the Node.js of package.json', () => {
    const { devDependencies } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { devDependencies: Record<string, string> };
    expect(dockerfile).toContain(`\nFROM node:${devDependencies['node']}-`);
  });
});

describe('the image', () => {
  it('is built as one manifest for amd64, and pushed where asked for', () => {
    const image = { uri: 'repository:tag', context: '/context' };
    const build = 'build --platform linux/amd64 --tag repository:tag /context';
    const lines = (push: boolean) => dockerCommands(image, { push }).map((command) => command.join(' '));
    expect(lines(false)).toEqual([build]);
    expect(lines(true)).toEqual([build, 'push repository:tag']);
  });

  it.each([
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/millrace-dev-processing',
      { account: '123456789012', region: 'eu-west-1' },
    ],
    [
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a/b',
      { account: '123456789012', region: 'cn-north-1' },
    ],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/millrace-dev-processing:1', undefined],
    ['docker.io/library/node', undefined],
    ['12.dkr.ecr.eu-west-1.amazonaws.com/x', undefined],
  ])('goes to the repository %s: %j', (text, repository) => {
    expect(parseRepository(text)).toEqual(repository);
  });
});
