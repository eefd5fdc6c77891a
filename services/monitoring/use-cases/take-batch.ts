import type * as z from 'zod';
import type { PredictionBatchCaptured } from '#events/predictions.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { countBins } from '../domain/binning.ts';
import { monitoredPrediction, predictedNumbers } from '../domain/predicted.ts';
import { stabilityOf } from '../domain/profile.ts';
import { addBatch, type Batch, isDue, type OpenWindow } from '../domain/window.ts';
import type { Consumed, PredictionMeter, Projects, Reference } from '../ports.ts';
import { type CloseWindowDeps, closeWindow } from './close-window.ts';
import { untilUnchanged } from './retry.ts';

/** From so many predictions on the index means something (services/monitoring/contract.ts). */
const minMeteredPredictions = 50;

type CapturedBatch = z.output<typeof PredictionBatchCaptured.data>;

export interface TakeBatchDeps extends CloseWindowDeps {
  readonly projects: Projects;
  readonly ids: IdGenerator;
  readonly meter: PredictionMeter;
}

/**
 * Puts a capture file into the open window of its model version, closes the window when it is due, and meters how far its
 * predictions are from the reference. Throws ReferenceMissing (unavailable) while the version has no reference.
 */
export async function takeBatch(
  deps: TakeBatchDeps,
  { metadata, data }: { metadata: EventMetadata; data: CapturedBatch },
  consumed: Consumed,
): Promise<void> {
  const { project, modelVersion, capture } = data;
  const reference = await requireReference(deps, project, modelVersion);
  const batch = await countBatch(deps, data, reference);
  const window = await untilUnchanged(async () => {
    const known = await deps.store.readOpenWindow(project, modelVersion);
    const grown = addBatch(known ?? (await openWindow(deps, data)), batch);
    if (isDue(grown, deps.clock.now()))
      await closeWindow(deps, grown, { lastCaptureUri: capture.uri, cause: metadata, consumed });
    else await deps.store.saveOpenWindow(grown, capture.uri, consumed);
    return grown;
  });
  if (!reference.prediction || window.predictions < minMeteredPredictions) return;
  deps.meter.record({ project, modelVersion }, stabilityOf(reference.prediction, window.predictionCounts));
}

async function requireReference(
  { store }: TakeBatchDeps,
  project: string,
  modelVersion: number,
): Promise<Reference> {
  const reference = await store.readReference(project, modelVersion);
  if (reference) return reference;
  throw new AppError(
    'unavailable',
    'ReferenceMissing',
    `Version ${modelVersion} of '${project}' has no reference yet, so its predictions cannot be compared. If that stays so, look for its ModelVersionRegistered among the dead letters of monitoring, send it again, then this event.`,
  );
}

async function countBatch(
  { objects }: TakeBatchDeps,
  data: CapturedBatch,
  reference: Reference,
): Promise<Batch> {
  const lines = await objects.readCapture(data.capture.uri);
  const distinct = new Map(lines.map((line) => [line.inferenceId, line.prediction]));
  const values = [...distinct.values()].map((prediction) =>
    monitoredPrediction(predictedNumbers(prediction, reference), reference),
  );
  return {
    predictions: distinct.size,
    firstAt: data.firstAt,
    lastAt: data.lastAt,
    predictionCounts: reference.prediction ? countBins(reference.prediction.binning, values) : [],
  };
}

async function openWindow(deps: TakeBatchDeps, data: CapturedBatch): Promise<OpenWindow> {
  const { project, model, modelVersion, firstAt, lastAt } = data;
  return {
    windowId: deps.ids.next(),
    project,
    model,
    modelVersion,
    openedAt: deps.clock.now().toISOString(),
    startAt: firstAt,
    endAt: lastAt,
    predictions: 0,
    predictionCounts: [],
    settings: await deps.projects.settings(project),
    revision: 0,
  };
}
