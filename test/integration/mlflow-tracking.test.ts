import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditEntries } from '#services/governance/contract.ts';
import { finishRun, listRuns, startRun } from '#services/tracking/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { RunningPlatform } from './running-platform.ts';

/** Experiments and runs as MLflow's clients use them: by HTTP, on the emulated DynamoDB and S3, under the deployed role. */
const platform = new RunningPlatform();
beforeAll(() => platform.start());
afterAll(() => platform.close());

interface Answer {
  readonly error_code?: string;
  readonly message?: string;
  readonly [member: string]: unknown;
}

async function ask(path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${platform.runtime.endpoints.platformUrl}/api/2.0/mlflow/${path}`, {
    method: body ? 'POST' : 'GET',
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await answer.json()) as Answer;
}

const newExperiment = async (name: string) =>
  (await ask('experiments/create', { name }))['experiment_id'] as string;
async function newRun(experimentId: string): Promise<string> {
  const { run } = await ask('runs/create', { experiment_id: experimentId, start_time: 1, user_id: 'ana' });
  return (run as { info: { run_id: string } }).info.run_id;
}
const metrics = (key: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({
    key,
    value: Math.sin(from + i),
    timestamp: from + i,
    step: from + i,
  }));

async function history(runId: string, key: string): Promise<readonly { readonly step: number }[]> {
  const points: { readonly step: number }[] = [];
  for (let token = ''; ; ) {
    const query = new URLSearchParams({ run_id: runId, metric_key: key, page_token: token });
    const page = await ask(`metrics/get-history?${query}`);
    points.push(...((page['metrics'] ?? []) as { step: number }[]));
    if (page['next_page_token'] === undefined) return points;
    token = page['next_page_token'] as string;
  }
}

describe('a run of a client', () => {
  it('keeps the history of a metric, whole and in order, over pages and blocks', async () => {
    const runId = await newRun('0');
    for (let batch = 0; batch < 30; batch++)
      await ask('runs/log-batch', { run_id: runId, metrics: metrics('loss', 1000, 1000 * batch) });
    await ask('runs/log-metric', {
      run_id: runId,
      key: 'loss',
      value: 'NaN',
      timestamp: 30_000,
      step: 30_000,
    });
    const steps = (await history(runId, 'loss')).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: 30_001 }, (_, step) => step));
  });

  it('merges what many calls logged, and loses nothing', async () => {
    const runId = await newRun('0');
    for (let call = 0; call < 70; call++) {
      const batch = Array.from({ length: 90 }, (_, m) => metrics(`m${m}`, 1, call)).flat();
      expect(await ask('runs/log-batch', { run_id: runId, metrics: batch })).toEqual({});
    }
    expect((await history(runId, 'm5')).map(({ step }) => step)).toEqual([...Array(70).keys()]);
  });

  it('takes sixteen writers at once', async () => {
    const runId = await newRun('0');
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        const own: Answer[] = [];
        for (let call = 0; call < 5; call++) {
          const params = [{ key: `${writer}-${call}`, value: 'x' }];
          own.push(
            await ask('runs/log-batch', { run_id: runId, params, metrics: metrics('shared', 1, call) }),
          );
        }
        return own;
      }),
    );
    expect(answers.flat().filter((answer) => Object.keys(answer).length > 0)).toEqual([]);
    const { run } = await ask(`runs/get?run_id=${runId}`);
    expect((run as { data: { params: unknown[] } }).data.params).toHaveLength(80);
  });

  it('is found by what it logged, on pages that hold each run once', async () => {
    const experimentId = await newExperiment('pages/1');
    const runIds: string[] = [];
    for (let i = 0; i < 25; i++) {
      const runId = await newRun(experimentId);
      runIds.push(runId);
      await ask('runs/log-batch', { run_id: runId, metrics: metrics('score', 1, i) });
    }
    for (const order_by of [[], ['metrics.score DESC']]) {
      const found: string[] = [];
      let page_token: unknown;
      do {
        const page: Answer = await ask('runs/search', {
          experiment_ids: [experimentId],
          max_results: 10,
          order_by,
          ...(page_token === undefined ? {} : { page_token }),
        });
        found.push(...(page['runs'] as { info: { run_id: string } }[]).map(({ info }) => info.run_id));
        page_token = page['next_page_token'];
      } while (page_token !== undefined);
      expect(found).toHaveLength(25);
      expect(new Set(found)).toEqual(new Set(runIds));
    }
  });

  it('says which datasets it used, however long their profiles are', async () => {
    const experimentId = await newExperiment('inputs/1');
    const runId = await newRun(experimentId);
    const profile = Array.from({ length: 60_000 }, (_, i) => Math.sin(i * i).toString(36)).join('');
    const dataset = { name: 'wines', digest: 'abc', source_type: 'local', source: 's', profile };
    const tags = [{ key: 'mlflow.data.context', value: 'training' }];
    expect(await ask('runs/log-inputs', { run_id: runId, datasets: [{ dataset, tags }] })).toEqual({});
    const { run } = await ask(`runs/get?run_id=${runId}`);
    expect((run as { inputs: unknown }).inputs).toEqual({ dataset_inputs: [{ dataset, tags }] });
    const summaries = await ask('experiments/search-datasets', { experiment_ids: [experimentId] });
    expect(summaries['dataset_summaries']).toEqual([
      { experiment_id: experimentId, name: 'wines', digest: 'abc', context: 'training' },
    ]);
  });
});

describe('a purge', () => {
  it('removes what is deleted with its artifacts, frees the name, and is told of in the audit log', async () => {
    const experimentId = await newExperiment('wine');
    const runId = await newRun(experimentId);
    await ask('runs/log-batch', { run_id: runId, metrics: metrics('loss', 1000) });
    const { awsUrl: endpoint, region, credentials, buckets } = platform.runtime.endpoints;
    const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    const Bucket = buckets['models']!;
    const Key = `mlflow/${experimentId}/${runId}/artifacts/model.pkl`;
    // Twice, so that there is a former version.
    for (const Body of ['1', '2']) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));

    expect((await ask('experiments/purge', { experiment_id: experimentId })).message).toMatch(/is active/);
    await ask('experiments/delete', { experiment_id: experimentId });
    expect(await ask('experiments/purge', { experiment_id: experimentId })).toMatchObject({ finished: true });

    expect((await ask(`runs/get?run_id=${runId}`)).error_code).toBe('RESOURCE_DOES_NOT_EXIST');
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'mlflow/' }));
    expect(Versions.filter((version) => version.Key === Key)).toEqual([]);
    expect(await newExperiment('wine')).toBe(experimentId);
    const told = await platform.eventually('The audit log of the purge', async () => {
      const { body } = await platform.call(listAuditEntries, { params: { project: 'wine' } });
      const types = body.items.map(({ detailType }) => detailType);
      return types.filter((type) => type === 'ExperimentChanged.v1').length === 4 ? types : undefined;
    });
    expect(told).toContain('RunChanged.v1');
  });
});

describe('a training', () => {
  it('is a run of the experiment that a client made by the project’s name', async () => {
    const experimentId = await newExperiment('tumour');
    const context = {
      executionArn: 'arn:execution',
      metadata: startingJourney({
        eventId: 'E1',
        occurredAt: new Date('2026-01-01T00:00:00.000Z'),
        project: 'tumour',
        actor: { type: 'service', id: 'training' },
      }),
    };
    const invoke = (handler: string, input: object) =>
      platform.invoke('tracking', handler, { context, input });
    const begun = startRun.output.parse(
      await invoke(startRun.handler, {
        project: 'tumour',
        trainingId: 'T1',
        runName: 'training-T1',
        params: { eta: '0.1' },
        tags: {},
      }),
    );
    expect(begun.experimentId).toBe(experimentId);
    const { runId } = begun;
    const end = { project: 'tumour', runId, status: 'FINISHED', metrics: { auc: 0.9 }, tags: {} };
    await invoke(finishRun.handler, end);
    const { run } = await ask(`runs/get?run_id=${runId}`);
    expect(run).toMatchObject({
      info: { run_name: 'training-T1', user_id: 'millrace', status: 'FINISHED' },
      data: { metrics: [{ key: 'auc', value: 0.9 }] },
    });
    expect(await history(runId, 'auc')).toMatchObject([{ value: 0.9, step: 0 }]);
    const { body } = await platform.call(listRuns, { params: { project: 'tumour' }, query: {} });
    expect(body.items.map((each) => each.runId)).toEqual([runId]);
  });
});
