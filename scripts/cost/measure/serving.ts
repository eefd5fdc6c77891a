import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { listJourneys } from '#services/governance/contract.ts';
import { predict } from '#services/predictions/contract.ts';
import type { ApiClient } from '../../cli/client.ts';
import { exampleFile, exampleProject as project } from '../../cli/commands/example.ts';
import { sendLabels } from '../../cli/commands/predictions.ts';
import { readCsv, typedCell } from '../../cli/rows.ts';
import { type Counters, weighted } from './counters.ts';
import type { Meter } from './meter.ts';

/** Further apart than captures are gathered for. */
const sparse = { requests: 6, secondsApart: 5 };
const dense = 200;
const wide = { requests: 5, rows: 20 };
/** Fills the window: with what the parts above predict, it holds `windowPredictions`. */
const windowRows = 94;
const reads = 50;
/** Predictions of a window, as the project declares. */
export const windowPredictions = sparse.requests + dense + wide.requests * wide.rows + windowRows;

export interface Scenario {
  readonly client: ApiClient;
  readonly meter: Meter;
  readonly say: (line: string) => void;
  /** Schedules of the stage, as names of functions. */
  readonly hourlyFunctions: readonly string[];
}

/** What one of each thing takes while a model serves. */
export type ServingUnits = Readonly<
  Record<
    | 'predictionRequest'
    | 'predictionRow'
    | 'captureBatch'
    | 'monitoringWindow'
    | 'labelRequest'
    | 'read'
    | 'hourlyRound',
    Counters
  >
>;

/** A scenario whose model serves. */
interface Serving extends Scenario {
  /** Types of the features, by name. */
  readonly types: ReadonlyMap<string, string>;
}

/** Counts predictions and all that follows from them, reads, and what schedules call. */
export async function measureServing(scenario: Serving): Promise<ServingUnits> {
  const { meter, say } = scenario;
  const predictions = await measurePredictions(scenario);
  say('a monitoring window');
  let predicted: readonly string[] = [];
  const window = await meter.count(async () => {
    predicted = await predictSome(scenario, windowRows, windowRows);
  });
  say('ground truth');
  const labels = labelsOf(predicted);
  const labelled = await meter.count(async () => {
    await sendLabels(scenario.client, project, labels);
  });
  say('reads');
  const read = await meter.count(async () => {
    for (let n = 0; n < reads; n += 1) {
      await scenario.client.call(listJourneys, { params: { project }, query: { limit: 5 } });
    }
  });
  say('hourly round');
  return {
    ...predictions,
    // The request that filled the window, with its hundred rows, is in it: some parts in a hundred.
    monitoringWindow: window,
    labelRequest: labelled,
    read: weighted([1 / reads, read]),
    hourlyRound: await meter.count(() => invokeAll(scenario)),
  };
}

/**
 * Requests far apart are captured one by one, requests close together in batches: from both, and from requests of many rows, follows what a
 * request, a batch and a further row take.
 */
async function measurePredictions(scenario: Serving) {
  const { meter, say } = scenario;
  say(`${sparse.requests} predictions, ${sparse.secondsApart} s apart`);
  const apart = await meter.count(async () => {
    for (let n = 0; n < sparse.requests; n += 1) {
      await predictSome(scenario, 1, 1);
      await sleep(sparse.secondsApart * 1000);
    }
  });
  say(`${dense} predictions, one after the other`);
  const together = await meter.count(() => predictSome(scenario, dense, 1));
  say(`${wide.requests} requests of ${wide.rows} predictions`);
  const many = await meter.count(() => predictSome(scenario, wide.requests * wide.rows, wide.rows));

  const batchesOf = (counted: Counters) => counted['lambda.predictions-write-captures.invocations'] ?? 0;
  const perSparse = weighted([1 / batchesOf(apart), apart]);
  const batches = batchesOf(together);
  const requestOnly = 1 / (dense - batches);
  const request = weighted([requestOnly, together], [-requestOnly * batches, perSparse]);
  const batch = weighted([1, perSparse], [-1, request]);
  const rowOnly = 1 / (wide.requests * (wide.rows - 1));
  const row = weighted(
    [rowOnly, many],
    [-rowOnly * wide.requests, request],
    [-rowOnly * batchesOf(many), batch],
  );
  return { predictionRequest: request, captureBatch: batch, predictionRow: row };
}

/** Asks for predictions and for nothing besides; `types` of the features are read before. */
async function predictSome(
  { client, types }: Serving,
  count: number,
  rowsPerRequest: number,
): Promise<string[]> {
  const rows = readCsv(exampleFile('data/shifted-rows.csv'));
  const inferenceIds: string[] = [];
  for (let from = 0; from < count; from += rowsPerRequest) {
    const instances = Array.from({ length: rowsPerRequest }, (_none, n) =>
      Object.fromEntries(
        [...types].map(([name, type]) => [
          name,
          typedCell(rows[(from + n) % rows.length]?.[name] ?? '', type),
        ]),
      ),
    );
    const { predictions } = await client.call(predict, { params: { project }, body: { instances } });
    inferenceIds.push(...predictions.map(({ inferenceId }) => inferenceId));
  }
  return inferenceIds;
}

/** The truth of the rows in the order in which they were asked for. */
function labelsOf(inferenceIds: readonly string[]) {
  const truth = readCsv(exampleFile('data/shifted-labels.csv'));
  return inferenceIds.map((inferenceId, n) => ({
    inferenceId,
    value: Number(truth[n % truth.length]?.['malignant']),
  }));
}

async function invokeAll({ meter, hourlyFunctions }: Scenario): Promise<void> {
  const lambda = new LambdaClient(meter.aws);
  for (const FunctionName of hourlyFunctions) {
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
    if (FunctionError) throw new Error(`${FunctionName} failed: ${FunctionError}`);
  }
}
