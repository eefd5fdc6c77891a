import type * as z from 'zod';
import { ExperimentChanged, RunChanged, RunFinished } from '#events/tracking.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import { type DomainEvent, type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Experiment } from '../domain/experiment.ts';
import { isFinal, numberOf, type TrackedRun } from '../domain/run.ts';
import type { CoreDeps } from './deps.ts';

type Clocked = Pick<CoreDeps, 'clock' | 'ids'>;

/** An event has 256 KB at most: of longer tag values the beginning is told, of many metrics the first by name. */
const maxToldValueLength = 1000;
const maxToldTags = 50;
const maxToldMetrics = 2000;

const maxActorIdLength = 128;

/** Metadata of a fact that a caller brought about by a request. */
export const factOf = ({ clock, ids }: Clocked, caller: Caller, project: string): EventMetadata =>
  startingJourney({
    eventId: ids.next(),
    occurredAt: clock.now(),
    project,
    actor: { type: 'user', id: caller.id.slice(0, maxActorIdLength) },
  });

type ExperimentChange = z.input<typeof ExperimentChanged.data>;
type RunChangeData = z.input<typeof RunChanged.data>;

export function experimentChanged(
  deps: Clocked,
  caller: Caller,
  { project, experimentId, name }: Experiment,
  change: Omit<ExperimentChange, 'project' | 'experimentId' | 'name'>,
): DomainEvent {
  return ExperimentChanged.create(factOf(deps, caller, project), { project, experimentId, name, ...change });
}

export function runChanged(
  deps: Clocked,
  caller: Caller,
  { project, experimentId, runId, name }: TrackedRun,
  change: Omit<RunChangeData, 'project' | 'experimentId' | 'runId' | 'runName'>,
): DomainEvent {
  return RunChanged.create(factOf(deps, caller, project), {
    project,
    experimentId,
    runId,
    runName: name,
    ...change,
  });
}

/** Tags as an event tells of them. */
export const toldTags = (tags: Iterable<readonly [string, string]>): Record<string, string> =>
  Object.fromEntries(
    [...tags].slice(0, maxToldTags).map(([key, value]) => [key, value.slice(0, maxToldValueLength)]),
  );

/** RunFinished, where the change ended the run; metrics that are no numbers are left out. */
export function runFinished(
  metadata: () => EventMetadata,
  before: TrackedRun,
  after: TrackedRun,
): DomainEvent | undefined {
  if (!isFinal(after.status) || before.status === after.status) return undefined;
  const { project, experimentId, runId, status } = after;
  const metrics = Object.entries(after.metrics)
    .map(([key, latest]) => [key, numberOf(latest)] as const)
    .filter(([, value]) => Number.isFinite(value))
    .slice(0, maxToldMetrics);
  return RunFinished.create(metadata(), {
    project,
    experimentId,
    runId,
    status,
    metrics: Object.fromEntries(metrics),
  });
}
