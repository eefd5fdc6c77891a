import { describe, expect, it } from 'vitest';
import { fieldTextsOf, instanceOf } from './pasted-row.ts';

const inputs = [
  { name: 'age', type: 'integer' },
  { name: 'weight', type: 'number' },
  { name: 'smoker', type: 'boolean' },
  { name: 'town', type: 'string' },
];

describe('a pasted row', () => {
  it.each([
    ['values in the order of the inputs', '41, 70.5, true, Ulm'],
    ['a header and a row', 'id,town,weight,age,smoker\r\np7,Ulm,70.5,41,true\n'],
    ['cells of a spreadsheet', 'town\tweight\tage\tsmoker\nUlm\t70.5\t41\ttrue'],
    ['a JSON object', '{"id":"p7","age":41,"weight":70.5,"smoker":true,"town":"Ulm"}'],
  ])('fills the fields from %s', (_what, pasted) => {
    expect(fieldTextsOf(pasted, inputs)).toEqual({ age: '41', weight: '70.5', smoker: 'true', town: 'Ulm' });
  });

  it('leaves fields empty that it does not name, or that are null', () => {
    expect(fieldTextsOf('{"age":41,"weight":null}', inputs)).toEqual({ age: '41' });
  });

  it.each([
    ['1,2', 'The row has 2 values, the model takes 4.'],
    ['{"age"', 'This is not JSON'],
    ['{"height":180}', 'None of these is an input of the model. It takes age, weight, smoker, town.'],
  ])('is refused in words: %s', (pasted, message) => {
    expect(() => fieldTextsOf(pasted, inputs)).toThrow(message);
  });
});

describe('an instance', () => {
  it('has every input, with null where nothing was written', () => {
    expect(instanceOf({ age: ' 41 ', smoker: 'false', town: '7' }, inputs)).toEqual({
      age: 41,
      weight: null,
      smoker: false,
      town: '7',
    });
  });

  it('leaves out what is read by key where nothing was written', () => {
    const readable = new Set(['weight', 'smoker']);
    expect(instanceOf({ age: '41', smoker: 'true' }, inputs, readable)).toEqual({
      age: 41,
      smoker: true,
      town: null,
    });
  });

  it.each([
    [{ age: '4.5' }, "age is '4.5'; a whole number is expected."],
    [{ weight: 'heavy' }, "weight is 'heavy'; a number is expected."],
    [{ smoker: 'yes' }, "smoker is 'yes'; true or false is expected."],
  ])('names the field that is wrong: %o', (texts, message) => {
    expect(() => instanceOf(texts, inputs)).toThrow(message);
  });
});
