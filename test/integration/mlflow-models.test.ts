import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningPlatform } from './running-platform.ts';

/** Logged models, evaluation datasets and scorers as MLflow's clients use them: by HTTP, under the deployed role. */
const platform = new RunningPlatform();
beforeAll(() => platform.start());
afterAll(() => platform.close());

type Fields = Readonly<Record<string, unknown>>;

async function ask<Answer extends Fields = Fields>(
  method: string,
  path: string,
  body?: Fields,
): Promise<Answer> {
  const answer = await fetch(`${platform.runtime.endpoints.platformUrl}/api/${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await answer.json()) as Answer;
}

async function newExperiment(name: string): Promise<string> {
  const { experiment_id } = await ask<{ experiment_id: string }>('POST', '2.0/mlflow/experiments/create', {
    name,
  });
  return experiment_id;
}

async function newRun(experimentId: string): Promise<string> {
  const { run } = await ask<{ run: { info: { run_id: string } } }>('POST', '2.0/mlflow/runs/create', {
    experiment_id: experimentId,
    start_time: 1,
  });
  return run.info.run_id;
}

interface ModelAnswer extends Fields {
  readonly model: { readonly info: { readonly model_id: string } & Fields; readonly data: Fields };
}

const newModel = async (experimentId: string, name: string) => {
  const sent = { experiment_id: experimentId, name, params: [{ key: 'eta', value: '0.1' }] };
  return (await ask<ModelAnswer>('POST', '2.0/mlflow/logged-models', sent)).model.info.model_id;
};

const found = async (search: Fields) => {
  const { models, ...rest } = await ask<{ models: ModelAnswer['model'][] }>(
    'POST',
    '2.0/mlflow/logged-models/search',
    search,
  );
  return { names: models.map(({ info }) => info['name']), token: (rest as Fields)['next_page_token'] };
};

describe('logged models', () => {
  it('have the metrics that a run logged for them, and are found by these', async () => {
    const experimentId = await newExperiment('models-with-metrics');
    const [good, bad] = [await newModel(experimentId, 'good'), await newModel(experimentId, 'bad')];
    const runId = await newRun(experimentId);
    const metric = { key: 'auc', timestamp: 1, step: 1, dataset_name: 'holdout', dataset_digest: 'd1' };
    await ask('POST', '2.0/mlflow/runs/log-batch', {
      run_id: runId,
      metrics: [
        { ...metric, value: 0.9, model_id: good },
        { ...metric, value: 0.4, model_id: bad },
      ],
    });
    await ask('POST', '2.0/mlflow/runs/log-metric', {
      ...metric,
      run_id: runId,
      value: 0.1,
      step: 0,
      model_id: good,
    });
    const { model } = await ask<ModelAnswer>('GET', `2.0/mlflow/logged-models/${good}`);
    expect(model.data['metrics']).toEqual([{ ...metric, value: 0.9, model_id: good, run_id: runId }]);
    expect((await found({ experiment_ids: [experimentId], filter: 'metrics.auc > 0.5' })).names).toEqual([
      'good',
    ]);
  });

  it('go from pending to ready to deleted', async () => {
    const experimentId = await newExperiment('model-life');
    const modelId = await newModel(experimentId, 'booster');
    const path = `2.0/mlflow/logged-models/${modelId}`;
    const ready = await ask<ModelAnswer>('PATCH', path, { model_id: modelId, status: 2 });
    expect(ready.model.info).toMatchObject({
      status: 'LOGGED_MODEL_READY',
      artifact_uri: `mlflow-artifacts:/${experimentId}/models/${modelId}/artifacts`,
    });
    await ask('PATCH', `${path}/tags`, { tags: [{ key: 'a/b', value: 'c' }] });
    await ask('DELETE', `${path}/tags/a/b`);
    await ask('DELETE', path);
    expect(await ask('GET', path)).toMatchObject({ error_code: 'RESOURCE_DOES_NOT_EXIST' });
    const deleted = await ask<ModelAnswer>('GET', `${path}?allow_deleted=true`);
    expect(deleted.model.info['tags']).toEqual([]);
  });

  it('come page by page, and a token is good for its own search alone', async () => {
    const experimentId = await newExperiment('model-pages');
    for (const name of ['c', 'a', 'b']) await newModel(experimentId, name);
    const search = { experiment_ids: [experimentId], order_by: [{ field_name: 'name' }], max_results: 2 };
    const first = await found(search);
    const second = await found({ ...search, page_token: first.token });
    expect([first.names, second]).toEqual([['a', 'b'], { names: ['c'], token: undefined }]);
    const other = { ...search, filter: "name = 'a'", page_token: first.token };
    expect(await ask('POST', '2.0/mlflow/logged-models/search', other)).toMatchObject({
      error_code: 'INVALID_PARAMETER_VALUE',
    });
  });
});

describe('an evaluation dataset', () => {
  it('takes thousands of records at once, merges more, and goes with all of them', async () => {
    const experimentId = await newExperiment('questions');
    const created = { name: 'questions', experiment_ids: [experimentId], tags: '{"team":"x"}' };
    const { dataset } = await ask<{ dataset: { dataset_id: string } }>(
      'POST',
      '3.0/mlflow/datasets/create',
      created,
    );
    const path = `3.0/mlflow/datasets/${dataset.dataset_id}`;
    const records = Array.from({ length: 5000 }, (_, n) => ({ inputs: { n, text: 'why?'.repeat(50) } }));
    expect(await ask('POST', `${path}/records`, { records: JSON.stringify(records) })).toEqual({
      inserted_count: 5000,
      updated_count: 0,
    });
    const more = [{ ...records[7], expectations: { answer: 'so' } }, { inputs: { n: 5000 } }];
    await ask('POST', `${path}/records`, { records: JSON.stringify(more) });
    const read: { readonly inputs: { readonly n: number }; readonly expectations?: Fields }[] = [];
    for (let token = ''; ; ) {
      const page = await ask<{ records: string; next_page_token?: string }>(
        'GET',
        `${path}/records?page_token=${token}`,
      );
      read.push(...JSON.parse(page.records));
      if (!page.next_page_token) break;
      token = page.next_page_token;
    }
    expect(read.map(({ inputs }) => inputs.n)).toEqual(Array.from({ length: 5001 }, (_, n) => n));
    expect(read[7]?.expectations).toEqual({ answer: 'so' });
    const search = { experiment_ids: [experimentId], filter_string: "tags.team = 'x'" };
    expect(await ask('POST', '3.0/mlflow/datasets/search', search)).toMatchObject({
      datasets: [{ name: 'questions', profile: '{"num_records":5001}' }],
    });
    await ask('DELETE', path);
    expect(await ask('GET', path)).toMatchObject({ error_code: 'RESOURCE_DOES_NOT_EXIST' });
  });
});

describe('a scorer', () => {
  it('is read back as it was registered, newest version first asked', async () => {
    const experimentId = await newExperiment('judged');
    const named = `experiment_id=${experimentId}&name=brevity`;
    for (const n of [1, 2]) {
      const scorer = { experiment_id: experimentId, name: 'brevity', serialized_scorer: `{"n":${n}}` };
      expect(await ask('POST', '3.0/mlflow/scorers/register', scorer)).toMatchObject({ version: n });
    }
    expect(await ask('GET', `3.0/mlflow/scorers/get?${named}`)).toMatchObject({
      scorer: { scorer_version: 2, serialized_scorer: '{"n":2}' },
    });
    await ask('DELETE', `3.0/mlflow/scorers/delete?${named}`);
    expect(await ask('GET', `3.0/mlflow/scorers/versions?${named}`)).toMatchObject({
      error_code: 'RESOURCE_DOES_NOT_EXIST',
    });
  });
});
