import type { Actor } from '#shared/contracts/event.ts';
import { isDue } from '../domain/window.ts';
import type { DriftEvaluation, Projects } from '../ports.ts';
import { type CloseWindowDeps, closeWindow } from './close-window.ts';
import { untilUnchanged } from './retry.ts';

/** Closes what is open of a project and judges it, full or not. Nothing open: no evaluation. */
export async function evaluateNow(
  deps: CloseWindowDeps,
  project: string,
  actor: Actor,
): Promise<DriftEvaluation[]> {
  return closeWhere(deps, project, { actor }, () => true);
}

/** Closes the windows that are due although no batch came to say so. One project's failure does not hold up the others: all are tried, then the failures are thrown together. */
export async function closeOverdueWindows(
  deps: CloseWindowDeps & { readonly projects: Projects },
): Promise<DriftEvaluation[]> {
  const names = await deps.projects.names();
  const evaluations: DriftEvaluation[] = [];
  const failures: unknown[] = [];
  for (const project of names) {
    try {
      evaluations.push(...(await closeWhere(deps, project, {}, (window) => isDue(window, deps.clock.now()))));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `Overdue windows of ${failures.length} projects could not be judged.`);
  return evaluations;
}

async function closeWhere(
  deps: CloseWindowDeps,
  project: string,
  why: { actor?: Actor },
  isWanted: (window: Parameters<typeof isDue>[0]) => boolean,
): Promise<DriftEvaluation[]> {
  const versions = (await deps.store.listOpenWindows(project)).filter(isWanted);
  const evaluations: DriftEvaluation[] = [];
  for (const { modelVersion, windowId } of versions) {
    const evaluation = await untilUnchanged(async () => {
      const window = await deps.store.readOpenWindow(project, modelVersion);
      // Somebody else closed it in the meantime; what is open now is another.
      return window?.windowId === windowId ? closeWindow(deps, window, why) : undefined;
    });
    if (evaluation) evaluations.push(evaluation);
  }
  return evaluations;
}
