import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('Journal', () => {
  it('gives back what was appended, in order, to another reader of the file', () => {
    const file = path.join(folder, 'a.jsonl');
    const journal = new Journal<{ n: number }>(file);
    journal.append({ n: 1 });
    journal.append({ n: 2 });
    expect(new Journal(file).read()).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('leaves out a line that a crash tore and appends after it', () => {
    const file = path.join(folder, 'a.jsonl');
    new Journal(file).append({ n: 1 });
    appendFileSync(file, '{"n":');
    const reopened = new Journal(file);
    reopened.append({ n: 3 });
    expect(reopened.read()).toEqual([{ n: 1 }, { n: 3 }]);
  });

  it('keeps only the entries of a rewrite', () => {
    const journal = new Journal(path.join(folder, 'a.jsonl'));
    journal.append({ n: 1 });
    journal.rewrite([{ n: 9 }]);
    expect(journal.read()).toEqual([{ n: 9 }]);
  });
});
