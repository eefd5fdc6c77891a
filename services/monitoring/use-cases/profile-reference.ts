import { parsePredictions } from '#services/evaluation/contract.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { monitoredPrediction, type Question } from '../domain/predicted.ts';
import { profileFeature, profilePrediction, type ReferenceProfile, sampleRows } from '../domain/profile.ts';
import { createReservoir, type Reservoir } from '../domain/reservoir.ts';
import type { Consumed, MonitoringObjects, MonitoringStore, ReferenceSource } from '../ports.ts';

export interface ProfileReferenceDeps {
  readonly store: MonitoringStore;
  readonly objects: MonitoringObjects;
}

/**
 * Makes the reference of a registered version from its training features (CSV without header, in the order of the signature's
 * inputs) and, where there are any, held-out predictions. Throws InvalidReference, naming the line, where the files do not fit the signature.
 */
export async function profileReference(
  { store, objects }: ProfileReferenceDeps,
  version: ReferenceSource,
  consumed: Consumed,
): Promise<void> {
  const { project, modelVersion, signature, reference } = version;
  const { inputs, task, classes } = signature;
  const [rows, prediction] = await Promise.all([
    objects.withLines(reference.features, (lines) => sampleOf(lines, sampleRows(inputs.length))),
    reference.predictions && predictionOf(objects, reference.predictions, { task, classes }),
  ]);
  assertNotEmpty(rows, reference.features.uri);
  const columns = columnsOf(rows.sample, inputs.length, reference.features.uri);
  const profile: ReferenceProfile = {
    schemaVersion: 1,
    project,
    modelVersion,
    trainingRows: rows.seen,
    features: inputs.map(({ name }, place) => profileFeature(name, columns[place]!)),
    ...(prediction ? { prediction } : {}),
  };
  const stored = await objects.writeProfile(profile);
  const binned = prediction && { binning: prediction.binning, counts: prediction.counts };
  await store.saveReference(
    { project, modelVersion, task, classes, profile: stored, ...(binned ? { prediction: binned } : {}) },
    consumed,
  );
}

async function predictionOf(objects: MonitoringObjects, predictions: StoredObject, question: Question) {
  const predicted = await objects.withLines(predictions, (lines) => sampleOf(lines, sampleRows(1)));
  assertNotEmpty(predicted, predictions.uri);
  return profilePrediction(predictedValues(predicted.sample, question));
}

async function sampleOf(lines: AsyncIterable<string>, capacity: number): Promise<Reservoir<string>> {
  const reservoir = createReservoir<string>(capacity);
  for await (const line of lines) if (line.trim() !== '') reservoir.add(line);
  return reservoir;
}

function columnsOf(lines: readonly string[], width: number, uri: string): (number | null)[][] {
  const columns = Array.from({ length: width }, () => new Array<number | null>(lines.length).fill(null));
  lines.forEach((line, row) => {
    const fields = line.split(',');
    if (fields.length !== width)
      throw invalid(uri, line, `has ${fields.length} fields, the model has ${width} inputs`);
    fields.forEach((field, place) => {
      const value = field === '' ? null : Number(field);
      if (Number.isNaN(value)) throw invalid(uri, line, `holds '${field.slice(0, 40)}', which is no number`);
      columns[place]![row] = value;
    });
  });
  return columns;
}

function predictedValues(lines: readonly string[], question: Question) {
  return parsePredictions(lines.join('\n')).map((numbers) => monitoredPrediction(numbers, question));
}

function assertNotEmpty(rows: Reservoir<string>, uri: string): void {
  if (rows.seen === 0)
    throw new AppError('precondition_failed', 'InvalidReference', `${uri} holds no row to compare with.`);
}

function invalid(uri: string, line: string, what: string): AppError {
  return new AppError(
    'precondition_failed',
    'InvalidReference',
    `The line '${line.slice(0, 80)}' of ${uri} ${what}. Train again, so that the training set is written anew.`,
  );
}
