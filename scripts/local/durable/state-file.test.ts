import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readStateFile } from './state-file.ts';

let file: string;
beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'millrace-state-')), 'rules.json');
});
afterEach(() => rmSync(path.dirname(file), { recursive: true }));

it('reads what was written', () => {
  writeFileSync(file, '{"rules":[]}');
  expect(readStateFile(file)).toEqual({ rules: [] });
});

it('names a file that was cut short, and the cure', () => {
  writeFileSync(file, '{"rules":[');
  expect(() => readStateFile(file)).toThrow(
    `${file} is damaged. Start with --fresh to drop the data folder.`,
  );
  expect(() => readStateFile(file, 'Delete it.')).toThrow(`${file} is damaged. Delete it.`);
});
