import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { profileText, sparkline } from './profile-view.ts';

type Profile = Parameters<typeof profileText>[0];

const profile = (columns: Profile['columns'], against?: Profile['against']): Profile => ({
  schemaVersion: 1,
  project: 'shop',
  datasetVersion: 2,
  rows: 1000,
  columns,
  ...(against ? { against } : {}),
});
const age: Profile['columns'][number] = {
  name: 'age',
  type: 'integer',
  inferredType: 'integer',
  values: 990,
  missing: 10,
  distinct: 80,
  min: '18',
  max: '98',
  mean: 41.5,
  quantiles: [18, 19, 22, 30, 40, 55, 80, 95, 98],
  histogram: {
    edges: Array.from({ length: 21 }, (_none, i) => 18 + i * 4),
    counts: [0, 1, ...Array(16).fill(50), 100, 0],
  },
};
const country: Profile['columns'][number] = {
  name: 'country',
  type: 'string',
  inferredType: 'string',
  values: 1000,
  missing: 0,
  distinct: 2,
  topValues: [
    { value: 'DE', count: 750 },
    { value: 'FR', count: 250 },
  ],
};
const lines = (...args: Parameters<typeof profileText>) =>
  stripVTControlCharacters(profileText(...args)).split('\n');

describe('a sparkline', () => {
  it.each([
    [[1, 2, 4, 8], '▂▃▅█'],
    [[0, 1, 1000], ' ▁█'],
    [[5, 5], '██'],
    [[0, 0], '  '],
    [[], ''],
  ])('of %j is "%s"', (counts, drawn) => {
    expect(sparkline(counts)).toBe(drawn);
  });
});

describe('a profile on a terminal', () => {
  it('has a line per column: type, missing share, distinct values, drawing and values', () => {
    expect(lines(profile([age, country]), 120)).toEqual([
      'shop version 2: 1,000 rows, 2 columns',
      '  column   type       missing   distinct  distribution          values',
      '  age      integer        1 %         80   ▁▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅█   18 – 98, median 40, mean 41.5',
      '  country  string         0 %          2  █▃                    DE 75 %, FR 25 %',
    ]);
  });

  it('draws nothing for texts of which none comes twice, and says from where to where they go', () => {
    const unique = {
      ...country,
      distinct: 1000,
      min: 'AT',
      max: 'ZW',
      topValues: [
        { value: 'AT', count: 1 },
        { value: 'BE', count: 1 },
      ],
    };
    expect(lines(profile([unique]), 100)[2]).toMatch(/1000 +AT – ZW$/);
  });

  it('fits the width, and says what it leaves out', () => {
    const long = {
      ...country,
      name: 'a column with a name that is longer than most of them are',
      topValues: Array.from({ length: 20 }, (_none, i) => ({ value: `category ${i}`, count: 50 })),
    };
    for (const width of [60, 80, 100, 200])
      for (const line of lines(profile([age, long]), width).slice(1))
        expect([...line].length).toBeLessThanOrEqual(width);
    expect(lines(profile([long]), 80)[2]).toMatch(/^ {2}a column with… {2}string.*…$/);
    expect(lines(profile([age]), 60)[2]).toContain(' ▁█████████ ');
  });

  it('marks what moved since another version', () => {
    const text = lines(
      profile([age, country, { ...age, name: 'new' }], {
        datasetVersion: 1,
        changes: [
          { name: 'age', change: 'moved', psi: 0.4123, missingShareBefore: 0.01, missingShare: 0.2 },
          { name: 'country', change: 'same', psi: 0 },
          { name: 'new', change: 'added' },
          { name: 'old', change: 'removed' },
        ],
      }),
      160,
    );
    expect(text[0]).toContain('compared with version 1');
    expect(text[2]).toMatch(/^▲ age .*PSI 0\.412, missing 1 % → 20 %/);
    expect(text[3]).toMatch(/^ {2}country /);
    expect(text[4]).toMatch(/^\+ new .*added/);
    expect(text[5]).toBe('− old      removed');
    expect(text.at(-1)).toMatch(/^3 of 4 columns moved/);
  });

  it('shows nothing of sensitive values, and control characters as dots', () => {
    const masked = lines(profile([{ ...country, topValues: undefined, sensitive: true }]), 100)[2];
    expect(masked).toMatch(/•••\s+masked$/);
    const evil = { ...country, name: 'a\u001b[31m', topValues: [{ value: '\u001b]0;x\u0007', count: 1000 }] };
    expect(profileText(profile([evil]), 100).split('\n')[2]).toMatch(/a·\[31m.*·\]0;x· 100 %/);
  });

  it('is right for a column without values and for no rows', () => {
    const empty = { ...country, values: 0, distinct: 0, topValues: undefined };
    expect(lines(profile([{ ...empty, missing: 1000 }]), 100)[2]).toMatch(/country +string +100 % +0$/);
    expect(lines(profile([{ ...empty, missing: 0 }]), 100)[2]).toMatch(/country +string +0$/);
  });
});
