import { describe, expect, it } from 'vitest';
import { createClient } from './client.ts';
import { quoted, readCurves, searchExperiments, searchRuns } from './mlflow.ts';
import { listArtifacts, openArtifact, rootAt } from './mlflow-artifacts.ts';
import { runOf } from './mlflow-entities.ts';
import { doubleIn, wholeIn } from './mlflow-fields.ts';

const { signal } = new AbortController();

function answering(body: unknown, status = 200) {
  const requests: { address: string; init: RequestInit }[] = [];
  const client = createClient({
    credentials: { token: 'secret' },
    onRefused: () => {},
    fetch: async (address, init) => {
      requests.push({ address, init });
      return new Response(JSON.stringify(body), { status });
    },
  });
  return { client, requests };
}

describe('a call of MLflow’s API', () => {
  it('carries a search as JSON, and says whether there is more', async () => {
    const { client, requests } = answering({ runs: [{ info: { run_id: 'a' } }], next_page_token: 't' });
    const search = {
      experimentIds: ['7'],
      filter: 'metrics.a > 1',
      orderBy: ['metrics.`a` DESC'],
      maxResults: 100,
    };
    const { items, nextPageToken } = await searchRuns(client, search, signal);
    expect(items.map(({ runId }) => runId)).toEqual(['a']);
    expect(nextPageToken).toBe('t');
    expect(requests[0]).toMatchObject({
      address: '/ajax-api/2.0/mlflow/runs/search',
      init: { method: 'POST' },
    });
    expect(JSON.parse(String(requests[0]!.init.body))).toEqual({
      experiment_ids: ['7'],
      filter: 'metrics.a > 1',
      order_by: ['metrics.`a` DESC'],
      run_view_type: 'ACTIVE_ONLY',
      max_results: 100,
    });
  });

  it('carries lists in a query string one by one, with the token', async () => {
    const metric = (run_id: string, step: number) => ({
      run_id,
      key: 'loss',
      value: step,
      step,
      timestamp: 1,
    });
    const { client, requests } = answering({ metrics: [metric('b', 2), metric('a', 1), metric('b', 0)] });
    const curves = await readCurves(client, { runIds: ['a', 'b', 'c'], metric: 'val/loss' }, signal);
    expect(requests[0]!.address).toContain('run_ids=a&run_ids=b&run_ids=c&metric_key=val%2Floss');
    expect(requests[0]!.init.headers).toMatchObject({ authorization: 'Bearer secret' });
    expect([...curves].map(([id, points]) => [id, points.map(({ step }) => step)])).toEqual([
      ['a', [1]],
      ['b', [0, 2]],
      ['c', []],
    ]);
  });

  it('fails with MLflow’s code and words', async () => {
    const { client } = answering(
      { error_code: 'INVALID_PARAMETER_VALUE', message: "Invalid comparator '!'" },
      400,
    );
    await expect(searchExperiments(client, { part: 'x' }, signal)).rejects.toMatchObject({
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
      message: "Invalid comparator '!'",
    });
  });

  it('finds names that hold a quote', async () => {
    const { client, requests } = answering({});
    expect(await searchExperiments(client, { part: "o'brien" }, signal)).toEqual({ items: [] });
    expect(JSON.parse(String(requests[0]!.init.body))).toMatchObject({ filter: "name ILIKE '%o_brien%'" });
    expect([quoted('a'), quoted("a'b")]).toEqual(["'a'", `"a'b"`]);
  });

  it('does not follow an artifact that is too big for the API to elsewhere', async () => {
    const client = createClient({
      credentials: {},
      onRefused: () => {},
      fetch: async (_address, { redirect }) => {
        expect(redirect).toBe('manual');
        return Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
      },
    });
    expect(await openArtifact(client, { root: { runId: 'r' }, path: 'big.bin' }, signal)).toBeUndefined();
  });

  it('lists what a logged model has, named from the root as a run’s artifacts are', async () => {
    const { client, requests } = answering({ files: [{ path: 'b c.txt', is_dir: false, file_size: 3 }] });
    const root = rootAt('mlflow-artifacts:/1/models/m-1/artifacts')!;
    const { items } = await listArtifacts(client, { root, path: 'data' }, signal);
    expect(items).toEqual([{ path: 'data/b c.txt', isFolder: false, bytes: 3 }]);
    await openArtifact(client, { root, path: items[0]!.path }, signal);
    expect(requests.map(({ address }) => address)).toEqual([
      '/ajax-api/2.0/mlflow-artifacts/artifacts?path=1%2Fmodels%2Fm-1%2Fartifacts%2Fdata',
      '/ajax-api/2.0/mlflow-artifacts/artifacts/1/models/m-1/artifacts/data/b%20c.txt',
    ]);
    expect(rootAt('s3://bucket/a')).toBeUndefined();
  });
});

describe('fields of MLflow’s messages', () => {
  it('are whole numbers as numbers and as texts', () => {
    expect([
      wholeIn({ a: 3 }, 'a'),
      wholeIn({ a: '3' }, 'a'),
      wholeIn({ a: '' }, 'a'),
      wholeIn({}, 'a'),
    ]).toEqual([3, 3, undefined, undefined]);
  });

  it('are measured values with all that a double can be', () => {
    const values = [0.5, 'NaN', 'Infinity', '-Infinity', Number.MAX_VALUE, -Number.MAX_VALUE];
    expect(values.map((a) => doubleIn({ a }, 'a'))).toEqual([
      0.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('may all be left out of a run', () => {
    expect(runOf({})).toMatchObject({ runId: '', startMs: undefined, endMs: undefined, datasets: [] });
  });

  it('are the datasets of a run with what they were for', () => {
    const inputs = {
      dataset_inputs: [
        { dataset: { name: 'wine', digest: 'd' }, tags: [{ key: 'mlflow.data.context', value: 'training' }] },
      ],
    };
    expect(runOf({ inputs }).datasets).toMatchObject([{ name: 'wine', digest: 'd', context: 'training' }]);
  });
});
