import type { ObjectVersionRef, ObjectVersions } from '#shared/contracts/object-versions.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { Documents, Removal, RemovalStore } from '../ports/versions.ts';

export interface FinishRemovalDeps {
  readonly removals: RemovalStore;
  readonly objects: ObjectVersions;
  readonly documents: Documents;
}

/**
 * Writes down which S3 versions are to go, before it is decided in a transaction that they do. Each plan is an object of its own, so that
 * who plans the same at once neither replaces nor deletes the other's.
 */
export async function planRemoval(
  { documents, ids }: Pick<FinishRemovalDeps, 'documents'> & { readonly ids: IdGenerator },
  project: string,
  refs: readonly ObjectVersionRef[],
): Promise<Removal> {
  const removalId = ids.next();
  return { removalId, plan: await documents.write(project, `removals/${removalId}.json`, refs) };
}

/**
 * Deletes what a decided removal names, if there is one: safe to repeat, to begin anew after being killed, and to do while somebody else does it.
 */
export async function finishRemoval(deps: FinishRemovalDeps, project: string): Promise<void> {
  const { removals, objects } = deps;
  const removal = await removals.pending(project);
  if (!removal) return;
  const refs = await plannedRefs(deps, project, removal);
  if (!refs) return;
  await objects.remove(refs);
  await removals.finish(project, removal);
  await objects.remove(await objects.list([removal.plan.uri]));
}

/** What a removal deletes; undefined when somebody else has ended it, and dropped its plan, meanwhile. */
async function plannedRefs(
  { removals, documents }: FinishRemovalDeps,
  project: string,
  { removalId, plan }: Removal,
): Promise<ObjectVersionRef[] | undefined> {
  try {
    return (await documents.read(plan)) as ObjectVersionRef[];
  } catch (error) {
    const pending = await removals.pending(project);
    if (pending?.removalId === removalId) throw error;
    return undefined;
  }
}
