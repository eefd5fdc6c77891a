import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadChannel, parseNumericCsv } from './csv.ts';

describe('parseNumericCsv', () => {
  it('reads numbers, empty fields, nan and both line endings', () => {
    const { rowCount, columnCount, values } = parseNumericCsv(
      Buffer.from('1,2.5,\r\n-3e2,nan,0\n\n'),
      'test',
    );
    expect([rowCount, columnCount]).toEqual([2, 3]);
    expect([...values]).toEqual([1, 2.5, Number.NaN, -300, Number.NaN, 0]);
  });

  it('reads a file without a line break at its end, and one column', () => {
    expect([...parseNumericCsv(Buffer.from('1\n2'), 'test').values]).toEqual([1, 2]);
  });

  it.each([
    ['label,feature\n1,2', "test, line 1, column 1: 'label' is not a number"],
    ['1,2\n1', 'test, line 2 has 1 columns, the lines before have 2'],
    ['1,"2"', `column 2: '"2"' is not a number`],
  ])('refuses %j', (text, message) => {
    expect(() => parseNumericCsv(Buffer.from(text), 'test')).toThrow(message);
  });
});

describe('loadChannel', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-channel-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('joins all files in the order of their names and skips hidden ones', () => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub', 'b.csv'), '0,3,4\n');
    writeFileSync(join(folder, 'a.csv'), '1,1,2\n');
    writeFileSync(join(folder, '_SUCCESS'), 'x');
    writeFileSync(join(folder, '.hidden'), 'x');
    const data = loadChannel(folder, 'train', false);
    expect([...data.labels]).toEqual([1, 0]);
    expect([...data.values]).toEqual([1, 2, 3, 4]);
    expect(data.weights).toBeUndefined();
  });

  it('reads weights from the second column when asked', () => {
    writeFileSync(join(folder, 'a.csv'), '1,0.5,7\n0,2,8\n');
    const data = loadChannel(folder, 'train', true);
    expect([...(data.weights ?? [])]).toEqual([0.5, 2]);
    expect([...data.values]).toEqual([7, 8]);
  });

  it.each([
    ['', false, 'No data in train channel path'],
    ['1\n0\n', false, 'it needs the label and at least one feature'],
    [',2\n', false, 'Row 1 of channel train has no label'],
    ['1,-1,2\n', true, 'has the weight -1'],
  ])('refuses %j', (text, csvWeights, message) => {
    writeFileSync(join(folder, 'a.csv'), text);
    expect(() => loadChannel(folder, 'train', csvWeights)).toThrow(message);
  });
});
