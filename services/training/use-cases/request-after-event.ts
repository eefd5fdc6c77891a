import type * as z from 'zod';
import type { DriftDetected, PerformanceMeasured } from '#events/monitoring.ts';
import type { ValidationCompleted } from '#events/validation.ts';
import type { EventDefinition, EventMetadata } from '#shared/contracts/event.ts';
import type { Consumed, Origin } from '../ports.ts';
import type { GovernorDeps } from './governor-memory.ts';
import { requestTraining } from './request-training.ts';

interface Detail<Event> {
  readonly metadata: EventMetadata;
  readonly data: Event extends EventDefinition<infer Schema> ? z.output<Schema> : never;
}

/**
 * New data that passed validation asks for a training on exactly that version, and so does data that passed later, under another contract or with
 * rows released from quarantine, while it is the newest. Other verdicts ask for nothing, and neither do rows that were erased.
 */
export async function requestAfterValidation(
  deps: GovernorDeps,
  { metadata, data }: Detail<typeof ValidationCompleted>,
): Promise<void> {
  if (data.verdict !== 'Pass' && data.verdict !== 'Warn') return;
  if (data.occasion === 'erasure') return;
  if (data.occasion === 'release' || data.occasion === 'contract') {
    const newest = await deps.neighbours.newestValidatedDataset(data.project);
    if (newest !== undefined && newest > data.datasetVersion) return;
  }
  await requestTraining(deps, {
    project: data.project,
    trigger: 'Data',
    reasons: [
      `Dataset version ${data.datasetVersion} passed validation${occasions[data.occasion ?? 'upload']} (${data.verdict}, ${data.validRows} rows).`,
    ],
    datasetVersion: data.datasetVersion,
    ...following(metadata, 'on-validation-completed'),
  });
}

const occasions = {
  upload: '',
  contract: ' under another contract',
  release: ' with rows released from quarantine',
} as const;

/** Drift asks for a training on the newest validated data. */
export async function requestAfterDrift(
  deps: GovernorDeps,
  { metadata, data }: Detail<typeof DriftDetected>,
): Promise<void> {
  const subjects = data.scores.map(({ subject }) => subject).join(', ');
  await requestTraining(deps, {
    project: data.project,
    trigger: 'Drift',
    reasons: [
      `The ${data.kind} of version ${data.modelVersion} drifted in window ${data.window.windowId}: ${subjects}.`,
    ],
    ...following(metadata, 'on-drift-detected'),
  });
}

/** A degraded performance asks for a training on the newest validated data. Other verdicts ask for nothing. */
export async function requestAfterPerformance(
  deps: GovernorDeps,
  { metadata, data }: Detail<typeof PerformanceMeasured>,
): Promise<void> {
  if (data.verdict !== 'Degraded') return;
  const metrics = Object.entries(data.metrics).map(([name, value]) => `${name} ${value}`);
  await requestTraining(deps, {
    project: data.project,
    trigger: 'Performance',
    reasons: [
      `Version ${data.modelVersion} degraded in window ${data.window.windowId}: ${metrics.join(', ')}.`,
    ],
    ...following(metadata, 'on-performance-measured'),
  });
}

function following(cause: EventMetadata, handler: string): { origin: Origin; consumed: Consumed } {
  return {
    origin: { actor: cause.actor, cause },
    consumed: { consumer: `training/${handler}`, eventId: cause.eventId },
  };
}
