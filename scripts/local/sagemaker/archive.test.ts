import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Header } from 'tar-stream';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packArchive, unpackArchive } from './archive.ts';

const LIMITS = { totalBytes: 1000, entries: 5 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const archiveOf = async (...entries: [Partial<Header> & { name: string }, string][]): Promise<Buffer> => {
  const tar = pack();
  for (const [header, body] of entries) tar.entry(header, header.type === 'symlink' ? '' : body);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
};

describe('archives', () => {
  it('unpack to what was packed', async () => {
    mkdirSync(join(folder, 'in', 'meta'), { recursive: true });
    writeFileSync(join(folder, 'in', 'xgboost-model'), 'model');
    writeFileSync(join(folder, 'in', 'meta', 'manifest.json'), '{}');
    await unpackArchive(await packArchive(join(folder, 'in')), join(folder, 'out'), LIMITS);
    expect(readFileSync(join(folder, 'out', 'xgboost-model'), 'utf8')).toBe('model');
    expect(readFileSync(join(folder, 'out', 'meta', 'manifest.json'), 'utf8')).toBe('{}');
  });

  it('have the same bytes for the same files, whenever and wherever they were written', async () => {
    writeFileSync(join(folder, 'model'), 'x');
    const first = await packArchive(folder);
    utimesSync(join(folder, 'model'), 1, 1);
    expect((await packArchive(folder)).equals(first)).toBe(true);
    expect(first.subarray(4, 10)).toEqual(Buffer.from([0, 0, 0, 0, 0, 255]));
  });

  it.each([
    ['a path out of the folder', { name: '../evil' }, 'x', /'\.\.\/evil' would be written outside/],
    ['an absolute path', { name: '/tmp/evil' }, 'x', /would be written outside/],
    ['a path out by way of a folder', { name: 'a/../../evil' }, 'x', /would be written outside/],
    [
      'a link',
      { name: 'link', type: 'symlink' as const, linkname: '/etc/passwd' },
      '',
      /'link' is a symlink/,
    ],
    ['too many bytes', { name: 'big' }, 'x'.repeat(1001), /more than 1000 bytes/],
  ])('are refused with %s', async (_what, header, body, message) => {
    await expect(unpackArchive(await archiveOf([header, body]), join(folder, 'out'), LIMITS)).rejects.toThrow(
      message,
    );
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });

  it('are refused with too many entries', async () => {
    const many = Array.from({ length: 6 }, (_, i): [{ name: string }, string] => [{ name: `f${i}` }, '']);
    await expect(unpackArchive(await archiveOf(...many), join(folder, 'out'), LIMITS)).rejects.toThrow(
      /more than 5 entries/,
    );
  });

  it('are refused when they are no archive', async () => {
    await expect(unpackArchive(Buffer.from('hello'), join(folder, 'out'), LIMITS)).rejects.toThrow(
      /header check/,
    );
  });
});
