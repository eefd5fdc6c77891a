import { AppError } from '#shared/kernel/errors.ts';
import type {
  DeclaredViews,
  MaterializationExecution,
  MaterializationPlanner,
  MaterializationRun,
  MaterializationStore,
} from '../ports.ts';
import { againWhenChanged } from './begin-materialization.ts';
import { declaredVersion } from './declared-version.ts';

export interface PlanDeps {
  readonly store: MaterializationStore;
  readonly declared: DeclaredViews;
  readonly planner: MaterializationPlanner;
}

/** Decides once what a materialization writes. Throws MaterializationReplaced, and what the planner throws. */
export async function planMaterialization(
  deps: PlanDeps,
  execution: MaterializationExecution,
): Promise<{ parts: number }> {
  const { project, view, version } = execution;
  const key = { project, view, version };
  const run = await currentRun(deps, execution);
  if (run.plan) return { parts: run.plan.parts };
  const [{ materializer }, definition] = await Promise.all([
    deps.store.materializer(key),
    declaredVersion(deps.declared, key),
  ]);
  const { held, uncertain } = materializer;
  const plan = await deps.planner.plan({
    view: definition,
    run,
    ...(held ? { held: held.object } : {}),
    ...(uncertain ? { uncertain } : {}),
  });
  await againWhenChanged(async () => {
    const now = await currentRun(deps, execution);
    const { materializer: current, revision } = await deps.store.materializer(key);
    await deps.store.save({
      // Saved before anything is written, so that no failure leaves an entity online that nobody knows of.
      materializer: { ...current, uncertain: plan.uncertain },
      revision,
      runs: [{ ...now, plan }],
      events: [],
    });
  });
  return { parts: plan.parts };
}

/** The materialization that an execution works on. Throws MaterializationReplaced where another one, or another execution, does by now. */
export async function currentRun(
  { store }: { readonly store: MaterializationStore },
  { project, view, version, materializationId, attempt }: MaterializationExecution,
): Promise<MaterializationRun> {
  const [{ materializer }, run] = await Promise.all([
    store.materializer({ project, view, version }),
    store.find(project, view, materializationId),
  ]);
  const isCurrent =
    materializer.running?.materializationId === materializationId && materializer.running.attempt === attempt;
  if (run && isCurrent) return run;
  throw new AppError(
    'precondition_failed',
    'MaterializationReplaced',
    `Execution ${attempt} of materialization ${materializationId} of view '${view}' of '${project}' has ended, or another one took its place. Look at the newest one.`,
  );
}
