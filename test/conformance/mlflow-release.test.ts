import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predict } from '#services/predictions/contract.ts';
import { readModelVersion } from '#services/registry/contract.ts';
import { ProjectJourney } from '../e2e/journey.ts';
import { Platform } from '../e2e/platform.ts';
import { exampleFile, exampleText, instancesOf } from '../e2e/project.ts';
import { mlflowEnvironment, newestMlflow, quietEnvironment } from './mlflow/stock-server.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { runWell } from './parts/program.ts';

const scripts = path.join(import.meta.dirname, 'mlflow', 'client');
/** XGBoost and the serving image add up 32-bit numbers in another order. */
const digits = 5;
const fileOf = (file: string): string => exampleFile(file).pathname;
const environment = await part(() => mlflowEnvironment(newestMlflow));

describe.skipIf(environment.missing)(
  checkTitle(`Releases and MLflow's client ${newestMlflow}`, environment),
  () => {
    let platform: Platform;
    let journey: ProjectJourney;
    beforeAll(async () => {
      platform = await Platform.startLaptop();
      journey = new ProjectJourney(platform);
      await journey.apply();
      await journey.bringIntoService(exampleText('data/first-upload.csv'));
    });
    afterAll(() => platform?.close());

    const run = async (script: string, ...args: readonly string[]) => {
      const { python } = theValue(environment);
      const output = await runWell(python, [path.join(scripts, script), journey.project, ...args], {
        env: {
          ...quietEnvironment(),
          MLFLOW_TRACKING_URI: platform.url,
          MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
        },
      });
      return JSON.parse(output.trim().split('\n').at(-1) ?? '') as {
        version: number;
        scores: number[];
        pyfunc?: number[];
      };
    };

    /** What the platform serves, as the probability of the positive class. */
    const served = async () => {
      const params = { project: journey.project };
      const body = { instances: instancesOf('data/rows.csv') };
      const { modelVersion, predictions } = await journey.as().call(predict, { params, body });
      return {
        version: modelVersion,
        scores: predictions.map(({ probabilities }) => probabilities?.['1'] ?? -1),
      };
    };

    function expectSame(a: readonly number[], b: readonly number[]): void {
      expect(a).toHaveLength(b.length);
      for (const [index, score] of a.entries()) expect(score).toBeCloseTo(b[index]!, digits);
    }

    it('load what a training made by its alias, and predict as the platform does', async () => {
      const [own, client] = [await served(), await run('release_champion.py', fileOf('data/rows.csv'))];
      expect([own.version, client.version]).toEqual([1, 1]);
      expectSame(client.scores, own.scores);
      expectSame(client.pyfunc ?? [], own.scores);
    });

    it('bring a model of a notebook through measurement and approval into service, with the same numbers', async () => {
      const { version, scores } = await run(
        'release_training.py',
        fileOf('data/first-upload.csv'),
        fileOf('data/rows.csv'),
      );
      const request = await journey.approvalOf(version);
      expect(request.metrics['auc']).toBeGreaterThan(0.95);
      expect(request.note).toContain('made it elsewhere');
      await journey.decide(request, 'approved');
      await journey.promotion(version);
      const own = await served();
      expect(own.version).toBe(version);
      expectSame(own.scores, scores);
      const params = { project: journey.project, modelVersion: version };
      expect(await journey.as().call(readModelVersion, { params })).toMatchObject({
        origin: 'client',
        aliases: ['champion'],
        flavors: expect.arrayContaining(['xgboost']),
      });
    });
  },
);
