import { DriftEvaluated } from '#events/monitoring.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { joinEarlierLabels } from '../use-cases/join-labels.ts';
import { openMonitoring } from './composition.ts';

const deps = openMonitoring();

/** Monitoring’s own fact says that a window closed: a crash between closing and joining loses nothing. */
export const handler = eventHandler(DriftEvaluated, ({ detail: { metadata, data } }) =>
  joinEarlierLabels(
    deps,
    { metadata, project: data.project, windowId: data.window.windowId },
    { consumer: 'monitoring/on-drift-evaluated', eventId: metadata.eventId },
  ),
);
