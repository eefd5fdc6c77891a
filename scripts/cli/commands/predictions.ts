import { writeFileSync } from 'node:fs';
import type * as z from 'zod';
import { predict as predictEndpoint, sendGroundTruth } from '#services/predictions/contract.ts';
import { askedColumns, type ProjectDefinition, readProject } from '#services/projects/contract.ts';
import type { ApiClient } from '../client.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { chunks, csvLine, type Row, readCsv, typedCell } from '../rows.ts';
import type { CommandContext } from './context.ts';

/** One row’s prediction, with the key that tells which row it was. */
export interface RowPrediction {
  readonly key: string;
  readonly inferenceId: string;
  readonly modelVersion: number;
  readonly value: string | number;
  readonly probabilities?: Readonly<Record<string, number>> | undefined;
  /** Feature views whose values were missing, and why. */
  readonly features?: Readonly<Record<string, string>> | undefined;
}

type Answer = z.output<typeof predictEndpoint.response>;

/** The columns a model sees: the project’s, without key, event time, target and exclusions. */
export function featureTypes(definition: ProjectDefinition): Map<string, string> {
  const hidden = new Set([
    definition.data.primaryKey,
    definition.data.eventTime,
    definition.target?.column,
    ...definition.excludeFeatures,
  ]);
  return new Map(
    Object.entries(definition.data.columns).flatMap(([name, rule]) =>
      hidden.has(name) ? [] : [[name, rule.type]],
    ),
  );
}

/** What a prediction takes of a row: what the model sees of it, and what its feature service is asked with, excluded or not. */
export const sentTypes = (definition: ProjectDefinition): Map<string, string> =>
  new Map([...featureTypes(definition), ...askedColumns(definition)]);

/** Predicts rows in requests of `batch`. */
export async function predictRows(
  client: ApiClient,
  project: string,
  rows: readonly Row[],
  batch: number,
): Promise<RowPrediction[]> {
  const { definition } = await client.call(readProject, { params: { project } });
  const types = sentTypes(definition);
  const predictions: RowPrediction[] = [];
  for (const part of chunks(rows, batch)) {
    const instances = part.map((row) =>
      Object.fromEntries(
        [...types].flatMap(([name, type]) =>
          row[name] === undefined ? [] : [[name, typedCell(row[name], type)]],
        ),
      ),
    );
    const answer: Answer = await client.call(predictEndpoint, { params: { project }, body: { instances } });
    predictions.push(
      ...answer.predictions.map((prediction, index) => ({
        key: part[index]?.[definition.data.primaryKey] ?? '',
        modelVersion: answer.modelVersion,
        ...prediction,
      })),
    );
  }
  return predictions;
}

export async function predict(
  { client, output }: CommandContext,
  project: string,
  path: string,
  options: { output?: string; batch: number },
): Promise<void> {
  const predictions = await predictRows(client, project, readCsv(path), options.batch);
  const missing = missingFeatures(predictions);
  if (missing) output.progress(missing);
  const classes = Object.keys(predictions[0]?.probabilities ?? {});
  const lines = [
    csvLine([
      'key',
      'inference_id',
      'model_version',
      'prediction',
      ...classes.map((name) => `probability_${name}`),
    ]),
    ...predictions.map((row) =>
      csvLine([
        row.key,
        row.inferenceId,
        row.modelVersion,
        row.value,
        ...classes.map((name) => row.probabilities?.[name] ?? ''),
      ]),
    ),
  ].join('\n');
  if (options.output) {
    writeFileSync(options.output, `${lines}\n`);
    output.progress(
      `${predictions.length} predictions are in ${options.output}. Keep it: \`millrace label ${project} <labels.csv> --predictions ${options.output}\` needs the inference ids.`,
    );
    return;
  }
  output.result(predictions, () => lines);
}

/** How many predictions were made without values of which views; undefined where all were there. */
export function missingFeatures(predictions: readonly Pick<RowPrediction, 'features'>[]): string | undefined {
  const views = predictions.flatMap(({ features }) =>
    Object.entries(features ?? {}).map(([view, status]) => `${view} (${status})`),
  );
  if (views.length === 0) return undefined;
  const counts = Object.entries(Object.groupBy(views, (view) => view)).map(
    ([view, all]) => `${view} in ${all?.length}`,
  );
  return `Of ${predictions.length} predictions, some were made without features: ${counts.join(', ')}.`;
}

/** Sends labels; inference ids come from the labels file itself (`inference_id`) or from the predictions file, by the project’s primary key. */
export async function label(
  { client, output }: CommandContext,
  project: string,
  path: string,
  options: { predictions?: string },
): Promise<void> {
  const { definition } = await client.call(readProject, { params: { project } });
  const ids = options.predictions
    ? new Map(readCsv(options.predictions).map((row) => [row['key'], row['inference_id']]))
    : undefined;
  const column = definition.target?.column;
  if (column === undefined) {
    throw new CliFailure(
      exitCodes.usage,
      `Project '${project}' has no target: it predicts nothing that could turn out to be true.`,
    );
  }
  const type = definition.data.columns[column]?.type ?? 'string';
  const labels = readCsv(path).map((row, index) => {
    const inferenceId = row['inference_id'] ?? ids?.get(row[definition.data.primaryKey] ?? '');
    const value = row[column];
    if (!inferenceId) {
      throw new CliFailure(
        exitCodes.usage,
        `Row ${index + 2} of '${path}' belongs to no prediction: give it a column inference_id, or name the file that \`millrace predict --output\` wrote with --predictions.`,
      );
    }
    if (value === undefined || value === '')
      throw new CliFailure(
        exitCodes.usage,
        `Row ${index + 2} of '${path}' has no value in the target column '${column}'.`,
      );
    return { inferenceId, value: typedCell(value, type) ?? '' };
  });
  const accepted = await sendLabels(client, project, labels);
  output.result({ accepted }, () => `${accepted} labels were accepted.`);
}

/** Sends labels in requests of at most 1,000. */
export async function sendLabels(
  client: ApiClient,
  project: string,
  labels: readonly { inferenceId: string; value: string | number | boolean }[],
): Promise<number> {
  let accepted = 0;
  for (const part of chunks(labels, 1000)) {
    accepted += (await client.call(sendGroundTruth, { params: { project }, body: { labels: part } }))
      .accepted;
  }
  return accepted;
}
