import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from './entities.ts';
import type { SearchRecord } from './entity.ts';
import { parseFilter } from './filter.ts';
import { likeMatcher } from './like.ts';
import { parseOrderBy } from './order.ts';
import { searchPage } from './page.ts';

/** A run, and a filter and an order over it, each with what they mean told a second time in plain words. */
const letters = fc.constantFrom('a', 'b', 'C', '%', '_', "'", '.', 'é', '😀', '\\');
const word = fc.string({ unit: letters, maxLength: 4 });
const numbers = fc.constantFrom(
  0,
  1,
  -1.5,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
);
const keys = fc.constantFrom('k', 'a b', 'val/loss');

const record = fc
  .record({
    metrics: fc.dictionary(keys, numbers),
    tags: fc.dictionary(keys, word),
    start: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  })
  .map(({ metrics, tags, start }) => ({ metrics, tags, attributes: { start_time: start } }));
const records = fc
  .array(record, { maxLength: 12 })
  .map((all): SearchRecord[] => all.map((each, index) => ({ ...each, id: `r${index}` })));

interface Said {
  readonly text: string;
  readonly holds: (record: SearchRecord) => boolean;
}

const plain = (values: unknown, key: string) => (values as Record<string, never> | undefined)?.[key];

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const metricClause = fc
  .tuple(keys, fc.constantFrom(...Object.keys(comparisons)), fc.constantFrom(0, 1, -1.5, 1e300))
  .map(([key, operator, wanted]): Said => {
    return {
      text: `metrics.\`${key}\` ${operator} ${wanted}`,
      holds: ({ metrics }) =>
        plain(metrics, key) !== undefined && comparisons[operator]!(plain(metrics, key)!, wanted),
    };
  });

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const tagClause = fc.tuple(keys, fc.constantFrom('=', '!='), word).map(
  ([key, operator, wanted]): Said => ({
    text: `tags."${key}" ${operator} ${quoted(wanted)}`,
    holds: ({ tags }) => {
      const value = plain(tags, key);
      return value !== undefined && (value === wanted) === (operator === '=');
    },
  }),
);
const presenceClause = fc.tuple(keys, fc.boolean()).map(
  ([key, isNull]): Said => ({
    text: `tag.\`${key}\` IS ${isNull ? '' : 'NOT '}NULL`,
    holds: ({ tags }) => (plain(tags, key) === undefined) === isNull,
  }),
);
const filter = fc.array(fc.oneof(metricClause, tagClause, presenceClause), { maxLength: 3 }).map(
  (clauses): Said => ({
    text: clauses.map(({ text }) => text).join(' AND '),
    holds: (each) => clauses.every(({ holds }) => holds(each)),
  }),
);

/** Backslash before a quote means the quote, so it is left out of what is compared as a text. */
const withoutEscapes = (text: string) => !text.includes("\\'") && !text.endsWith('\\');

describe('a filter', () => {
  it('leaves exactly what its clauses say', () => {
    fc.assert(
      fc.property(records, filter, (all, said) => {
        fc.pre(withoutEscapes(said.text.replaceAll("''", '')) && !/\\'/.test(said.text));
        const { test } = parseFilter(runs, said.text);
        expect(all.filter(test)).toEqual(all.filter(said.holds));
      }),
    );
  });

  it('answers any text with a filter or with a refusal', () => {
    const piece = fc.constantFrom(
      'metrics.a',
      '>',
      '1',
      'AND',
      "'x'",
      '"',
      '`',
      '(',
      ')',
      'IN',
      'NOT',
      'IS',
      'NULL',
      ',',
      ';',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((all) => all.join(' ')),
        ),
        (text) => {
          try {
            expect(parseFilter(runs, text).test({ id: 'r', attributes: {} })).toBeTypeOf('boolean');
          } catch (error) {
            expect(error).toMatchObject({ kind: 'invalid_input' });
          }
        },
      ),
    );
  });
});

describe('LIKE', () => {
  it('fits what the regular expression fits that it means', () => {
    const meant = (pattern: string) =>
      new RegExp(
        `^${[...pattern].map((sign) => (sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[.\\]/, '\\$&'))).join('')}$`,
        'su',
      );
    fc.assert(
      fc.property(
        fc.string({ unit: letters, maxLength: 8 }),
        fc.string({ unit: letters, maxLength: 8 }),
        (pattern, value) => {
          expect(likeMatcher(pattern, true)(value)).toBe(meant(pattern).test(value));
        },
      ),
    );
  });

  it('takes no more than a moment for a pattern made to take for ever', () => {
    const started = performance.now();
    expect(likeMatcher(`${'%a'.repeat(40)}%b`, true)('a'.repeat(6000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('pages', () => {
  const order = fc
    .uniqueArray(fc.constantFrom('metrics.k', 'tags.k', 'start_time', 'metrics.`a b`'), { maxLength: 3 })
    .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(`${name} ASC`, `${name} DESC`))));

  const walk = (
    all: readonly SearchRecord[],
    said: Said,
    orderBy: readonly string[],
    size: number,
    change: () => readonly SearchRecord[],
  ) => {
    const seen: string[] = [];
    let items = all;
    let pageToken: string | undefined;
    do {
      const page = searchPage({
        items,
        toRecord: (item) => item,
        filter: parseFilter(runs, said.text),
        order: parseOrderBy(runs, orderBy),
        maxResults: size,
        pageToken,
      });
      expect(page.items.length).toBeLessThanOrEqual(size);
      seen.push(...page.items.map(({ id }) => id));
      pageToken = page.nextPageToken;
      items = change();
    } while (pageToken !== undefined);
    return seen;
  };

  it('together are the whole list in its order', () => {
    fc.assert(
      fc.property(records, order, fc.integer({ min: 1, max: 5 }), (all, orderBy, size) => {
        const everything: Said = { text: '', holds: () => true };
        const inOne = walk(all, everything, orderBy, 100, () => all);
        expect(walk(all, everything, orderBy, size, () => all)).toEqual(inOne);
        expect(inOne.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      }),
    );
  });

  it('hold what was there all along exactly once, whatever else comes and goes', () => {
    fc.assert(
      fc.property(
        records,
        records,
        order,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat(2)),
        (stay, come, orderBy, size, picks) => {
          const changing = come.map((each) => ({ ...each, id: `x${each.id}` }));
          const change = () => [...stay, ...changing.filter(() => picks.next().value === 0)];
          const seen = walk(change(), { text: '', holds: () => true }, orderBy, size, change);
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.filter((id) => id.startsWith('r')).toSorted()).toEqual(
            stay.map(({ id }) => id).toSorted(),
          );
        },
      ),
    );
  });
});
