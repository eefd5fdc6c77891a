import { describe, expect, it } from 'vitest';
import type { AppError } from '#shared/kernel/errors.ts';
import { openProjectFile } from './read-project-file.ts';

const file = `name: tumour
owners: [ada]
data:
  primaryKey: id
  columns:
    id: { type: string }
    size: { type: number, min: 0 }
    note: { type: string, nullable: true }
    malignant: { type: integer, allowed: [0, 1] }
target:
  column: malignant
  task: binary_classification
excludeFeatures: [note]
`;

const readProjectFile = (text: string, name: string) =>
  openProjectFile(text, name).read(undefined, new Map());

function refusal(text: string, name = 'tumour'): AppError {
  try {
    readProjectFile(text, name);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('The file was accepted.');
}

describe('reading a project file', () => {
  it('fills what a short file leaves out with defaults', () => {
    const definition = readProjectFile(file, 'tumour');
    expect(definition.split).toEqual({ seed: 17, train: 0.7, validation: 0.15, test: 0.15 });
    expect(definition.deployment.mode).toBe('serverless');
    expect(Object.keys(definition.data.columns)).toEqual(['id', 'size', 'note', 'malignant']);
  });

  it('takes a project without target, which holds data of any type and trains nothing', () => {
    const definition = readProjectFile(file.replace(/target:[\s\S]*/, ''), 'tumour');
    expect(definition).not.toHaveProperty('target');
    expect(definition).toMatchObject({ excludeFeatures: [], gates: { thresholds: [] } });
  });

  it('reads JSON, indented by tabs too, to the same definition', () => {
    const definition = readProjectFile(file, 'tumour');
    for (const indent of [undefined, 2, '\t'])
      expect(readProjectFile(JSON.stringify(definition, null, indent), 'tumour')).toEqual(definition);
  });

  it.each([
    [
      'an unknown member, with the nearest allowed name',
      file.replace('primaryKey', 'primaryKeys'),
      4,
      "did you mean 'primaryKey'?",
    ],
    [
      'an unknown member far from any, with all names',
      file.replace('owners: [ada]', 'owners: [ada]\nzzzzzz: 1'),
      3,
      'known are: name, description',
    ],
    ['a value of another type, with what was sent', file.replace('min: 0', 'min: low'), 7, '"low" is text'],
    [
      'a choice that is none, with the choices',
      file.replace('task: binary_classification', 'task: ranking'),
      12,
      'multiclass_classification',
    ],
    ['a missing part, at the place that lacks it', file.replace('owners: [ada]\n', ''), 1, 'owners'],
    [
      'parts that speak of a model where there is no target',
      file.replace(/target:[\s\S]*excludeFeatures/, 'excludeFeatures'),
      10,
      'the project has no target; declare target, or leave excludeFeatures out',
    ],
    ['a YAML error', file.replace('owners: [ada]', 'owners: [ada'), 3, 'Flow sequence'],
    ['a member that stands twice', `${file}name: tumour\n`, 14, 'unique'],
    [
      'a target that is no column',
      file.replace('column: malignant', 'column: malignent'),
      11,
      "did you mean 'malignant'?",
    ],
    [
      'a primary key that is no column',
      file.replace('primaryKey: id', 'primaryKey: key'),
      4,
      'Columns are: id, size, note, malignant',
    ],
    [
      'a nullable primary key',
      file.replace('id: { type: string }', 'id: { type: string, nullable: true }'),
      6,
      'must not be nullable',
    ],
    [
      'an event time that is no timestamp',
      file.replace('primaryKey: id', 'primaryKey: id\n  eventTime: size'),
      5,
      'type timestamp',
    ],
    [
      'an excluded feature that is no column',
      file.replace('[note]', '[note, nite]'),
      13,
      "did you mean 'note'?",
    ],
    ['a text feature', file.replace('excludeFeatures: [note]', ''), 8, "Add 'note' to excludeFeatures"],
    ['no feature left', file.replace('[note]', '[note, size]'), 13, 'no column is left'],
    [
      'a regression on text',
      file.replace('binary_classification', 'regression').replace('column: malignant', 'column: note'),
      12,
      'number or integer',
    ],
    ['three classes for a binary task', file.replace('[0, 1]', '[0, 1, 2]'), 9, 'exactly 2 classes'],
    [
      'a positive class that is not allowed',
      file.replace('task: binary', 'positiveClass: 2\n  task: binary'),
      12,
      '0, 1',
    ],
    [
      'a positive class of another type',
      file.replace('task: binary', 'positiveClass: "1"\n  task: binary'),
      12,
      'integer value',
    ],
    [
      'a gate metric of another task',
      `${file}gates:\n  thresholds:\n    - { metric: rmse, max: 3 }\n`,
      16,
      'auc, accuracy',
    ],
    [
      'a performance metric without a bound',
      `${file}monitoring:\n  performance: { metric: auc }\n`,
      15,
      'min or max',
    ],
    [
      'more hyperparameters than a job takes',
      `${file}training:\n  hyperparameters: { ${Array.from({ length: 96 }, (_none, i) => `p${i}: 1`).join(', ')} }\n`,
      15,
      'at most 95',
    ],
    ['a quorum nobody can reach', `${file}approval: { approvers: [ada], quorum: 2 }\n`, 14, 'only 1 may'],
    [
      'columns that differ by case',
      file.replace('note: {', 'SIZE: { type: number }\n    note: {'),
      8,
      'differ only by case',
    ],
    [
      'a column of the platform’s',
      file.replace('note: {', '_x: { type: number }\n    note: {'),
      8,
      'begins with _',
    ],
    [
      'bounds on text',
      file.replace('note: { type: string', 'note: { type: string, min: 3'),
      8,
      'number, integer or timestamp',
    ],
    [
      'allowed values of another type',
      file.replace('[0, 1]', '[0, yes]'),
      9,
      '"yes" is no value of type integer',
    ],
    ['a list for a project', '- a\n', 1, 'expected object'],
  ])('refuses %s', (_what, text, line, message) => {
    const error = refusal(text);
    expect(error.code).toBe('InvalidProject');
    expect(error.details.violations?.map((violation) => violation.line)).toContain(line);
    expect(error.message).toContain(message);
  });

  it('refuses a file applied to another name', () => {
    expect(refusal(file, 'other').message).toContain(
      "line 1, column 1: name: the file names the project 'tumour'",
    );
  });

  it('refuses an empty file', () => {
    expect(refusal('# nothing\n').code).toBe('ProjectFileEmpty');
  });

  it('refuses a file of more than 64 KB before reading it', () => {
    expect(refusal(`${file}#${'x'.repeat(70_000)}`).code).toBe('ProjectFileTooLarge');
  });

  it('refuses aliases that expand beyond bounds', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const error = refusal(`l0: &l0 [x]\n${levels.join('\n')}\n`);
    expect(error.message).toContain('aliases');
  });

  it.each([
    ['brackets', '['.repeat(30_000)],
    ['closed brackets', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['braces', '{a: '.repeat(16_000)],
    ['dashes', '- '.repeat(32_000)],
    ['keys of keys', '? '.repeat(32_000)],
    ['just more than a file needs', `a: ${'['.repeat(21)}${']'.repeat(21)}`],
  ])('refuses parts nested too deep: %s', (_what, text) => {
    expect(refusal(text).code).toBe('ProjectFileTooDeep');
  });

  it('says of a value no more than helps to find it', () => {
    const error = refusal(file.replace('ada', 'a'.repeat(20_000)));
    expect(error.message).toContain(`"${'a'.repeat(99)}…`);
    expect(error.message.length).toBeLessThan(400);
  });

  it('names the first 50 of hundreds of mistakes', () => {
    const columns = Array.from({ length: 500 }, (_none, i) => `    c${i}: { typ: x }`).join('\n');
    const error = refusal(file.replace('    id: {', `${columns}\n    id: {`));
    expect(error.details.violations).toHaveLength(50);
  });

  it('points through an alias to the place that it stands for', () => {
    const text = file.replace(
      'size: { type: number, min: 0 }',
      'size: &size { type: nummer }\n    width: *size',
    );
    expect(refusal(text).details.violations?.map(({ line }) => line)).toEqual([7, 7]);
  });
});
