import { describe, expect, it } from 'vitest';
import type { AppError, Violation } from '#shared/kernel/errors.ts';
import type { DataContract, ProjectDefinition } from '../contract.ts';
import { readContractFile } from './read-contract-file.ts';
import { openProjectFile } from './read-project-file.ts';

const columns = `  id: { type: string }
  begin_at: { type: timestamp }
  end_at: { type: timestamp, nullable: true }
  price: { type: number, min: 0 }
  stars: { type: integer }
  code: { type: string }
  paid: { type: boolean }
`;
const contract = (members: string): string => `primaryKey: id\n${members}columns:\n${columns}`;
const rule = (text: string): string => contract(`rules:\n  - ${text}\n`);
const column = (text: string): string => `${contract('')}  other: ${text}\n`;

const readProjectFile = (text: string, name: string, kept?: DataContract) =>
  openProjectFile(text, name).read(kept, new Map());

/** Declares no columns: there is no contract yet. */
const projectFile = `name: rooms
owners: [ada]
data: { primaryKey: id }
target: { column: price, task: regression }
`;
const project: ProjectDefinition = readProjectFile(projectFile, 'rooms');

function violations(text: string): readonly Violation[] {
  try {
    readContractFile(text, project);
  } catch (error) {
    expect(error).toMatchObject({ code: 'InvalidContract', kind: 'invalid_input' });
    return (error as AppError).details.violations!;
  }
  throw new Error('The file was accepted.');
}

