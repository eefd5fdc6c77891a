import { describe, expect, it } from 'vitest';
import { loggedModels, modelVersions, registeredModels, runs, traces } from './entities.ts';
import type { SearchableEntity, SearchRecord } from './entity.ts';
import { matches, parseFilter } from './filter.ts';
import { compare, parseOrderBy, parseOrderFields } from './order.ts';
import { searchPage } from './page.ts';

const run = (id: string, rest: Partial<SearchRecord> = {}): SearchRecord => ({
  id,
  attributes: { run_id: id, start_time: 100, ...rest.attributes },
  ...rest,
});

const fits = (entity: SearchableEntity, filter: string, record: SearchRecord) =>
  matches(parseFilter(entity, filter), record);

describe('a filter', () => {
  it('knows what it looks at, so that a caller need not read more', () => {
    expect([...parseFilter(traces, "span.name = 'a' AND status = 'OK'").uses]).toEqual(['span', 'attribute']);
  });

  it('of nothing fits every run', () => {
    expect(fits(runs, '  ', run('r1'))).toBe(true);
    expect(matches(parseFilter(runs, undefined), run('r1'))).toBe(true);
  });

  it('takes keys with every sign that MLflow allows in keys', () => {
    const record = run('r1', {
      metrics: { 'val/loss-1:a': 1, 'a b': 2 },
      tags: new Map([['mlflow.user', "o'neil"]]),
    });
    expect(fits(runs, 'metrics.val/loss-1:a<=1.0', record)).toBe(true);
    expect(fits(runs, 'metrics."a b" = 2 and metric.`a b` > 1e-3', record)).toBe(true);
    expect(fits(runs, "tags.mlflow.user = 'o''neil'", record)).toBe(true);
    expect(fits(runs, 'tags.mlflow.user = "o\'neil"', record)).toBe(true);
  });

  it('asks all that it asks of spans of one span', () => {
    const span = (name: string, model: string) => ({
      name,
      attributes: { model, tokens: 7 },
      content: `{"${model}"}`,
    });
    const trace = run('t1', { spans: [span('a', 'gpt'), span('b', 'claude')] });
    expect(fits(traces, "span.name = 'a' AND span.attributes.model LIKE 'gp%'", trace)).toBe(true);
    expect(fits(traces, "span.name = 'b' AND span.attributes.model LIKE 'gp%'", trace)).toBe(false);
    expect(fits(traces, "span.attributes.tokens = '7' AND trace.text ILIKE '%GPT%'", trace)).toBe(true);
  });

  it('compares assessments by number, by text and by presence', () => {
    const trace = run('t1', {
      assessments: [
        { kind: 'feedback', name: 'score', value: 0.8 },
        { kind: 'feedback', name: 'ok', value: true },
        { kind: 'expectation', name: 'answer', value: 'yes' },
        { kind: 'issue', name: 'iss-1', value: null },
      ],
    });
    expect(fits(traces, 'feedback.score >= 0.8', trace)).toBe(true);
    expect(fits(traces, "feedback.ok = 'true' AND expectation.answer = 'yes'", trace)).toBe(true);
    expect(fits(traces, "feedback.score = '0.8' AND feedback.other IS NULL", trace)).toBe(true);
    expect(fits(traces, "issue.id = 'iss-1' AND expectation.answer RLIKE '^y(e|a)'", trace)).toBe(true);
    expect(fits(traces, 'feedback.answer IS NOT NULL', trace)).toBe(false);
  });

  it('finds a trace by its own run and by runs that it was linked to', () => {
    const trace = run('t1', {
      metadata: { 'mlflow.sourceRun': 'r1' },
      linkedRuns: ['r2'],
      prompts: ['qa/1'],
    });
    expect(fits(traces, "run_id = 'r1' AND run_id = 'r2' AND prompt = 'qa/1'", trace)).toBe(true);
    expect(fits(traces, "run_id = 'r3'", trace)).toBe(false);
  });

  it('takes regular expressions of RE2 for traces, and refuses others', () => {
    expect(fits(traces, "tags.a RLIKE '^x.*y$'", run('t', { tags: { a: 'x1y' } }))).toBe(true);
    expect(() => parseFilter(traces, "tags.a RLIKE '(?=x)'")).toThrow('Invalid regular expression');
    expect(() => parseFilter(runs, "tags.a RLIKE 'x'")).toThrow("Invalid comparator 'RLIKE'");
  });

  it('has 200 comparisons at most, and lists of any length', () => {
    const many = (count: number) => Array(count).fill('metrics.a > 1').join(' AND ');
    expect(() => parseFilter(runs, many(200))).not.toThrow();
    expect(() => parseFilter(runs, many(201))).toThrow('at most 200 comparisons');
    const ids = Array.from({ length: 5000 }, (_, n) => `'r${n}'`);
    expect(fits(runs, `run_id IN (${ids.join(',')})`, run('r4999'))).toBe(true);
  });

  it('leaves prompts out of registered models unless they are asked for', () => {
    const prompt = run('p', { attributes: { name: 'p' }, tags: { 'mlflow.prompt.is_prompt': 'true' } });
    const model = run('m', { attributes: { name: 'm' } });
    const tag = 'tags.`mlflow.prompt.is_prompt`';
    for (const entity of [registeredModels, modelVersions]) {
      for (const filter of ['', `${tag} = 'false'`, `${tag} != 'true'`]) {
        expect([fits(entity, filter, prompt), fits(entity, filter, model)]).toEqual([false, true]);
      }
      expect([fits(entity, `${tag} = 'true'`, prompt), fits(entity, `${tag} = 'true'`, model)]).toEqual([
        true,
        false,
      ]);
    }
  });

  it('takes one value of a metric that has a value for each dataset', () => {
    const model = run('m', {
      datasetMetrics: [
        { key: 'acc', value: 0.5, datasetName: 'a' },
        { key: 'acc', value: 0.9, datasetName: 'b' },
      ],
    });
    expect(fits(loggedModels, 'metrics.acc > 0.8', model)).toBe(true);
    expect(fits(loggedModels, 'metrics.acc > 0.95', model)).toBe(false);
  });
});

