import { FeaturesMaterialized, MaterializationFailed } from '#events/feature-store.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { completed, failed, isRunning } from '../domain/materializer.ts';
import type {
  MaterializationExecution,
  MaterializationFiles,
  MaterializationRun,
  Materializer,
  PartOutcome,
  ViewKey,
} from '../ports.ts';
import {
  againWhenChanged,
  type Beginning,
  beginRun,
  keyOfRun,
  type MaterializerDeps,
} from './begin-materialization.ts';

/** What waited begins with the end of what ran. */
function next(
  deps: MaterializerDeps,
  materializer: Materializer,
): Beginning | { materializer: Materializer; runs: []; events: [] } {
  const { pending } = materializer;
  return pending ? beginRun(deps, materializer, pending) : { materializer, runs: [], events: [] };
}

function metadataOf({ clock }: MaterializerDeps, run: MaterializationRun, what: string): EventMetadata {
  const metadata = causedBy(run.metadata, {
    eventId: `${run.materializationId}-${run.attempt}-${what}`,
    occurredAt: clock.now(),
    actor: { type: 'service', id: 'feature-store' },
  });
  return { ...metadata, project: run.project };
}

/** Ends an execution of a materialization that failed, and lets begin what waited. One that has ended already stays as it is. */
export async function failMaterialization(
  deps: MaterializerDeps,
  execution: MaterializationExecution,
  failure: string,
): Promise<void> {
  const { project, view, version, materializationId, attempt } = execution;
  await againWhenChanged(async () => {
    const { materializer, revision } = await deps.store.materializer({ project, view, version });
    const run = await deps.store.find(project, view, materializationId);
    if (run?.status !== 'running' || run.attempt !== attempt) return;
    const { mode, occasion } = run;
    const after = next(
      deps,
      failed(materializer, { materializationId, mode, occasion, at: deps.clock.now() }),
    );
    await deps.store.save({
      materializer: after.materializer,
      revision,
      runs: [
        { ...run, status: 'failed', failure, completedAt: deps.clock.now().toISOString() },
        ...after.runs,
      ],
      events: [
        MaterializationFailed.create(metadataOf(deps, run, 'failed'), {
          project,
          view,
          version,
          materializationId,
          failure,
        }),
        ...after.events,
      ],
    });
  });
}

/** Ends the one whose time is over: whatever became of its execution, nothing of it can work any more. */
export async function endLapsed(deps: MaterializerDeps, key: ViewKey): Promise<void> {
  const { materializer } = await deps.store.materializer(key);
  const { running } = materializer;
  if (!running || isRunning(materializer, deps.clock.now())) return;
  const { materializationId, attempt } = running;
  const failure = `It had not ended at ${running.until}, and nothing of it can work any more. Resume it.`;
  await failMaterialization(deps, { ...key, materializationId, attempt }, failure);
}

/** Ends a materialization all of whose parts are written, and lets begin what waited. Again: only deletes the files that nobody needs. */
export async function completeMaterialization(
  deps: MaterializerDeps & { readonly files: MaterializationFiles },
  execution: MaterializationExecution,
): Promise<void> {
  const run = await againWhenChanged(() => saveCompletion(deps, execution));
  if (run?.plan && run.leftovers) await deps.files.remove(keyOfRun(run), run.leftovers, run.plan.state);
}

async function saveCompletion(
  deps: MaterializerDeps,
  { project, view, version, materializationId, attempt }: MaterializationExecution,
): Promise<MaterializationRun | undefined> {
  const { materializer, revision } = await deps.store.materializer({ project, view, version });
  const run = await deps.store.find(project, view, materializationId);
  if (run?.status !== 'running' || run.attempt !== attempt || !run.plan) return run;
  const { plan } = run;
  const { put, deleted, skipped } = await deps.store.written(run);
  const completedAt = deps.clock.now().toISOString();
  const { abandoned, held } = materializer;
  const done: MaterializationRun = {
    ...run,
    status: 'done',
    completedAt,
    written: { put, deleted, skipped },
    leftovers: [...new Set([materializationId, ...abandoned, ...(held ? [held.materializationId] : [])])],
  };
  const after = next(
    deps,
    completed(materializer, {
      held: { materializationId, object: plan.state },
      nextVisibleAt: plan.nextVisibleAt,
    }),
  );
  await deps.store.save({
    materializer: after.materializer,
    revision,
    runs: [done, ...after.runs],
    state: {
      entities: plan.entities,
      ...(plan.newestEventAt === undefined ? {} : { newestEventAt: plan.newestEventAt }),
      lastMaterializedAt: completedAt,
      lastMaterializationId: materializationId,
    },
    events: [materializedEvent(deps, done, { put, deleted, skipped }), ...after.events],
  });
  return done;
}

function materializedEvent(
  deps: MaterializerDeps,
  run: MaterializationRun,
  written: Omit<PartOutcome, 'rows'>,
) {
  const { project, view, viewVersion: version, materializationId, asOf, plan } = run;
  const { entities = 0, dataset, datasetVersion, newestEventAt } = plan ?? {};
  return FeaturesMaterialized.create(metadataOf(deps, run, 'materialized'), {
    project,
    view,
    version,
    materializationId,
    asOf,
    ...written,
    entities,
    ...(dataset === undefined ? {} : { dataset }),
    ...(datasetVersion === undefined ? {} : { datasetVersion }),
    ...(newestEventAt === undefined ? {} : { newestEventAt }),
  });
}
