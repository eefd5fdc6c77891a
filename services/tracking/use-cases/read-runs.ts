import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { experimentIdOf } from '../domain/identifiers.ts';
import type { Run, TrackingStore } from '../ports/runs.ts';

/** Runs of a project, the last started first. */
export function listRuns(
  store: TrackingStore,
  project: string,
  pageToken: string | undefined,
): Promise<Page<Run>> {
  return store.listRuns(experimentIdOf(project), pageToken);
}

/** Throws RunNotFound, also for a run of another project. */
export async function readRun(store: TrackingStore, project: string, runId: string): Promise<Run> {
  const run = await store.readRun(runId);
  if (!run || run.project !== project) throw runNotFound(project, runId);
  return run;
}

export const runNotFound = (project: string, runId: string): AppError =>
  new AppError(
    'not_found',
    'RunNotFound',
    `Project '${project}' has no run '${runId}'. List its runs to see which there are.`,
  );
