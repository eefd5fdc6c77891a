import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '../e2e/platform.ts';
import {
  mlflowEnvironment,
  newestMlflow,
  quietEnvironment,
  type StockServer,
  startStockServer,
} from './mlflow/stock-server.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { runWell } from './parts/program.ts';
import { pythonEnvironment } from './parts/python.ts';

const scripts = path.join(import.meta.dirname, 'mlflow', 'client');
const environment = await part(() => mlflowEnvironment(newestMlflow));
const trackers = await part(() =>
  pythonEnvironment('trackers', [
    'tensorboardX==2.6.5',
    'wandb==0.31.0',
    'comet_ml==3.58.8',
    'numpy==2.3.4',
    'pillow==12.0.0',
  ]),
);

interface Report {
  readonly copied: Readonly<Record<string, number>>;
  readonly copiedBefore: number;
  readonly leftBehind: readonly { readonly what: string }[];
}

describe.skipIf(environment.missing)(checkTitle("copies of MLflow's own server", environment), () => {
  let platform: Platform;
  let stock: StockServer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-copies-'));
    [platform, stock] = await Promise.all([Platform.startLaptop(), startStockServer(theValue(environment))]);
  }, 300_000);
  afterAll(async () => {
    await stock?.stop();
    await platform?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const python = async (script: string, url: string) => {
    const output = await runWell(theValue(environment).python, [path.join(scripts, script)], {
      env: { ...quietEnvironment(), MLFLOW_TRACKING_URI: url, MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1' },
    });
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as unknown;
  };
  const copy = async (...args: string[]): Promise<Report> => {
    const { code, stdout, stderr } = await platform.command(...args, '--json');
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Report;
  };
  const journal = (name: string) => ['--journal', path.join(folder, `${name}.jsonl`)];

  it('bring experiments, runs with histories, artifacts, models and aliases', async () => {
    for (const script of ['quick_start.py', 'tracking.py', 'autologging.py']) await python(script, stock.url);
    const report = await copy('import', 'mlflow', '--from', stock.url, ...journal('in'));
    expect(report.copied).toMatchObject({ experiments: 4, registeredModels: 1, modelVersions: 1 });
    expect(report.leftBehind).toEqual([]);
    expect(await python('compare_copies.py', `${stock.url},${platform.url}`)).toEqual({
      differences: [],
      runs: 11,
    });
  }, 600_000);

  it('copy nothing twice', async () => {
    const report = await copy('import', 'mlflow', '--from', stock.url, ...journal('in'));
    expect(report.copied).toMatchObject({ experiments: 0, runs: 0, artifacts: 0, modelVersions: 0 });
    expect(report.copiedBefore).toBe(11);
  });

  it('go back to an MLflow server, models that load included', async () => {
    const other = await startStockServer(theValue(environment));
    try {
      await copy('export', 'mlflow', '--to', other.url, ...journal('out'));
      expect(await python('compare_copies.py', `${platform.url},${other.url}`)).toEqual({
        differences: [],
        runs: 11,
      });
    } finally {
      await other.stop();
    }
  }, 600_000);
});

describe.skipIf(trackers.missing)(checkTitle('imports from other trackers', trackers), () => {
  let platform: Platform;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-trackers-'));
    platform = await Platform.startLaptop();
  });
  afterAll(async () => {
    await platform?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const written = async (tracker: string): Promise<string> => {
    await runWell(theValue(trackers).python, [path.join(scripts, 'other_trackers.py'), tracker, folder], {
      cwd: folder,
    });
    return folder;
  };
  const imported = async (tracker: string, source: string): Promise<Report> => {
    const journal = path.join(folder, `${tracker}.jsonl`);
    const { code, stdout, stderr } = await platform.command(
      ...['import', tracker, source, '--experiment', tracker, '--journal', journal, '--json'],
    );
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Report;
  };

  it('take event files of TensorBoard', async () => {
    const report = await imported('tensorboard', await written('tensorboard'));
    expect(report.copied).toMatchObject({ runs: 2, metricPoints: 10, artifacts: 4 });
    expect(report.leftBehind.map(({ what }) => what)).toEqual([
      "train: summary 'weights'",
      "val: summary 'weights'",
    ]);
  });

  it('take runs that W&B wrote offline', async () => {
    const report = await imported('wandb', path.join(await written('wandb'), 'wandb'));
    expect(report.copied).toMatchObject({ runs: 1, metricPoints: 11 });
    expect(report.leftBehind).toEqual([]);
  });

  it('take an archive that Comet wrote offline', async () => {
    const archive = readdirSync(await written('comet')).find((name) => name.endsWith('.zip')) ?? '';
    const report = await imported('comet', path.join(folder, archive));
    expect(report.copied['runs']).toBe(1);
    expect(report.copied['metricPoints']).toBeGreaterThanOrEqual(5);
    expect(report.leftBehind).toEqual([]);
  });
});
