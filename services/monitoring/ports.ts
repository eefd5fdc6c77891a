import type * as z from 'zod';
import type { TrainingSet } from '#services/feature-store/contract.ts';
import type { driftEvaluation, performanceMeasurement } from '#services/monitoring/contract.ts';
import type { CapturedPrediction, GroundTruthLabel } from '#services/predictions/contract.ts';
import type { TrainedVersion } from '#services/registry/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { DriftScore, MonitoringSettings } from './domain/drift.ts';
import type { WindowLabels, WindowPredictions } from './domain/performance.ts';
import type { Question } from './domain/predicted.ts';
import type { BinnedColumn, ReferenceProfile } from './domain/profile.ts';
import type { OpenWindow } from './domain/window.ts';

export type DriftEvaluation = z.output<typeof driftEvaluation>;
export type PerformanceMeasurement = z.output<typeof performanceMeasurement>;

export interface Consumed {
  readonly consumer: string;
  readonly eventId: string;
}

/** What is known of a version’s reference without reading it. */
export interface Reference extends Question {
  readonly project: string;
  readonly modelVersion: number;
  readonly profile: StoredObject;
  /** Absent where nobody let the version predict held-out rows. */
  readonly prediction?: BinnedColumn;
}

/** A window that was judged. */
export interface ClosedWindow {
  readonly windowId: string;
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly startAt: string;
  readonly endAt: string;
  /** Distinct predictions. */
  readonly predictions: number;
  readonly closedAt: string;
  readonly verdict: DriftEvaluation['verdict'];
  readonly worst: readonly DriftScore[];
  readonly evaluation: StoredObject;
  /** WindowPredictions. */
  readonly predicted: StoredObject;
  /** WindowLabels; absent until the first. */
  readonly labels?: StoredObject;
  /** Counts the changes of its labels. */
  readonly labelsRevision: number;
  readonly performance?: PerformanceMeasurement;
}

export interface WindowClosing {
  readonly closed: ClosedWindow;
  /** Revision of the open window as it was read; 0 where its only file closes it. */
  readonly wasRevision: number;
  /** Whether the version counted and counts as drifting; absent where the window does not say. */
  readonly drifting?: { readonly was: boolean; readonly is: boolean };
  readonly events: readonly DomainEvent[];
  readonly consumed?: Consumed;
}

export interface MonitoringStore {
  readReference(project: string, modelVersion: number): Promise<Reference | undefined>;
  /** Writes the same again without harm. */
  saveReference(reference: Reference, consumed: Consumed): Promise<void>;
  readOpenWindow(project: string, modelVersion: number): Promise<OpenWindow | undefined>;
  listOpenWindows(project: string): Promise<readonly OpenWindow[]>;
  /** Throws WindowChanged (conflict) unless the stored window is one revision older, or absent for revision 1. */
  saveOpenWindow(window: OpenWindow, captureUri: string, consumed: Consumed): Promise<void>;
  listCaptures(windowId: string): Promise<readonly string[]>;
  isDrifting(project: string, modelVersion: number): Promise<boolean>;
  /** The open window becomes a closed one. Throws WindowChanged when somebody closed it or added to it. */
  closeWindow(closing: WindowClosing): Promise<void>;
  readWindow(project: string, windowId: string): Promise<ClosedWindow | undefined>;
  /** Newest first. */
  listWindows(project: string, limit: number): Promise<readonly ClosedWindow[]>;
  /** Remembers a file of labels for windows that close later. */
  saveLabelFile(project: string, receivedAt: string, file: StoredObject): Promise<void>;
  listLabelFiles(project: string, since: string): Promise<readonly StoredObject[]>;
  /** Throws WindowChanged when labels of one of the windows changed meanwhile. */
  savePerformance(
    windows: readonly ClosedWindow[],
    events: readonly DomainEvent[],
    consumed: Consumed,
  ): Promise<void>;
}

/** What monitoring reads and keeps in S3. Objects are named by their content, so that nobody overwrites what another refers to. */
export interface MonitoringObjects {
  /** Gives the lines of a text object that may be large. */
  withLines<Result>(
    object: StoredObject,
    run: (lines: AsyncIterable<string>) => Promise<Result>,
  ): Promise<Result>;
  readCapture(uri: string): Promise<CapturedPrediction[]>;
  readLabels(file: StoredObject): Promise<GroundTruthLabel[]>;
  writeProfile(profile: ReferenceProfile): Promise<StoredObject>;
  readProfile(object: StoredObject): Promise<ReferenceProfile>;
  writeEvaluation(evaluation: DriftEvaluation, project: string): Promise<StoredObject>;
  readEvaluation(object: StoredObject): Promise<DriftEvaluation>;
  writePredicted(window: WindowRef, predicted: WindowPredictions): Promise<StoredObject>;
  readPredicted(object: StoredObject): Promise<WindowPredictions>;
  writeWindowLabels(window: WindowRef, labels: WindowLabels): Promise<StoredObject>;
  readWindowLabels(object: StoredObject): Promise<WindowLabels>;
}
export type WindowRef = Pick<ClosedWindow, 'project' | 'modelVersion' | 'windowId'>;

export interface Projects {
  settings(project: string): Promise<MonitoringSettings>;
  names(): Promise<readonly string[]>;
}

/** Writes the metric that canary alarms look at. */
export interface PredictionMeter {
  record(subject: { readonly project: string; readonly modelVersion: number }, psi: number): void;
}

/** The part of a registered version that a reference is made of: what it was trained on, and what it predicted for held-out rows. */
export type ReferenceSource = Pick<TrainedVersion, 'project' | 'modelVersion' | 'signature'> & {
  readonly reference: { readonly features: StoredObject; readonly predictions?: StoredObject };
};

/** The feature store. */
export interface TrainingSets {
  /** The one of a project that was built last. */
  newest(project: string): Promise<Pick<TrainingSet, 'signature' | 'trainFeatures'> | undefined>;
}
