import type { DriftScore, MonitoringSettings } from './drift.ts';

/** The window of a model version that is filling. It holds capture files whole; what they hold is counted before repeats are known. */
export interface OpenWindow {
  readonly windowId: string;
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  /** When its first file came. */
  readonly openedAt: string;
  /** Time of its first and last prediction. */
  readonly startAt: string;
  readonly endAt: string;
  readonly predictions: number;
  /** Its predictions over the bins of the reference’s. */
  readonly predictionCounts: readonly number[];
  /** As the project had them when the window opened. */
  readonly settings: MonitoringSettings;
  /** Grows with each file. */
  readonly revision: number;
}

/** One capture file’s part in a window. */
export interface Batch {
  readonly predictions: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly predictionCounts: readonly number[];
}

export function addBatch(window: OpenWindow, batch: Batch): OpenWindow {
  return {
    ...window,
    startAt: [batch.firstAt, window.startAt].sort()[0]!,
    endAt: [batch.lastAt, window.endAt].sort()[1]!,
    predictions: window.predictions + batch.predictions,
    predictionCounts: batch.predictionCounts.map((count, bin) => count + (window.predictionCounts[bin] ?? 0)),
    revision: window.revision + 1,
  };
}

const msPerMinute = 60_000;

/** Whether a window is to be judged: it is full, or has been open long enough. */
export function isDue({ predictions, openedAt, settings }: OpenWindow, now: Date): boolean {
  return (
    predictions >= settings.windowPredictions ||
    now.getTime() - Date.parse(openedAt) >= settings.windowMinutes * msPerMinute
  );
}

/** Newest first, at most so many per model version and none that closed before: labels are joined to these only. */
export function recentWindows<Window extends { readonly modelVersion: number; readonly closedAt: string }>(
  windows: readonly Window[],
  now: Date,
): Window[] {
  const oldest = now.getTime() - joinedDays * 86_400_000;
  const perVersion = new Map<number, number>();
  return windows.filter(({ modelVersion, closedAt }) => {
    const place = (perVersion.get(modelVersion) ?? 0) + 1;
    perVersion.set(modelVersion, place);
    return place <= joinedWindowsPerVersion && Date.parse(closedAt) >= oldest;
  });
}
/** Labels are joined to windows that closed in so many days, as long as predictions keep their captures. */
export const joinedDays = 30;
const joinedWindowsPerVersion = 20;

/** Whether this finding is news: drift is told of once per model version until a window is stable again. */
export function driftIsNews(drifting: boolean, verdict: 'Stable' | 'Drift' | 'InsufficientData'): boolean {
  return verdict === 'Drift' && !drifting;
}

/** Few enough for an event. */
export const worstScores = (scores: readonly DriftScore[]): DriftScore[] => scores.slice(0, 10);
