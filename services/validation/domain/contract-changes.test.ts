import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataContract } from '#services/projects/contract.ts';
import { consumersOf, contractChanges, type ReadingModel } from './contract-changes.ts';

const contract = (changed: object) =>
  dataContract.parse({
    primaryKey: 'id',
    columns: { id: { type: 'string' }, age: { type: 'integer' } },
    ...changed,
  });
const withAge = (age: object, rules: object[] = []) =>
  contract({ columns: { id: { type: 'string' }, age: { type: 'integer', ...age } }, rules });
const models: ReadingModel[] = [
  { modelVersion: 1, inputs: ['age'], serving: false },
  { modelVersion: 2, inputs: ['age', 'income'], serving: true },
  { modelVersion: 3, inputs: ['income'], serving: false },
];
const brief = (before: object, after: object, readers: readonly ReadingModel[] = models) =>
  consumersOf(contractChanges(contract(before), contract(after)), readers).map(
    ({ path, change, breaking }) => `${path} ${change}${breaking ? ' !' : ''}`,
  );
const briefAge = (before: object, after: object, readers?: readonly ReadingModel[]) =>
  brief(withAge(before), withAge(after), readers);

describe('the changes of a column', () => {
  it.each([
    ['nothing', {}, {}, []],
    ['a value may be missing', {}, { nullable: true }, ['columns.age.nullable widened !']],
    ['no value may be missing', { nullable: true }, {}, ['columns.age.nullable narrowed !']],
    ['a number for an integer', {}, { type: 'number' }, ['columns.age.type widened !']],
    ['an integer for a number', { type: 'number' }, {}, ['columns.age.type narrowed !']],
    ['a text for an integer', {}, { type: 'string' }, ['columns.age.type retyped !']],
    ['other dates', { format: '%d.%m.%Y' }, { format: '%m/%d/%Y' }, ['columns.age.format retyped !']],
    ['a bound', {}, { min: 0 }, ['columns.age.min narrowed !']],
    ['no bound', { min: 0 }, {}, ['columns.age.min widened !']],
    ['a greater least value', { min: 0 }, { min: 1 }, ['columns.age.min narrowed !']],
    ['a smaller least value', { min: 1 }, { min: 0 }, ['columns.age.min widened !']],
    ['a greater greatest value', { max: 1 }, { max: 2 }, ['columns.age.max widened !']],
    ['a later beginning', { min: '2025-01-01' }, { min: '2026-01-01' }, ['columns.age.min narrowed !']],
    ['a category more', { allowed: [1] }, { allowed: [1, 2] }, ['columns.age.allowed widened !']],
    ['a category less', { allowed: [1, 2] }, { allowed: [1] }, ['columns.age.allowed narrowed !']],
    ['another category', { allowed: [1, 2] }, { allowed: [1, 3] }, ['columns.age.allowed changed !']],
    ['another pattern', { pattern: 'a' }, { pattern: 'b' }, ['columns.age.pattern changed !']],
    ['a pattern', {}, { pattern: 'b' }, ['columns.age.pattern narrowed !']],
    ['longer texts', { maxLength: 3 }, { maxLength: 4 }, ['columns.age.maxLength widened !']],
    ['uniqueness', {}, { unique: true }, ['columns.age.unique narrowed !']],
    ['no uniqueness', { unique: true }, {}, ['columns.age.unique widened']],
    ['masked values', {}, { sensitive: true }, ['columns.age.sensitive changed']],
    ['a description', {}, { description: 'years' }, ['columns.age.description changed']],
  ])('are told: %s', (_what, before, after, changes) => {
    expect(briefAge(before, after)).toEqual(changes);
  });

  it('break nothing where they only widen and nobody reads the column', () => {
    expect(briefAge({ min: 1 }, { min: 0 }, [])).toEqual(['columns.age.min widened']);
    expect(briefAge({ min: 0 }, { min: 1 }, [])).toEqual(['columns.age.min narrowed !']);
  });
});

describe('the changes of a contract', () => {
  const columns = (names: readonly string[], rule: object = {}) => ({
    columns: Object.fromEntries(['id', 'age', ...names].map((name) => [name, { type: 'string', ...rule }])),
  });
  it.each([
    ['a new column', columns([]), columns(['x']), ['columns.x added !']],
    [
      'a new column that may be missing',
      columns([], { nullable: true }),
      columns(['x'], { nullable: true }),
      ['columns.x added'],
    ],
    ['a column less that nobody reads', columns(['x']), columns([]), ['columns.x removed']],
    ['a column less that a model reads', columns(['income']), columns([]), ['columns.income removed !']],
    ['another key', {}, { primaryKey: 'age' }, ['primaryKey changed !']],
    ['an event time', {}, { eventTime: 'at' }, ['eventTime changed !']],
    [
      'missing values',
      { missingValues: ['NA'] },
      { missingValues: ['-'] },
      ['missingValues added !', 'missingValues removed !'],
    ],
    ['more rows', {}, { checks: { minRows: 99 } }, ['checks.minRows narrowed !']],
    ['fewer rows', {}, { checks: { minRows: 9 } }, ['checks.minRows widened']],
    [
      'less quarantine',
      {},
      { checks: { maxQuarantinedShare: 0 } },
      ['checks.maxQuarantinedShare narrowed !'],
    ],
    ['no unknown columns', {}, { checks: { unknownColumns: 'fail' } }, ['checks.unknownColumns narrowed !']],
    ['another order', columns(['x', 'y']), columns(['y', 'x']), ['columns changed']],
  ])('are told: %s', (_what, before, after, changes) => {
    expect(brief(before, after)).toEqual(changes);
  });
});

