import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressesOf, type MlflowRoute } from '#shared/mlflow/route.ts';
import { allMlflowRoutes } from '../../scripts/generate/endpoints.ts';
import { Platform } from '../e2e/platform.ts';
import { comparable, expected } from './mlflow/compare.ts';
import { knownDifferences } from './mlflow/known.ts';
import { type Answer, type Scenario, type Step, Subject } from './mlflow/scenario.ts';
import { artifacts } from './mlflow/scenarios/artifacts.ts';
import { datasets } from './mlflow/scenarios/datasets.ts';
import { experiments } from './mlflow/scenarios/experiments.ts';
import { loggedModels } from './mlflow/scenarios/logged-models.ts';
import { registry } from './mlflow/scenarios/registry.ts';
import { runs } from './mlflow/scenarios/runs.ts';
import { traces } from './mlflow/scenarios/traces.ts';
import { webhooks } from './mlflow/scenarios/webhooks.ts';
import { mlflowEnvironment, newestMlflow, startStockServer } from './mlflow/stock-server.ts';
import { variantsOf } from './mlflow/variants.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import type { ForeignServer } from './parts/server.ts';

const scenarios: readonly Scenario[] = [
  experiments,
  runs,
  loggedModels,
  registry,
  artifacts,
  datasets,
  traces,
  webhooks,
];

/** Operations that are not compared, and why. */
const notCompared: Readonly<Record<string, string>> = {
  purgeRun: 'MLflow has no such operation',
  purgeExperiment: 'MLflow has no such operation',
  otlpExportTraces: 'takes protocol buffers: the clients send some',
  serverInfo: 'says what this server is',
  getTraceArtifact: 'needs spans: the clients send some',
  getModelVersionArtifact: 'needs a version with files: the clients make some',
  'MlflowService.getOnlineScoringConfigs': 'nothing scores online here',
  'MlflowService.createPresignedUploadUrl': "MLflow's server on a disk presigns nothing",
  'MlflowService.createPresignedDownloadUrl': "MLflow's server on a disk presigns nothing",
  'MlflowArtifactsService.getPresignedDownloadUrl': "MLflow's server on a disk presigns nothing",
  'MlflowArtifactsService.createMultipartUpload': "MLflow's server on a disk takes no parts",
  'MlflowArtifactsService.completeMultipartUpload': "MLflow's server on a disk takes no parts",
  'MlflowArtifactsService.abortMultipartUpload': "MLflow's server on a disk takes no parts",
  'WebhookService.testWebhook': 'would ask an address on the internet',
};

const environment = await part(() => mlflowEnvironment(newestMlflow));

/** What an address with parameters looks like in a step. */
const patternOf = (address: string): RegExp =>
  new RegExp(
    `^${address
      .replaceAll('.', '\\.')
      .replaceAll(/\{\w+\+\}/g, '.+')
      .replaceAll(/\{\w+\}/g, '[^/]+')}(\\?.*)?$`,
  );

/** A step with its variants first, since what is wrong must change nothing. */
const withVariants = (step: Step): Step[] => (step.variants ? [...variantsOf(step), step] : [step]);

/** The key of the known difference that a step is. */
function knownDifference(scenario: string, title: string): string | undefined {
  const key = `${scenario}: ${title}`;
  if (!(key in knownDifferences)) return undefined;
  usedDifferences.add(key);
  return key;
}
const usedDifferences = new Set<string>();

describe.skipIf(environment.missing)(
  checkTitle("MLflow's own server, request by request", environment),
  () => {
    let platform: Platform;
    let stock: ForeignServer;
    beforeAll(async () => {
      [platform, stock] = await Promise.all([
        Platform.startLaptop(),
        startStockServer(theValue(environment)),
      ]);
    }, 300_000);
    afterAll(async () => {
      await stock?.stop();
      await platform?.close();
    });

    describe.each(scenarios)('$name', ({ name, steps }) => {
      let ours: Subject;
      let theirs: Subject;
      beforeAll(() => {
        ours = new Subject(platform.url);
        theirs = new Subject(stock.url);
      });

      it.each(steps.flatMap(withVariants))('$title', async (step) => {
        const [their, our]: [Answer, Answer] = [await theirs.ask(step), await ours.ask(step)];
        expect(our.status, JSON.stringify(our.body)).toBeLessThan(500);
        const same = JSON.stringify(comparable(our, step)) === JSON.stringify(expected(their, our, step));
        if (knownDifference(name, step.title) !== undefined) {
          expect(same, 'this known difference is gone: take it out of known.ts').toBe(false);
          return;
        }
        expect({
          ...(comparable(our, step) as object),
          said: our.status >= 400 ? our.body : undefined,
        }).toMatchObject(expected(their, our, step) as object);
        expect(comparable(our, step)).toEqual(expected(their, our, step));
      });
    });

    it('is compared in every operation that the platform answers, but for those that cannot be', async () => {
      const steps = scenarios.flatMap((scenario) => scenario.steps);
      const isAsked = (route: MlflowRoute) =>
        steps.some(
          ({ method, path }) =>
            method === route.method && addressesOf(route).some((address) => patternOf(address).test(path)),
        );
      const missing = (await allMlflowRoutes()).filter((route) => !isAsked(route)).map(({ name }) => name);
      expect(missing.sort()).toEqual(Object.keys(notCompared).sort());
    });

    it('differs in nothing that is listed and was not seen', () => {
      expect(Object.keys(knownDifferences).filter((title) => !usedDifferences.has(title))).toEqual([]);
    });
  },
);
