import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { checkChannels } from './container/channels.ts';
import { loadChannel } from './container/csv.ts';
import { parseHyperparameters } from './container/hyperparameters.ts';
import { containerLayout } from './container/layout.ts';
import { UserError } from './container/user-error.ts';
import { writeModel } from './model/write-model.ts';
import type { Evaluation } from './trainer/early-stopping.ts';
import { train } from './trainer/train.ts';

/** The `train` program of the container contract: reads its input folder, writes `model/xgboost-model`, logs to stdout. */
const layout = containerLayout(process.env);
try {
  runTraining();
} catch (error) {
  const message =
    error instanceof UserError ? error.message : String(error instanceof Error ? error.stack : error);
  mkdirSync(dirname(layout.failure), { recursive: true });
  writeFileSync(layout.failure, message);
  console.error(message);
  process.exitCode = 1;
}

function runTraining(): void {
  console.log('INFO:sagemaker-containers:Running XGBoost Sagemaker in algorithm mode');
  const params = parseHyperparameters(
    z.record(z.string(), z.string()).parse(readJson(layout.hyperparameters)),
  );
  const channels = checkChannels(readJson(layout.inputDataConfig));
  checkHosts(readJson(layout.resourceConfig));
  const dataset = loadChannel(layout.channel('train'), 'train', params.csvWeights);
  const validation = channels.validation
    ? loadChannel(layout.channel('validation'), 'validation', false)
    : undefined;
  if (params.earlyStoppingRounds !== undefined && validation === undefined)
    throw new UserError(
      `Hyperparameter early_stopping_rounds: ${params.earlyStoppingRounds} needs a validation channel to watch.`,
    );
  console.log(`INFO:root:Train matrix has ${dataset.rowCount} rows and ${dataset.featureCount} columns`);
  if (validation !== undefined) console.log(`INFO:root:Validation matrix has ${validation.rowCount} rows`);
  const model = trainOrExplain(() =>
    train(params, dataset, validation, (round, results) => console.log(logLine(round, results))),
  );
  mkdirSync(layout.model, { recursive: true });
  writeFileSync(join(layout.model, 'xgboost-model'), writeModel(model));
}

function trainOrExplain<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    // Everything that the trainer throws by itself is about labels and columns: the person's data.
    throw error instanceof Error && error.constructor === Error ? new UserError(error.message) : error;
  }
}

/** `[0]#011train-auc:0.98100#011validation-auc:0.97400`, with the tab as the managed image's log shows it. */
function logLine(round: number, evaluations: readonly Evaluation[]): string {
  const parts = evaluations.map(
    ({ dataset, metric, value }) => `#011${dataset}-${metric}:${value.toFixed(5)}`,
  );
  return `[${round}]${parts.join('')}`;
}

function checkHosts(document: unknown): void {
  const { hosts } = z.looseObject({ hosts: z.array(z.string()) }).parse(document);
  if (hosts.length > 1)
    throw new UserError(
      `${hosts.length} hosts are asked for; the local XGBoost program trains on one. Set InstanceCount to 1.`,
    );
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
