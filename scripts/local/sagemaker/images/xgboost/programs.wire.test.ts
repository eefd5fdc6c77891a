import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelledCsv } from '../../testing/requests.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-container-'));
  mkdirSync(join(root, 'input', 'config'), { recursive: true });
  mkdirSync(join(root, 'input', 'data', 'train'), { recursive: true });
  writeFileSync(join(root, 'input', 'data', 'train', 'part.csv'), labelledCsv(200));
  writeConfig('hyperparameters', {
    objective: 'binary:logistic',
    num_round: '3',
    eval_metric: 'auc,logloss',
  });
  writeConfig('inputdataconfig', { train: { ContentType: 'text/csv', TrainingInputMode: 'File' } });
  writeConfig('resourceconfig', { current_host: 'algo-1', hosts: ['algo-1'] });
});
afterEach(() => rmSync(root, { recursive: true }));

const writeConfig = (name: string, document: unknown): void =>
  writeFileSync(join(root, 'input', 'config', `${name}.json`), JSON.stringify(document));
const start = (program: string, environment: Record<string, string> = {}) =>
  spawn(process.execPath, [fileURLToPath(new URL(`./${program}.ts`, import.meta.url))], {
    env: { SM_LOCAL_ROOT: root, ...environment },
  });
const runTrain = async () => {
  const child = start('train');
  const [output] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('exit', resolve)),
  ]);
  return { output, code: child.exitCode };
};

describe('train', () => {
  it('writes one model file and logs in the form of the managed image', async () => {
    const { output, code } = await runTrain();
    expect(code).toBe(0);
    expect(output).toMatch(/^\[0\]#011train-auc:[01]\.\d{5}#011train-logloss:0\.\d{5}$/m);
    expect(output.match(/^\[\d+\]/gm)).toEqual(['[0]', '[1]', '[2]']);
    expect(existsSync(join(root, 'model', 'xgboost-model'))).toBe(true);
    expect(existsSync(join(root, 'output', 'failure'))).toBe(false);
  });

  it('writes the same bytes for the same input', async () => {
    await runTrain();
    const first = readFileSync(join(root, 'model', 'xgboost-model'));
    await runTrain();
    expect(readFileSync(join(root, 'model', 'xgboost-model')).equals(first)).toBe(true);
  });

  it.each([
    [
      'hyperparameters',
      { num_round: '3', booster: 'dart' },
      "Hyperparameter booster: 'dart' is not implemented",
    ],
    [
      'hyperparameters',
      { num_round: '3', early_stopping_rounds: '2', eval_metric: 'rmse' },
      'needs a validation channel',
    ],
    [
      'hyperparameters',
      { num_round: '3', objective: 'multi:softprob', num_class: '2', eval_metric: 'auc' },
      "'auc' does not apply",
    ],
    ['inputdataconfig', { train: { ContentType: 'application/x-parquet' } }, 'set ContentType to text/csv'],
    ['resourceconfig', { current_host: 'algo-1', hosts: ['algo-1', 'algo-2'] }, 'Set InstanceCount to 1'],
  ])('says in the failure file what is wrong with %s %j', async (name, document, message) => {
    writeConfig(name, document);
    expect((await runTrain()).code).toBe(1);
    expect(readFileSync(join(root, 'output', 'failure'), 'utf8')).toContain(message);
    expect(existsSync(join(root, 'model', 'xgboost-model'))).toBe(false);
  });

  it('says which label does not fit the objective, without a stack trace', async () => {
    writeFileSync(join(root, 'input', 'data', 'train', 'part.csv'), '0,1\n2,1\n');
    await runTrain();
    expect(readFileSync(join(root, 'output', 'failure'), 'utf8')).toBe(
      'label must be in [0,1] for logistic regression; row 2 has 2.',
    );
  });
});

describe('serve', () => {
  const serving = async (environment: Record<string, string> = {}) => {
    const child = start('serve', { SAGEMAKER_BIND_TO_PORT: '0', ...environment });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        const found = /Listening at: (\S+)/.exec(chunk.toString())?.[1];
        if (found !== undefined) resolve(found);
      });
      void exited.then((code) => reject(new Error(`ended with ${code}`)));
    });
    const invoke = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${url}/invocations`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/csv', ...headers },
      });
    const stop = () => {
      child.kill('SIGTERM');
      return exited;
    };
    return { url, invoke, stop };
  };

  it('answers pings and invocations and ends on SIGTERM', async () => {
    await runTrain();
    const { url, invoke, stop } = await serving();
    expect((await fetch(`${url}/ping`)).status).toBe(200);
    expect(await (await fetch(`${url}/execution-parameters`)).json()).toMatchObject({
      BatchStrategy: 'MULTI_RECORD',
    });
    const csv = await invoke('90,10,3\n1,80,3');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [high, low] = (await csv.text()).trim().split('\n').map(Number);
    expect(high).toBeGreaterThan(low as number);
    expect(await (await invoke('90,10,3', { accept: 'application/json' })).json()).toEqual({
      predictions: [{ score: high }],
    });
    expect((await invoke('')).status).toBe(204);
    expect((await invoke('1,2')).status).toBe(400);
    expect((await invoke('a,b,c')).status).toBe(415);
    expect((await invoke('{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await invoke('1,2,3', { accept: 'image/png' })).status).toBe(406);
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
    expect(await stop()).toBe(0);
  });

  it('refuses bodies beyond MAX_CONTENT_LENGTH', async () => {
    await runTrain();
    const { invoke, stop } = await serving({ MAX_CONTENT_LENGTH: '10' });
    expect((await invoke('1,2,3\n1,2,3\n')).status).toBe(413);
    await stop();
  });

  it.each([
    ['no model', () => undefined, /ended with 1/],
    [
      'a pickle',
      () => writeFileSync(join(root, 'model', 'xgboost-model'), Buffer.from([0x80, 0x04])),
      /ended with 1/,
    ],
    [
      'two models',
      () => ['a', 'b'].forEach((name) => void writeFileSync(join(root, 'model', name), '{}')),
      /ended with 1/,
    ],
  ])('does not start with %s', async (_what, prepare, message) => {
    mkdirSync(join(root, 'model'), { recursive: true });
    prepare();
    await expect(serving()).rejects.toThrow(message);
  });
});
