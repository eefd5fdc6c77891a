import type * as z from 'zod';
import type { run as runContract } from '#services/tracking/contract.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { encodePageToken, type Page } from '#shared/kernel/paging.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import { experimentIdOf } from '../domain/identifiers.ts';
import { numberOf, type TrackedRun } from '../domain/run.ts';
import { effectiveStage } from './change-run.ts';
import type { CoreDeps } from './deps.ts';
import { runNotFound } from './heads.ts';
import { positionOf } from './search-runs.ts';

type ProjectRun = z.output<typeof runContract>;

/** A run, active or deleted. Throws RunNotFound. */
export async function readTrackedRun(
  { runs }: Pick<CoreDeps, 'runs'>,
  caller: Caller,
  runId: string,
): Promise<TrackedRun> {
  const found = await runs.readWithExperiment(runId);
  if (!found) throw runNotFound(runId);
  const { run } = found.state;
  assertMay(caller, 'viewer', run.project, runNotFound(runId));
  return { ...run, lifecycleStage: effectiveStage(run, found.experiment) };
}

const pageRuns = 50;

/** Runs of a project's experiment, the last started first. Throws InvalidPageToken. */
export async function listRuns(
  { runIndex }: Pick<CoreDeps, 'runIndex'>,
  project: string,
  pageToken: string | undefined,
): Promise<Page<ProjectRun>> {
  const sources = [{ experimentId: experimentIdOf(project), stage: 'active' }] as const;
  const items: TrackedRun[] = [];
  for await (const run of runIndex.newestFirst(sources, {
    after: positionOf(pageToken),
    count: pageRuns,
  })) {
    const last = items.at(-1);
    if (items.length === pageRuns && last) {
      const { runId, startTime } = last;
      return { items: items.map(projectRun), nextPageToken: encodePageToken({ runId, startTime }) };
    }
    items.push(run);
  }
  return { items: items.map(projectRun) };
}

/** Throws RunNotFound, also for a run of another project. */
export async function readRun(
  { runs }: Pick<CoreDeps, 'runs'>,
  project: string,
  runId: string,
): Promise<ProjectRun> {
  const state = await runs.read(runId);
  if (!state || state.run.project !== project) throw projectRunNotFound(project, runId);
  return projectRun(state.run);
}

export const projectRunNotFound = (project: string, runId: string): AppError =>
  new AppError(
    'not_found',
    'RunNotFound',
    `Project '${project}' has no run '${runId}'. List its runs to see which there are.`,
  );

/** A run as the platform's own API shows it: metrics that are no numbers are left out. */
function projectRun(run: TrackedRun): ProjectRun {
  const { runId, experimentId, project, name, status, startTime, endTime, params, tags } = run;
  const metrics = Object.entries(run.metrics)
    .map(([key, latest]) => [key, numberOf(latest)] as const)
    .filter(([, value]) => Number.isFinite(value));
  return {
    runId,
    experimentId,
    project,
    runName: name,
    status,
    startTime: isoTime(startTime),
    ...(endTime === undefined ? {} : { endTime: isoTime(endTime) }),
    params,
    metrics: Object.fromEntries(metrics),
    tags,
  };
}

/** Times come from clients: what no calendar has becomes the nearest time it has. */
const maxTimeMs = 253_402_300_799_999;
const isoTime = (ms: number): string => new Date(Math.max(0, Math.min(ms, maxTimeMs))).toISOString();
