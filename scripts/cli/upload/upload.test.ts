import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder, createBegunUploads } from './begun-uploads.ts';
import { inParallel } from './in-parallel.ts';
import { filesOf, folderName, sha256Of } from './local-folder.ts';
import { bytesText, createProgress } from './progress.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-upload-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the files of a folder', () => {
  it('are those with data, sorted, by their path in it', async () => {
    const local = path.join(folder, 'orders of may');
    for (const name of ['dt=2/b.csv', 'dt=1/a.csv', '_SUCCESS', '.DS_Store', '_tmp/x.csv', '_p=1/c.csv']) {
      mkdirSync(path.dirname(path.join(local, name)), { recursive: true });
      writeFileSync(path.join(local, name), 'id\n1\n');
    }
    expect(filesOf(local)).toEqual([
      { path: '_p=1/c.csv', bytes: 5 },
      { path: 'dt=1/a.csv', bytes: 5 },
      { path: 'dt=2/b.csv', bytes: 5 },
    ]);
    expect(await sha256Of(path.join(local, 'dt=1/a.csv'))).toHaveLength(64);
    expect(folderName(local, 'one')).toMatch(/^orders-of-may-[0-9a-f]{12}$/);
    expect(folderName(local, 'one')).not.toBe(folderName(local, 'two'));
  });

  it('must have names that S3 and the platform take, and be some', () => {
    const local = path.join(folder, 'strange');
    mkdirSync(local);
    expect(() => filesOf(local)).toThrow(/holds no files/);
    writeFileSync(path.join(local, 'my orders.csv'), '');
    expect(() => filesOf(local)).toThrow(/'my orders.csv' cannot be uploaded by that name/);
  });
});

describe('an upload that was begun', () => {
  const upload = { key: 'incoming/wine/big.csv', uploadId: 'u1', partBytes: 8_388_608, parts: 3 };

  it('is found again by all that makes it the same', () => {
    const begun = createBegunUploads(path.join(folder, 'cache'));
    begun.save(['platform', 'wine', 'big.csv', '100', '1'], upload);
    expect(begun.find(['platform', 'wine', 'big.csv', '100', '1'])).toEqual(upload);
    expect(begun.find(['platform', 'wine', 'big.csv', '100', '2'])).toBeUndefined();
    begun.remove(['platform', 'wine', 'big.csv', '100', '1']);
    expect(begun.find(['platform', 'wine', 'big.csv', '100', '1'])).toBeUndefined();
  });

  it('lies in the user’s cache folder', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/millrace/uploads');
    expect(cacheFolder({})).toMatch(/\/\.cache\/millrace\/uploads$/);
  });
});

describe('progress', () => {
  it('shows share, bytes and bytes per second on a terminal', () => {
    const written: string[] = [];
    let ms = 0;
    const out = { isTTY: true, write: (text: string) => written.push(text) > 0 };
    const progress = createProgress(10_000_000, out, () => ms);
    ms = 1000;
    progress.add(2_500_000);
    expect(written.at(-1)).toContain('███████░░░░░░░░░░░░░░░░░░░░░ 25 %  2.5 MB of 10.0 MB  2.5 MB/s');
  });

  it('is silent elsewhere', () => {
    const written: string[] = [];
    const progress = createProgress(10, { isTTY: false, write: (text: string) => written.push(text) > 0 });
    progress.add(10);
    progress.end();
    expect(written).toEqual([]);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 KB'],
    [3_200_000_000, '3.2 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});

describe('work in parallel', () => {
  it('does all, so many at once, and ends with the first failure', async () => {
    let [running, most] = [0, 0];
    const done: number[] = [];
    const work = async (item: number) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (item === 13) throw new Error('unlucky');
      done.push(item);
    };
    await inParallel([1, 2, 3, 4, 5], 2, work);
    expect([done.length, most]).toEqual([5, 2]);
    await expect(inParallel([13, 1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow('unlucky');
    expect(done.length).toBeLessThan(8);
  });
});
