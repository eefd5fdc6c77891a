import { describe, expect, it } from 'vitest';
import { pythonFloat } from './python-float.ts';
import { parseRows } from './request-body.ts';
import { negotiateAccept, renderBatch, renderCsv, renderJson, renderJsonLines } from './responses.ts';

const two = { values: Float32Array.of(0.25, 1), width: 1 };
const wide = { values: Float32Array.of(0.25, 0.75, 0.5, 0.5), width: 2 };

describe('answers of the serving program', () => {
  it('are lines of CSV, as the managed image answers', () => {
    expect(renderCsv(two)).toBe('0.25\n1.0\n');
    expect(renderCsv(wide)).toBe('0.25,0.75\n0.5,0.5\n');
  });
  it('are scores in JSON and JSON Lines', () => {
    expect(JSON.parse(renderJson(two))).toEqual({ predictions: [{ score: 0.25 }, { score: 1 }] });
    expect(JSON.parse(renderJson(wide))).toEqual({
      predictions: [{ score: [0.25, 0.75] }, { score: [0.5, 0.5] }],
    });
    expect(renderJsonLines(two)).toBe('{"score": 0.25}\n{"score": 1.0}\n');
  });
  it('are one line per row in a batch, lists in brackets', () => {
    expect(renderBatch(two)).toBe('0.25\n1.0\n');
    expect(renderBatch(wide)).toBe('[0.25, 0.75]\n[0.5, 0.5]\n');
  });
  it.each([
    [1, '1.0'],
    [0.1, '0.1'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [0.0001, '0.0001'],
    [1e16, '1e+16'],
    [-0.5, '-0.5'],
    [0, '0.0'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('write %s as Python does', (value, text) => {
    expect(pythonFloat(value)).toBe(text);
  });
  it('come in the type that the request accepts', () => {
    expect(negotiateAccept(undefined, 'text/csv')).toBe('text/csv');
    expect(negotiateAccept('*/*', 'application/json')).toBe('application/json');
    expect(negotiateAccept('Application/JSON; q=1', 'text/csv')).toBe('application/json');
    expect(() => negotiateAccept('image/png', 'text/csv')).toThrow('Accept type image/png is not supported');
  });
});

describe('parseRows', () => {
  it('reads CSV', () => {
    expect(parseRows(Buffer.from('1,2\n3,\n'), 'text/csv; charset=utf-8', 2)).toMatchObject({
      rowCount: 2,
      columnCount: 2,
    });
  });
  it('spreads sparse rows, absent values missing, indices from 1 or from 0', () => {
    expect([...parseRows(Buffer.from('1 1:5 3:7\n0 2:6'), 'text/libsvm', 3).values]).toEqual([
      5,
      Number.NaN,
      7,
      Number.NaN,
      6,
      Number.NaN,
    ]);
    expect([...parseRows(Buffer.from('0:5 2:7'), 'text/x-libsvm', 3).values]).toEqual([5, Number.NaN, 7]);
  });
  it.each([
    ['{}', 'application/json', 'Content-type application/json is not supported'],
    ['a,b', 'text/csv', "line 1, column 1: 'a' is not a number"],
    ['1 9:1', 'text/libsvm', "feature 9 is beyond the model's 3 features"],
    ['1 x:1', 'text/libsvm', "'x:1' is not index:value"],
  ])('refuses %s as %s', (body, type, message) => {
    expect(() => parseRows(Buffer.from(body), type, 3)).toThrow(message);
  });
});
