import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-journal-'));
  file = path.join(folder, 'inside', 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the journal of a copy', () => {
  it('remembers what was done when the command comes again', async () => {
    const made: string[] = [];
    const make = async () => {
      made.push('run');
      return 'r1';
    };
    expect(await new Journal(file).once('run a', make)).toBe('r1');
    expect(await new Journal(file).once('run a', make)).toBe('r1');
    expect(made).toHaveLength(1);
  });

  it('does again what broke off', async () => {
    const journal = new Journal(file);
    await expect(journal.once('run a', () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(new Journal(file).get('run a')).toBeUndefined();
  });

  it('takes a line that was not written whole for nothing', () => {
    new Journal(file).note('run a', 'r1');
    appendFileSync(file, '["run b","r');
    const again = new Journal(file);
    expect([again.get('run a'), again.get('run b')]).toEqual(['r1', undefined]);
  });
});
