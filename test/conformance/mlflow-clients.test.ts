import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '../e2e/platform.ts';
import { mlflowEnvironment, newestMlflow, olderMlflow, quietEnvironment } from './mlflow/stock-server.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { runWell } from './parts/program.ts';

const scripts = path.join(import.meta.dirname, 'mlflow', 'client');
const megabyte = 1024 ** 2;
/** Sizes around the borders of one request through a function and of a part of a multipart upload. */
const smallSizes = [0, 1, 100_000, 4 * megabyte];
const largeSizes = [0, 1, 5 * megabyte, 5 * megabyte + 1, 12 * megabyte, 60 * megabyte, 200 * megabyte];
/** What makes clients before 3.18 send files of every size in parts that go to S3. */
const inParts = {
  MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'true',
  MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: '1',
};

for (const version of [newestMlflow, olderMlflow]) {
  const environment = await part(() => mlflowEnvironment(version));

  describe.skipIf(environment.missing)(checkTitle(`MLflow's client ${version}`, environment), () => {
    let platform: Platform;
    beforeAll(async () => {
      platform = await Platform.startLaptop();
    });
    afterAll(() => platform?.close());

    /** Runs a script as a data scientist does: nothing is set but the address. */
    const run = async (
      script: string,
      args: readonly string[] = [],
      env: Readonly<Record<string, string>> = {},
    ) => {
      const { python } = theValue(environment);
      const output = await runWell(python, [path.join(scripts, script), ...args], {
        env: {
          ...quietEnvironment(),
          MLFLOW_TRACKING_URI: platform.url,
          MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
          ...env,
        },
      });
      return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    };

    it('goes through the quick start', async () => {
      const result = await run('quick_start.py');
      expect(result).toMatchObject({
        status: 'FINISHED',
        params: { solver: 'lbfgs', max_iter: '1000', random_state: '8888' },
        tag: 'Basic LR model for iris data',
        same: true,
        sameByVersion: true,
      });
      const [logged, read] = result['accuracy'] as number[];
      expect(read).toBe(logged);
    });

    it('tracks runs', async () => {
      expect(await run('tracking.py')).toEqual({
        params: 150,
        nan: true,
        infinite: [true, true],
        shared: [39, 40],
        later: 50,
        children: ['4', '3', '2', '1', '0'],
        pages: [6, 6],
        dataset: 'zeros',
        refused: 'INVALID_PARAMETER_VALUE',
        stages: ['deleted', 'active'],
      });
    });

    it('logs by itself what scikit-learn and XGBoost do', async () => {
      expect(await run('autologging.py')).toMatchObject({
        forestParams: true,
        forestMetrics: true,
        children: 2,
        inputs: 1,
        outputs: 2,
        rounds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      });
    });

    it('registers models and loads them by alias', async () => {
      expect(await run('registering.py')).toEqual({
        versions: [1, 2],
        byAlias: [0, 2, 4],
        copy: [0, 2, 4],
        copiedVersion: 1,
        staged: 1,
        found: [2],
        models: ['line', 'line-copy'],
        missing: 'INVALID_PARAMETER_VALUE',
        renamed: true,
        left: [2],
      });
    });

    it('keeps small files with nothing set', async () => {
      expect(await run('artifacts.py', smallSizes.map(String))).toEqual({
        same: Object.fromEntries(smallSizes.map((size) => [size, true])),
        listed: Object.fromEntries(smallSizes.map((size) => [`sizes/size-${size}.bin`, size])),
        text: 'grüße',
      });
    });

    it('keeps files of up to 200 MB that it sends in parts', async () => {
      const { same } = await run('artifacts.py', largeSizes.map(String), inParts);
      expect(same).toEqual(Object.fromEntries(largeSizes.map((size) => [size, true])));
    });

    it('traces, and judges traces', async () => {
      expect(await run('traces.py')).toEqual({
        found: 2,
        spans: ['answer', 'retrieve', 'think'],
        parents: 2,
        response: '"because pears"',
        state: 'OK',
        assessments: ['correct', 'expected'],
        tagged: [true],
      });
    });

    it('keeps prompts, apart from models', async () => {
      expect(await run('prompts.py')).toEqual({
        versions: [1, 2],
        loaded: 'Hello Ann.',
        newest: 'Good day, Ann.',
        found: ['greeting'],
        amongModels: false,
      });
    });
  });
}
