import type {
  Documents,
  ObjectVersionRef,
  ObjectVersions,
  Removal,
  RemovalStore,
} from '../ports/versions.ts';

export interface FinishRemovalDeps {
  readonly removals: RemovalStore;
  readonly objects: ObjectVersions;
  readonly documents: Documents;
}

/** Writes down which S3 versions are to go, before it is decided in a transaction that they do. */
export async function planRemoval(
  { documents }: Pick<FinishRemovalDeps, 'documents'>,
  project: string,
  { removalId, refs }: { removalId: string; refs: readonly ObjectVersionRef[] },
): Promise<Removal> {
  return { removalId, plan: await documents.write(project, `removals/${removalId}.json`, refs) };
}

/** Deletes what a decided removal names, if there is one: safe to repeat and to begin anew after being killed. */
export async function finishRemoval(deps: FinishRemovalDeps, project: string): Promise<void> {
  const { removals, objects, documents } = deps;
  const removal = await removals.pending(project);
  if (!removal) return;
  await objects.remove((await documents.read(removal.plan)) as ObjectVersionRef[]);
  await removals.finish(project, removal);
  await objects.remove(await objects.list([removal.plan.uri]));
}
