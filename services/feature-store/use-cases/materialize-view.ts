import type * as z from 'zod';
import { startingJourney } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureViewVersion, listMaterializations, Materialization } from '../contract.ts';
import { isRunning, type Mode } from '../domain/materializer.ts';
import type { DeclaredViews, MaterializationRun } from '../ports.ts';
import { againWhenChanged, keyOfRun, type MaterializerDeps, startAttempt } from './begin-materialization.ts';
import { declaredVersion } from './declared-version.ts';
import { endLapsed } from './end-materialization.ts';
import { requestMaterialization, running } from './request-materialization.ts';

export type MaterializeDeps = MaterializerDeps & { readonly declared: DeclaredViews };

/** A request by hand, of the newest version. Throws FeatureViewNotFound, NotMaterializable, MaterializationRunning. */
export async function materializeView(
  deps: MaterializeDeps,
  { project, view, mode, requestedBy }: { project: string; view: string; mode: Mode; requestedBy: string },
): Promise<Materialization> {
  const definition = await declaredVersion(deps.declared, { project, view });
  await assertMaterializable(deps, definition);
  const metadata = startingJourney({
    eventId: deps.ids.next(),
    occurredAt: deps.clock.now(),
    project,
    actor: { type: 'user', id: requestedBy },
  });
  const run = await requestMaterialization(
    deps,
    { project, view, version: definition.version },
    { mode, occasion: 'manual', requestedBy, metadata },
  );
  return describe(deps, run!);
}

async function assertMaterializable({ declared }: MaterializeDeps, view: FeatureViewVersion): Promise<void> {
  const refuse = (why: string): never => {
    throw new AppError(
      'precondition_failed',
      'NotMaterializable',
      `View '${view.view}' of '${view.project}' ${why}`,
    );
  };
  if (view.source.type === 'stream')
    refuse('is a stream: its records are online as they come. Send records.');
  const settings = await declared.settings(view.project, view.view);
  if (!settings?.online) refuse('is not kept online. Set online: true and apply the project.');
}

/** Lets a materialization that failed go on. Throws MaterializationNotFound, MaterializationNotFailed, MaterializationReplaced, MaterializationRunning. */
export function resumeMaterialization(
  deps: MaterializerDeps,
  { project, view, materializationId }: { project: string; view: string; materializationId: string },
): Promise<Materialization> {
  return againWhenChanged(async () => {
    const run = await find(deps, project, view, materializationId);
    const key = keyOfRun(run);
    await endLapsed(deps, key);
    const { materializer, revision } = await deps.store.materializer(key);
    if (run.status !== 'failed')
      throw new AppError(
        'precondition_failed',
        'MaterializationNotFailed',
        `Materialization ${materializationId} of view '${view}' is ${run.status}; only a failed one can be resumed.`,
      );
    if (isRunning(materializer, deps.clock.now()))
      throw running(key, materializer.running!.materializationId);
    if (materializer.abandoned.at(-1) !== materializationId)
      throw new AppError(
        'precondition_failed',
        'MaterializationReplaced',
        `A later materialization of view '${view}' took the place of ${materializationId}. Ask for a new one: millrace features materialize ${project} ${view}`,
      );
    const { failure: _failure, completedAt: _at, ...rest } = run;
    const beginning = startAttempt(deps, materializer, {
      ...rest,
      status: 'running',
      attempt: run.attempt + 1,
    });
    await deps.store.save({ ...beginning, revision });
    return describe(deps, beginning.runs[0]);
  });
}

async function find(
  { store }: Pick<MaterializerDeps, 'store'>,
  project: string,
  view: string,
  materializationId: string,
): Promise<MaterializationRun> {
  const run = await store.find(project, view, materializationId);
  if (run) return run;
  throw new AppError(
    'not_found',
    'MaterializationNotFound',
    `View '${view}' of '${project}' has no materialization '${materializationId}'. See: millrace features materializations ${project} ${view}`,
  );
}

/** Throws MaterializationNotFound. */
export async function readMaterialization(
  deps: Pick<MaterializerDeps, 'store'>,
  { project, view, materializationId }: { project: string; view: string; materializationId: string },
): Promise<Materialization> {
  return describe(deps, await find(deps, project, view, materializationId));
}

/** Newest first. Throws InvalidPageToken. */
export async function listMaterializationsOf(
  deps: Pick<MaterializerDeps, 'store'>,
  { project, view, pageToken }: { project: string; view: string; pageToken: string | undefined },
): Promise<z.input<typeof listMaterializations.response>> {
  const { items, ...page } = await deps.store.list(project, view, pageToken);
  return { ...page, items: await Promise.all(items.map((run) => describe(deps, run))) };
}

/** As people see it. */
async function describe(
  { store }: Pick<MaterializerDeps, 'store'>,
  run: MaterializationRun,
): Promise<Materialization> {
  const { metadata: _metadata, attempt: _attempt, plan, leftovers: _leftovers, ...shown } = run;
  if (!plan) return shown;
  const { parts, rows, datasetVersion, newestEventAt } = plan;
  const done = run.status === 'done' ? { parts, rows } : await store.written(run);
  return {
    ...shown,
    ...(datasetVersion === undefined ? {} : { datasetVersion }),
    ...(newestEventAt === undefined ? {} : { newestEventAt }),
    progress: { parts, partsDone: done.parts, rows, rowsDone: done.rows },
  };
}