describe('reading a contract file', () => {
  it('fills what a short file leaves out with defaults', () => {
    const read = readContractFile(contract(''), project);
    expect(read).toMatchObject({ rules: [], missingValues: [], checks: { minRows: 50 } });
    expect(Object.keys(read.columns)).toHaveLength(7);
  });

  it.each([
    ['{ check: not_null, column: code }'],
    ['{ check: range, column: begin_at, min: 2020-01-01, max: "2030-01-01T00:00:00Z" }'],
    [
      '{ check: range, column: stars, max: 5, mostly: 0.9, severity: warn, owner: ada, note: why, name: five }',
    ],
    ['{ check: allowed, column: paid, values: [true] }'],
    ['{ check: pattern, column: code, pattern: "[A-Z]{2}" }'],
    ['{ check: length, column: code, max: 5 }'],
    ['{ check: unique, columns: [code, begin_at] }'],
    ['{ check: expression, sql: end_at is null or end_at >= begin_at }'],
    ['{ check: references, columns: [code], to: { project: shops, columns: [shop_id] } }'],
    ['{ check: outliers, column: price, method: mad }'],
    ['{ check: row_count, min: 1, max: 1 }'],
    ['{ check: row_count_change, maxDecreaseShare: 0.5 }'],
    ['{ check: null_share, column: end_at, max: 0.5 }'],
    ['{ check: freshness, column: begin_at, maxAgeHours: 24 }'],
    ['{ check: distribution, column: begin_at, method: ks }'],
    ['{ check: distribution, column: code, method: chi_squared, reference: 3 }'],
  ])('takes the rule %s', (text) => {
    expect(readContractFile(rule(text), project).rules).toHaveLength(1);
  });

  it.each([
    ['{ check: not_null, column: cod }', 'rules/0/column', /did you mean 'code'/],
    ['{ check: rang, column: price }', 'rules/0/check', /did you mean 'range'/],
    ['{ column: price }', 'rules/0/check', /check is missing; known are: not_null/],
    ['{ check: range, column: price, mim: 1 }', 'rules/0/mim', /did you mean 'min'/],
    ['{ check: range, column: code, min: 1 }', 'rules/0/column', /'code' is string/],
    ['{ check: range, column: price }', 'rules/0', /without min or max/],
    ['{ check: range, column: price, min: 2, max: 1 }', 'rules/0/min', /above max/],
    ['{ check: range, column: price, min: "2" }', 'rules/0/min', /without quotes/],
    ['{ check: range, column: begin_at, min: yesterday }', 'rules/0/min', /ISO 8601/],
    ['{ check: range, column: begin_at, min: 2026-02-01, max: 2026-01-31 }', 'rules/0/min', /above max/],
    [
      '{ check: allowed, column: stars, values: [1, 2.5] }',
      'rules/0/values/1',
      /2\.5 is no value of type integer/,
    ],
    ['{ check: pattern, column: stars, pattern: x }', 'rules/0/column', /'stars' is integer/],
    ['{ check: pattern, column: code, pattern: "(?=x)" }', 'rules/0/pattern', /look-around/],
    ['{ check: pattern, column: code, pattern: "(" }', 'rules/0/pattern', /no regular expression/],
    ['{ check: length, column: code, min: 5, max: 1 }', 'rules/0/min', /swap/],
    ['{ check: unique, columns: [code, code] }', 'rules/0/columns/1', /named twice/],
    ['{ check: unique, columns: [nothing] }', 'rules/0/columns/0', /no column/],
    [
      '{ check: expression, sql: price > code }',
      'rules/0/sql',
      /character 9.*'price' \(number\) and 'code' \(string\)/,
    ],
    ['{ check: expression, sql: prize > 0 }', 'rules/0/sql', /did you mean 'price'/],
    ['{ check: expression, sql: price * 2 }', 'rules/0/sql', /must be boolean/],
    ['{ check: expression, sql: 1 > 0 }', 'rules/0/sql', /reads no column/],
    ['{ check: expression, sql: price > (select 1) }', 'rules/0/sql', /no subqueries/],
    [
      '{ check: references, columns: [code, id], to: { project: shops, columns: [a] } }',
      'rules/0/to/columns',
      /2 columns/,
    ],
    ['{ check: outliers, column: code, method: z }', 'rules/0/column', /outliers is for/],
    ['{ check: row_count }', 'rules/0', /without min or max/],
    ['{ check: row_count_change }', 'rules/0', /checks nothing/],
    ['{ check: freshness, column: price, maxAgeHours: 1 }', 'rules/0/column', /timestamp/],
    ['{ check: distribution, column: code, method: ks }', 'rules/0/column', /method ks/],
    ['{ check: distribution, column: code, method: wasserstein }', 'rules/0/column', /method wasserstein/],
  ])('refuses the rule %s', (text, path, message) => {
    expect(violations(rule(text))).toEqual([
      { path, message: expect.stringMatching(message), line: 3, column: expect.any(Number) },
    ]);
  });

  it.each([
    ['{ type: boolean, min: 1 }', 'columns/other/min', /allowed/],
    ['{ type: string, max: 1 }', 'columns/other/max', /maxLength/],
    ['{ type: timestamp, min: 5 }', 'columns/other/min', /ISO 8601/],
    ['{ type: timestamp, allowed: [soon] }', 'columns/other/allowed/0', /ISO 8601/],
    ['{ type: integer, pattern: x }', 'columns/other/pattern', /type string/],
    ['{ type: string, pattern: "a(" }', 'columns/other/pattern', /no regular expression/],
    ['{ type: number, minLength: 2 }', 'columns/other/minLength', /type string/],
    ['{ type: string, format: "%d.%m.%Y" }', 'columns/other/format', /timestamp/],
    ['{ type: timestamp, format: "%d.%Q.%Y" }', 'columns/other/format', /mean nothing/],
    ['{ type: timestamp, format: "%H:%M" }', 'columns/other/format', /whole day/],
  ])('refuses the column %s', (text, path, message) => {
    expect(violations(column(text))).toEqual([
      { path, message: expect.stringMatching(message), line: 10, column: expect.any(Number) },
    ]);
  });

  it.each(['%d.%m.%Y', '%Y-%m-%dT%H:%M:%S.%f%z', '%-d %B %y, %I %p', '%Y%j'])(
    'takes the format %s',
    (format) => {
      expect(
        readContractFile(column(`{ type: timestamp, format: "${format}" }`), project).columns['other'],
      ).toMatchObject({ format });
    },
  );

  it('refuses two rules of one name', () => {
    const named = '{ check: not_null, column: code, name: there }';
    expect(violations(rule(`${named}\n  - ${named}`))).toMatchObject([{ path: 'rules/1/name', line: 4 }]);
  });

  it('tells what does not fit the rest of the project', () => {
    const text = contract('').replace('  price: { type: number, min: 0 }\n', '');
    expect(violations(text)).toMatchObject([
      { path: 'project.yaml/target/column', message: /'price' is no column/ },
    ]);
  });

  it('refuses a contract without columns', () => {
    expect(violations('primaryKey: id\n')).toMatchObject([{ path: 'columns', line: 1 }]);
  });

  it.each([
    ['', 'ContractFileEmpty'],
    [`#${'x'.repeat(70_000)}`, 'ContractFileTooLarge'],
    [`rules: ${'['.repeat(30)}${']'.repeat(30)}`, 'ContractFileTooDeep'],
  ])('refuses %.20s by a code of its own', (text, code) => {
    expect(() => readContractFile(text, project)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a project file without columns', () => {
  const kept = readContractFile(contract('eventTime: begin_at\n'), project);

  it('is a project without a contract', () => {
    expect(project.data.columns).toEqual({});
    expect(project.excludeFeatures).toEqual([]);
  });

  it('keeps the contract that the project has, and leaves what no feature can be out of the features', () => {
    const read = readProjectFile(projectFile, 'rooms', kept);
    expect(read.data).toMatchObject({ eventTime: 'begin_at', columns: kept.columns });
    expect(read.excludeFeatures).toEqual(['end_at', 'code']);
  });

  it.each([
    ['primaryKey: id', 'primaryKey: code', 'data/primaryKey', /has the primary key 'id'/],
    ['primaryKey: id', 'primaryKey: id, eventTime: end_at', 'data/eventTime', /event time 'begin_at'/],
    [
      'primaryKey: id',
      'primaryKey: id, missingValues: [x]',
      'data/missingValues',
      /other missing values: none/,
    ],
    ['primaryKey: id', 'primaryKey: id, checks: { minRows: 3 }', 'data/checks', /other checks/],
    [
      'primaryKey: id',
      'primaryKey: id, rules: [{ check: row_count, min: 1 }]',
      'data/rules',
      /declare them beside/,
    ],
  ])('is refused where it says other than that contract: %s, %s', (before, after, path, message) => {
    const read = () => readProjectFile(projectFile.replace(before, after), 'rooms', kept);
    expect(read).toThrow(
      expect.objectContaining({
        code: 'InvalidProject',
        details: {
          violations: [
            { path, line: 3, column: expect.any(Number), message: expect.stringMatching(message) },
          ],
        },
      }),
    );
  });

  it('counts as a change of the contract where it has columns', () => {
    const text = projectFile.replace(
      '{ primaryKey: id }',
      '{ primaryKey: id, columns: { id: { type: string }, price: { type: number }, stars: { type: integer } } }',
    );
    expect(Object.keys(readProjectFile(text, 'rooms', kept).data.columns)).toEqual(['id', 'price', 'stars']);
  });

  it('is still held against whatever needs no columns', () => {
    const text = `${projectFile}gates: { thresholds: [{ metric: auc, min: 0.5 }] }\n`;
    expect(() => readProjectFile(text, 'rooms')).toThrow(/auc says nothing about regression/);
  });
});
