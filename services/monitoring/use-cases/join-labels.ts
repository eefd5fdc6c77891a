import type * as z from 'zod';
import { PerformanceMeasured } from '#events/monitoring.ts';
import type { GroundTruthReceived } from '#events/predictions.ts';
import { measure } from '#services/evaluation/contract.ts';
import type { GroundTruthLabel } from '#services/predictions/contract.ts';
import type { DomainEvent, EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { MonitoringSettings } from '../domain/drift.ts';
import { judgePerformance, labelledRows, mergeLabels, type WindowLabels } from '../domain/performance.ts';
import { recentWindows } from '../domain/window.ts';
import type {
  ClosedWindow,
  Consumed,
  MonitoringObjects,
  MonitoringStore,
  PerformanceMeasurement,
  Projects,
} from '../ports.ts';
import { findingOf } from './facts.ts';
import { untilUnchanged } from './retry.ts';

export interface JoinLabelsDeps {
  readonly store: MonitoringStore;
  readonly objects: MonitoringObjects;
  readonly projects: Projects;
  readonly clock: Clock;
}

/** All windows of a file of labels change in one transaction of at most 100 writes, two for each window. */
const maxJoinedWindows = 40;

export interface JoinedLabels {
  readonly labels: number;
  /** Labels whose inference id stands in no recent closed window: unknown, too old, or of a window that is still open. */
  readonly unmatched: number;
  readonly windows: number;
}

/** Joins a file of labels to the recent windows by inference id, measures those whose labels changed, and keeps the file for windows that close later. */
export async function receiveLabels(
  deps: JoinLabelsDeps,
  { metadata, data }: { metadata: EventMetadata; data: z.output<typeof GroundTruthReceived.data> },
  consumed: Consumed,
): Promise<JoinedLabels> {
  const { project, labels: file } = data;
  // Before the windows are read: one that closes from now on finds the file, one that closed before is found below.
  await deps.store.saveLabelFile(project, metadata.occurredAt, file);
  const [labels, { performance }] = await Promise.all([
    deps.objects.readLabels(file),
    deps.projects.settings(project),
  ]);
  const ids = new Set(labels.map(({ inferenceId }) => inferenceId));
  return untilUnchanged(async () => {
    const known = new Set<string>();
    const closed = recentWindows(await deps.store.listWindows(project, maxJoinedWindows), deps.clock.now());
    const measured: Measured[] = [];
    for (const window of closed) {
      const joined = await joinWindow(deps, window, labels, { performance, cause: metadata });
      for (const id of joined.inferenceIds) if (ids.has(id)) known.add(id);
      if (joined.measured) measured.push(joined.measured);
    }
    await saveMeasured(deps, measured, consumed);
    return { labels: ids.size, unmatched: ids.size - known.size, windows: measured.length };
  });
}

/** Joins the labels that came while the window was open. Throws WindowNotFound for a window that monitoring did not close. */
export async function joinEarlierLabels(
  deps: JoinLabelsDeps,
  { metadata, project, windowId }: { metadata: EventMetadata; project: string; windowId: string },
  consumed: Consumed,
): Promise<void> {
  const { performance } = await deps.projects.settings(project);
  await untilUnchanged(async () => {
    const window = await deps.store.readWindow(project, windowId);
    if (!window)
      throw new AppError('not_found', 'WindowNotFound', `Project '${project}' has no window '${windowId}'.`);
    const files = await deps.store.listLabelFiles(project, window.startAt);
    const labels = (await Promise.all(files.map((file) => deps.objects.readLabels(file)))).flat();
    const { measured } = await joinWindow(deps, window, labels, { performance, cause: metadata });
    await saveMeasured(deps, measured ? [measured] : [], consumed);
  });
}

interface Measured {
  readonly window: ClosedWindow;
  readonly event: DomainEvent;
}

async function joinWindow(
  { objects, clock }: JoinLabelsDeps,
  window: ClosedWindow,
  labels: readonly GroundTruthLabel[],
  { performance, cause }: { performance: MonitoringSettings['performance']; cause: EventMetadata },
): Promise<{ inferenceIds: readonly string[]; measured?: Measured }> {
  const [predicted, known] = await Promise.all([
    objects.readPredicted(window.predicted),
    window.labels ? objects.readWindowLabels(window.labels) : ({} satisfies WindowLabels),
  ]);
  const { inferenceIds } = predicted;
  const merged = mergeLabels(predicted, known, labels);
  if (merged === known) return { inferenceIds };
  const rows = labelledRows(predicted, merged);
  const { metrics } = measure(predicted.task, rows.labels, rows.predictions);
  const labelled = rows.labels.length;
  const at = clock.now();
  const { project, model, modelVersion, windowId, startAt, endAt, predictions } = window;
  const measurement: PerformanceMeasurement = {
    model,
    modelVersion,
    window: { windowId, startAt, endAt, predictions },
    verdict: judgePerformance(performance, metrics, labelled),
    metrics: { ...metrics },
    labelled,
    coverage: labelled / predictions,
    measuredAt: at.toISOString(),
  };
  const labelsRevision = window.labelsRevision + 1;
  const { measuredAt, ...finding } = measurement;
  return {
    inferenceIds,
    measured: {
      window: {
        ...window,
        labels: await objects.writeWindowLabels(window, merged),
        labelsRevision,
        performance: measurement,
      },
      event: PerformanceMeasured.create(findingOf(window, `performance-${labelsRevision}`, { at, cause }), {
        project,
        ...finding,
      }),
    },
  };
}

async function saveMeasured(
  { store }: JoinLabelsDeps,
  measured: readonly Measured[],
  consumed: Consumed,
): Promise<void> {
  await store.savePerformance(
    measured.map(({ window }) => window),
    measured.map(({ event }) => event),
    consumed,
  );
}
