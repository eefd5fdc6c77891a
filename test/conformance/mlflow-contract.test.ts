import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
];

const environment = await part(() => mlflowEnvironment(newestMlflow));

/** A step with its variants first, since what is wrong must change nothing. */
const withVariants = (step: Step): Step[] => (step.variants ? [...variantsOf(step), step] : [step]);

/** Why a step may be answered otherwise. */
function knownReason(scenario: string, title: string): string | undefined {
  const full = `${scenario}: ${title}`;
  const found = Object.keys(knownDifferences).find((known) =>
    known.endsWith('…') ? full.startsWith(known.slice(0, -1)) : known === full,
  );
  if (found !== undefined) usedDifferences.add(found);
  return found;
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
        if (knownReason(name, step.title) !== undefined) {
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

    it('differs in nothing that is listed and was not seen', () => {
      expect(Object.keys(knownDifferences).filter((title) => !usedDifferences.has(title))).toEqual([]);
    });
  },
);