describe('the changes of rules', () => {
  const range = { check: 'range', column: 'age', min: 0 };
  const rows = { check: 'row_count', min: 10 };
  it.each([
    ['a rule of rows', [], [range], ['rules.0 added !']],
    ['a rule of rows less', [range], [], ['rules.0 removed !']],
    ['a warning', [], [{ ...range, severity: 'warn' }], ['rules.0 added']],
    ['an error for a warning', [{ ...range, severity: 'warn' }], [range], ['rules.0.severity narrowed !']],
    ['a warning for an error', [range], [{ ...range, severity: 'warn' }], ['rules.0.severity widened !']],
    ['a narrower range', [range], [{ ...range, min: 1 }], ['rules.0.min narrowed !']],
    ['a wider range', [range], [{ ...range, min: -1 }], ['rules.0.min widened !']],
    ['a tolerance', [range], [{ ...range, mostly: 0.9 }], ['rules.0.mostly narrowed !']],
    ['more rows', [rows], [{ ...rows, min: 11 }], ['rules.0.min narrowed !']],
    ['fewer rows', [rows], [{ ...rows, min: 9 }], ['rules.0.min widened']],
    ['no count of rows', [rows], [], ['rules.0 removed']],
    ['a note', [range], [{ ...range, note: 'why' }], ['rules.0.note changed']],
    ['another place', [range, rows], [rows, range], []],
    [
      'a condition',
      [{ check: 'expression', sql: 'a > 1', name: 'sane' }],
      [{ check: 'expression', sql: 'a > 2', name: 'sane' }],
      ['rules.sane.sql changed !'],
    ],
    [
      'another check of the same name',
      [{ ...range, name: 'r' }],
      [{ ...rows, name: 'r' }],
      ['rules.r removed !', 'rules.r added !'],
    ],
    ['one of two of a kind', [range, { ...range, min: 5 }], [range], ['rules.1 removed !']],
  ])('are told: %s', (_what, before, after, changes) => {
    expect(brief({ rules: before }, { rules: after })).toEqual(changes);
  });
});

describe('the consumers of a change', () => {
  it('are the features and the model versions that read its column, what serves first', () => {
    const [change] = consumersOf(contractChanges(withAge({}), withAge({ min: 0 })), models);
    expect(change).toEqual({
      path: 'columns.age.min',
      change: 'narrowed',
      after: '0',
      breaking: true,
      consumers: [
        { kind: 'feature', id: 'age', serving: true },
        { kind: 'model_version', id: '2', serving: true },
        { kind: 'model_version', id: '1', serving: false },
      ],
    });
  });

  it('are all models where it concerns every row', () => {
    const [change] = consumersOf(contractChanges(contract({}), contract({ primaryKey: 'age' })), models);
    expect(change!.consumers.map(({ id }) => id)).toEqual(['2', '3', '1']);
  });
});

describe('the comparison of contracts', () => {
  const bound = fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined });
  const anyContract = fc
    .record({ min: bound, nullable: fc.boolean(), rule: bound, income: fc.boolean() })
    .map(({ min, nullable, rule, income }) =>
      contract({
        columns: {
          id: { type: 'string' },
          age: { type: 'integer', nullable, ...(min === undefined ? {} : { min }) },
          ...(income ? { income: { type: 'number' } } : {}),
        },
        rules: rule === undefined ? [] : [{ check: 'range', column: 'age', max: rule }],
      }),
    );

  it('finds nothing between equal contracts, and as much one way as the other', () => {
    const opposite = {
      added: 'removed',
      removed: 'added',
      widened: 'narrowed',
      narrowed: 'widened',
    } as Record<string, string>;
    fc.assert(
      fc.property(anyContract, anyContract, (a, b) => {
        expect(contractChanges(a, a)).toEqual([]);
        const there = contractChanges(a, b).map(
          ({ path, change }) => `${path} ${opposite[change] ?? change}`,
        );
        const back = contractChanges(b, a).map(({ path, change }) => `${path} ${change}`);
        expect(there.sort()).toEqual(back.sort());
      }),
    );
  });
});
