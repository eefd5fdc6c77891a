import type { Caller } from '#shared/contracts/caller.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { type Batch, storableBatch, withBatch, withoutTag, withTags } from '../domain/batch.ts';
import { storableTag } from '../domain/limits.ts';
import { isFinal, type RunTag, runNameTag, type TrackedRun } from '../domain/run.ts';
import { type Changed, changeRun } from './change-run.ts';
import type { CoreDeps } from './deps.ts';
import { factOf, runChanged, runFinished, toldTags } from './facts.ts';

/** Logs metrics, params and tags, all or nothing. Throws what `changeRun` and `storableBatch` throw, and ParamChanged. */
export async function logBatch(deps: CoreDeps, caller: Caller, runId: string, batch: Batch): Promise<void> {
  const storable = storableBatch(batch);
  await changeRun(deps, caller, runId, (run) => {
    const changed = withBatch(run, storable);
    return {
      run: isSame(run, changed) ? run : changed,
      points: storable.metrics,
      events: taggedLater(deps, caller, run, changed, storable.tags),
    };
  });
}

/** Sets a tag of a run. Throws what `changeRun` throws, and InvalidParameter. */
export async function setRunTag(deps: CoreDeps, caller: Caller, runId: string, tag: RunTag): Promise<void> {
  const [key, value] = storableTag(tag.key, tag.value);
  await changeRun(deps, caller, runId, (run) => {
    const changed = withTags(run, [{ key, value }]);
    if (isSame(run, changed)) return { run };
    return { run: changed, events: taggedLater(deps, caller, run, changed, [{ key, value }]) };
  });
}

/** Takes a tag from a run. Throws what `changeRun` throws, and TagNotFound. */
export async function deleteRunTag(
  deps: CoreDeps,
  caller: Caller,
  runId: string,
  key: string,
): Promise<void> {
  await changeRun(deps, caller, runId, (run) => {
    const changed = withoutTag(run, key);
    const removed = isFinal(run.status)
      ? [runChanged(deps, caller, changed, { change: 'tagged', removedTags: [key] })]
      : [];
    return { run: changed, events: removed };
  });
}

export interface RunUpdate {
  readonly status?: TrackedRun['status'] | undefined;
  readonly endTime?: number | undefined;
  readonly name?: string | undefined;
}

/** Changes status, end and name of a run, and tells that it ended. Throws what `changeRun` throws. */
export function updateRun(
  deps: CoreDeps,
  caller: Caller,
  runId: string,
  { status, endTime, name }: RunUpdate,
): Promise<TrackedRun> {
  return changeRun(deps, caller, runId, (run): Changed => {
    const renamed = name ? withTags(run, [{ key: runNameTag, value: name }]) : run;
    const changed = {
      ...renamed,
      ...(status === undefined ? {} : { status }),
      ...(endTime === undefined ? {} : { endTime }),
    };
    const finished = runFinished(() => factOf(deps, caller, run.project), run, changed);
    return { run: isSame(run, changed) ? run : changed, events: finished ? [finished] : [] };
  });
}

/** Deletes or restores a run. Throws RunNotFound, RoleMissing. */
export async function moveRun(
  deps: CoreDeps,
  caller: Caller,
  runId: string,
  lifecycleStage: TrackedRun['lifecycleStage'],
): Promise<void> {
  const change = lifecycleStage === 'deleted' ? 'deleted' : 'restored';
  await changeRun(
    deps,
    caller,
    runId,
    (run) =>
      run.lifecycleStage === lifecycleStage
        ? { run }
        : { run: { ...run, lifecycleStage }, events: [runChanged(deps, caller, run, { change })] },
    { evenDeleted: true },
  );
}

/** What is logged while a run goes on is its own history; tags that change later are told of. */
function taggedLater(
  deps: CoreDeps,
  caller: Caller,
  before: TrackedRun,
  after: TrackedRun,
  tags: readonly RunTag[],
): DomainEvent[] {
  if (!isFinal(before.status)) return [];
  const changed = tags.filter(({ key }) => before.tags[key] !== after.tags[key]);
  if (changed.length === 0) return [];
  const setTags = toldTags(changed.map(({ key }) => [key, after.tags[key] ?? ''] as const));
  return [runChanged(deps, caller, after, { change: 'tagged', setTags })];
}

/** Whether nothing of a run is new. */
function isSame(before: TrackedRun, after: TrackedRun): boolean {
  if (before === after) return true;
  const { tags: tagsBefore, ...restBefore } = before;
  const { tags: tagsAfter, ...restAfter } = after;
  const isSameRest = (Object.keys(restAfter) as (keyof typeof restAfter)[]).every(
    (name) => restBefore[name] === restAfter[name],
  );
  return isSameRest && JSON.stringify(tagsBefore) === JSON.stringify(tagsAfter);
}
