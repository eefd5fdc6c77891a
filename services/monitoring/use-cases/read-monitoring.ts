import type * as z from 'zod';
import type { readDrift as driftEndpoint } from '#services/monitoring/contract.ts';
import type {
  DriftEvaluation,
  MonitoringObjects,
  MonitoringStore,
  PerformanceMeasurement,
} from '../ports.ts';

/** An answer of 50 evaluations must fit into Lambda’s 6 MB: of wide models the worst features are shown. */
const shownScores = 100;
/** How far back labelled windows are looked for. */
const maxWindows = 200;

/** The newest evaluations and, of the open windows, the one that got predictions last. */
export async function readDrift(
  { store, objects }: { store: MonitoringStore; objects: MonitoringObjects },
  project: string,
  limit: number,
): Promise<z.input<typeof driftEndpoint.response>> {
  const [closed, open] = await Promise.all([
    store.listWindows(project, limit),
    store.listOpenWindows(project),
  ]);
  const evaluations = await Promise.all(closed.map(({ evaluation }) => objects.readEvaluation(evaluation)));
  const filling = [...open].sort((a, b) => (a.endAt < b.endAt ? 1 : -1))[0];
  return {
    evaluations: evaluations.map(worstOf),
    ...(filling
      ? {
          openWindow: {
            modelVersion: filling.modelVersion,
            predictions: filling.predictions,
            startedAt: filling.startAt,
          },
        }
      : {}),
  };
}

/** The evaluation with at most 100 features, the worst, and the prediction. */
export function worstOf(evaluation: DriftEvaluation): DriftEvaluation {
  const scores = evaluation.scores.filter(
    ({ subject }, place) => place < shownScores || subject === 'prediction',
  );
  const shown = new Set(scores.map(({ subject }) => subject));
  const histograms = Object.entries(evaluation.histograms).filter(([subject]) => shown.has(subject));
  return { ...evaluation, scores, histograms: Object.fromEntries(histograms) };
}

/** Newest first. */
export async function readPerformance(
  { store }: { store: MonitoringStore },
  project: string,
  limit: number,
): Promise<PerformanceMeasurement[]> {
  const windows = await store.listWindows(project, maxWindows);
  return windows.flatMap(({ performance }) => (performance ? [performance] : [])).slice(0, limit);
}
