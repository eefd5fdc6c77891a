import { describe, expect, it } from 'vitest';
import { modelVersions } from './entities.ts';
import { wantedValues } from './narrowing.ts';

describe('the values that a filter leaves to an attribute', () => {
  it.each([
    ["name = 'wine'", ['wine']],
    ["run_id = 'r' AND attributes.name = 'wine'", ['wine']],
    ["name IN ('a', 'b', 'a')", ['a', 'b']],
    ["name != 'wine'", undefined],
    ["name LIKE 'wine%'", undefined],
    ["tags.name = 'wine'", undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %s are %j', (filter, expected) => {
    expect(wantedValues(modelVersions, filter, 'name')).toEqual(expected);
  });
});
