import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeDataFolder } from './data-folder.ts';

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'millrace-data-'));
  dir = path.join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** As a finished deployment leaves it. */
function deployed(): void {
  mkdirSync(path.join(dir, 'cloudformation'), { recursive: true });
  writeFileSync(path.join(dir, 'cloudformation', 'deployed.json'), '{}');
}

describe('takeDataFolder', () => {
  it('creates the folder and calls it fresh until something is deployed', () => {
    const first = takeDataFolder(dir, false);
    expect(first.isFresh).toBe(true);
    first.release();
    deployed();
    expect(takeDataFolder(dir, false).isFresh).toBe(false);
  });

  it('refuses a folder that a living process uses, and takes over the lock of a dead one', () => {
    takeDataFolder(dir, false);
    expect(() => takeDataFolder(dir, false)).toThrow(
      `in use by the Millrace runtime with process id ${process.pid}`,
    );
    writeFileSync(path.join(dir, 'runtime.lock'), '999999999');
    takeDataFolder(dir, false);
    expect(readFileSync(path.join(dir, 'runtime.lock'), 'utf8')).toBe(String(process.pid));
  });

  it('drops everything when told to start fresh, but never another folder than its own', () => {
    takeDataFolder(dir, false).release();
    deployed();
    expect(takeDataFolder(dir, true).isFresh).toBe(true);
    expect(existsSync(path.join(dir, 'cloudformation'))).toBe(false);
    writeFileSync(path.join(root, 'precious.txt'), 'x');
    expect(() => takeDataFolder(root, true)).toThrow(
      'is no Millrace data folder. Choose another with --data DIR.',
    );
    expect(existsSync(path.join(root, 'precious.txt'))).toBe(true);
  });

  it.each(['{"format":99}', '{"for'])(
    'refuses a folder of another format or a damaged one (%s)',
    (marker) => {
      takeDataFolder(dir, false).release();
      writeFileSync(path.join(dir, 'millrace-data.json'), marker);
      expect(() => takeDataFolder(dir, false)).toThrow('Start with --fresh to drop it.');
      expect(existsSync(path.join(dir, 'runtime.lock'))).toBe(false);
    },
  );
});