describe('an order', () => {
  it('puts values first, then NaN, then what is missing, in both directions', () => {
    const records = [
      run('missing'),
      run('nan', { metrics: { m: Number.NaN } }),
      run('one', { metrics: { m: 1 } }),
      run('inf', { metrics: { m: Number.POSITIVE_INFINITY } }),
    ];
    const sorted = (clause: string) => {
      const order = parseOrderBy(runs, [clause]);
      return records.toSorted((a, b) => compare(order, a, b)).map(({ id }) => id);
    };
    expect(sorted('metrics.m ASC')).toEqual(['one', 'inf', 'nan', 'missing']);
    expect(sorted('metrics.m desc')).toEqual(['inf', 'one', 'nan', 'missing']);
  });

  it('refuses a key that comes twice, whatever it is called', () => {
    expect(() => parseOrderBy(runs, ['created', 'attributes.start_time DESC'])).toThrow(/duplicate fields/);
  });

  it('sorts logged models by the metric of one dataset', () => {
    const model = (id: string, a: number, b: number) =>
      run(id, {
        datasetMetrics: [
          { key: 'acc', value: a, datasetName: 'a' },
          { key: 'acc', value: b, datasetName: 'b' },
        ],
      });
    const order = parseOrderFields(loggedModels, [
      { fieldName: 'metrics.acc', ascending: true, datasetName: 'b' },
    ]);
    const sorted = [model('m1', 0.1, 0.9), model('m2', 0.5, 0.2)].toSorted((x, y) => compare(order, x, y));
    expect(sorted.map(({ id }) => id)).toEqual(['m2', 'm1']);
  });
});

describe('a page of a search', () => {
  const page = (items: readonly SearchRecord[], pageToken?: string, filter = 'metrics.m >= 0') =>
    searchPage({
      items,
      toRecord: (item) => item,
      filter: parseFilter(runs, filter),
      order: parseOrderBy(runs, ['metrics.m']),
      maxResults: 2,
      pageToken,
      scope: ['7'],
    });
  const items = ['a', 'b', 'c', 'd'].map((id, index) => run(id, { metrics: { m: index % 2 } }));

  it('goes on behind the last item although others came and went', () => {
    const first = page(items);
    expect(first.items.map(({ id }) => id)).toEqual(['a', 'c']);
    const changed = [
      run('0', { metrics: { m: 0 } }),
      ...items.filter(({ id }) => id !== 'c'),
      run('z', { metrics: { m: 1 } }),
    ];
    const second = page(changed, first.nextPageToken);
    expect(second.items.map(({ id }) => id)).toEqual(['b', 'd']);
    expect(page(changed, second.nextPageToken)).toEqual({ items: [expect.objectContaining({ id: 'z' })] });
  });

  it('ends where its bytes end, with one item at least', () => {
    const sizes = (most: number) =>
      searchPage({
        items,
        toRecord: (item) => item,
        filter: parseFilter(runs, ''),
        order: parseOrderBy(runs, []),
        maxResults: 3,
        pageToken: undefined,
        bytes: { of: () => 10, most },
      });
    expect(sizes(25)).toMatchObject({ items: [{}, {}], nextPageToken: expect.any(String) });
    expect(sizes(5).items).toHaveLength(1);
    expect(sizes(1000).items).toHaveLength(3);
  });

  it('refuses a token of another search', () => {
    const { nextPageToken } = page(items);
    expect(() => page(items, nextPageToken, 'metrics.m < 5')).toThrow(/another filter/);
    expect(() => page(items, 'bm9uc2Vuc2U')).toThrow(/page token/);
  });
});
