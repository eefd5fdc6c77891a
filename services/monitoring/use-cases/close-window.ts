import { DriftDetected, DriftEvaluated } from '#events/monitoring.ts';
import type { Actor, DomainEvent, EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { type DriftFinding, judgeDrift, type WindowSample } from '../domain/drift.ts';
import { featureValues, monitoredPrediction, predictedNumbers } from '../domain/predicted.ts';
import { type ReferenceProfile, sampleRows } from '../domain/profile.ts';
import { createReservoir } from '../domain/reservoir.ts';
import { driftIsNews, type OpenWindow, worstScores } from '../domain/window.ts';
import type {
  ClosedWindow,
  Consumed,
  DriftEvaluation,
  MonitoringObjects,
  MonitoringStore,
  Reference,
} from '../ports.ts';
import { findingOf } from './facts.ts';

export interface CloseWindowDeps {
  readonly store: MonitoringStore;
  readonly objects: MonitoringObjects;
  readonly clock: Clock;
}

export interface WhyClosed {
  /** The file that was added last and is not stored with the window yet. */
  readonly lastCaptureUri?: string;
  /** The batch that made it due. */
  readonly cause?: EventMetadata;
  /** Who asked for it; monitoring itself when absent. */
  readonly actor?: Actor;
  readonly consumed?: Consumed;
}

/** So many files of a window are read at once. */
const concurrentReads = 8;
/** How many of the newest windows are looked through for the one before. */
const lookBack = 20;
/** DriftDetected carries at most so many scores. */
const detectedScores = 50;

/** Judges a window against the reference, closes it and tells of it. Throws WindowChanged when somebody closed it or added to it meanwhile. */
export async function closeWindow(
  deps: CloseWindowDeps,
  open: OpenWindow,
  why: WhyClosed,
): Promise<DriftEvaluation> {
  const { store, objects } = deps;
  const { project, modelVersion, windowId } = open;
  const [reference, stored, before, drifting] = await Promise.all([
    store.readReference(project, modelVersion),
    store.listCaptures(windowId),
    predictedBefore(deps, open),
    store.isDrifting(project, modelVersion),
  ]);
  if (!reference)
    throw new AppError('not_found', 'ReferenceMissing', `Version ${modelVersion} has no reference.`);
  const profile = await objects.readProfile(reference.profile);
  const uris = why.lastCaptureUri ? [...new Set([...stored, why.lastCaptureUri])] : stored;
  const content = await readWindow(objects, uris, before, reference, profile);
  const predictions = content.inferenceIds.length;
  const finding = judgeDrift(profile, content.sample, predictions, open.settings);
  const closedAt = deps.clock.now();
  const evaluation = evaluationOf(open, predictions, finding, closedAt);
  const { inferenceIds, predicted } = content;
  const { task, classes } = reference;
  const [evaluationObject, predictedObject] = await Promise.all([
    objects.writeEvaluation(evaluation, project),
    objects.writePredicted(open, { task, classes, inferenceIds, predictions: predicted }),
  ]);
  const closed: ClosedWindow = {
    windowId,
    project,
    model: open.model,
    modelVersion,
    startAt: open.startAt,
    endAt: open.endAt,
    predictions,
    closedAt: closedAt.toISOString(),
    verdict: finding.verdict,
    worst: worstScores(finding.scores),
    evaluation: evaluationObject,
    predicted: predictedObject,
    labelsRevision: 0,
  };
  await store.closeWindow({
    closed,
    wasRevision: open.revision - (why.lastCaptureUri ? 1 : 0),
    ...(finding.verdict === 'InsufficientData'
      ? {}
      : { drifting: { was: drifting, is: finding.verdict === 'Drift' } }),
    events: factsOf(project, evaluation, finding, { drifting, at: closedAt, why }),
    ...(why.consumed ? { consumed: why.consumed } : {}),
  });
  return evaluation;
}

/** A line that was captured twice may stand in the window before, too: its inference ids are left out of this one. */
async function predictedBefore(
  { store, objects }: CloseWindowDeps,
  { project, modelVersion }: OpenWindow,
): Promise<readonly string[]> {
  const windows = await store.listWindows(project, lookBack);
  const before = windows.find((window) => window.modelVersion === modelVersion);
  return before ? (await objects.readPredicted(before.predicted)).inferenceIds : [];
}

interface WindowContent {
  readonly inferenceIds: string[];
  readonly predicted: number[][];
  readonly sample: WindowSample;
}

/** Reads the capture files in order, some at once, and takes each inference id the first time. */
async function readWindow(
  objects: MonitoringObjects,
  uris: readonly string[],
  before: readonly string[],
  reference: Reference,
  profile: ReferenceProfile,
): Promise<WindowContent> {
  const inputs = profile.features.map(({ name }) => name);
  const rows = createReservoir<{ features: (number | null)[]; prediction: number | string | null }>(
    sampleRows(inputs.length),
  );
  const seen = new Set(before);
  const inferenceIds: string[] = [];
  const predicted: number[][] = [];
  for (let from = 0; from < uris.length; from += concurrentReads) {
    const files = await Promise.all(
      uris.slice(from, from + concurrentReads).map((uri) => objects.readCapture(uri)),
    );
    for (const { inferenceId, features, prediction } of files.flat()) {
      if (seen.has(inferenceId)) continue;
      seen.add(inferenceId);
      const numbers = predictedNumbers(prediction, reference);
      inferenceIds.push(inferenceId);
      predicted.push(numbers);
      rows.add({
        features: featureValues(features, inputs),
        prediction: monitoredPrediction(numbers, reference),
      });
    }
  }
  return {
    inferenceIds,
    predicted,
    sample: {
      features: rows.sample.map(({ features }) => features),
      predictions: rows.sample.map(({ prediction }) => prediction),
    },
  };
}

function evaluationOf(
  { model, modelVersion, windowId, startAt, endAt }: OpenWindow,
  predictions: number,
  { verdict, scores, histograms }: DriftFinding,
  evaluatedAt: Date,
): DriftEvaluation {
  return {
    model,
    modelVersion,
    window: { windowId, startAt, endAt, predictions },
    verdict,
    evaluatedAt: evaluatedAt.toISOString(),
    scores: [...scores],
    histograms: { ...histograms },
  };
}

function factsOf(
  project: string,
  { model, modelVersion, window, verdict }: DriftEvaluation,
  { kind, scores }: DriftFinding,
  { drifting, at, why }: { drifting: boolean; at: Date; why: WhyClosed },
): DomainEvent[] {
  const subject = { project, model, modelVersion, window };
  const metadata = (what: string) =>
    findingOf({ project, windowId: window.windowId }, what, { at, actor: why.actor, cause: why.cause });
  const evaluated = DriftEvaluated.create(metadata('evaluated'), {
    ...subject,
    verdict,
    worst: worstScores(scores),
  });
  if (!kind || !driftIsNews(drifting, verdict)) return [evaluated];
  const moved = scores.filter((score) => score.drifted).slice(0, detectedScores);
  return [evaluated, DriftDetected.create(metadata('drift'), { ...subject, kind, scores: moved })];
}
