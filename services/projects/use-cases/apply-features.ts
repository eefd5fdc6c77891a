import type { FeatureDefinitions, ProjectDefinition } from '../contract.ts';
import type { ProjectStore } from '../ports.ts';
import { readDatasets } from './foreign-datasets.ts';
import { readProject } from './read-projects.ts';
import { type Applied, type ApplyDeps, journeyOf, saveRevision } from './save-revision.ts';

/**
 * Gives a project the feature definitions that `read` gives, as its next revision; the same definitions make none. Throws ProjectNotFound,
 * what `read` and `mayRead` throw, DataSourceNotFound, and ProjectChanged (conflict).
 */
export async function applyFeatures(
  deps: ApplyDeps,
  input: {
    readonly project: string;
    /** Other projects whose datasets features come from; `mayRead` throws where the caller may not see one. */
    readonly datasets: { readonly names: readonly string[]; readonly mayRead: (project: string) => void };
    readonly read: (
      definition: ProjectDefinition,
      datasets: ReadonlyMap<string, ProjectDefinition['data']>,
    ) => FeatureDefinitions;
    readonly appliedBy: string;
    /** Only tells whether it could be applied, and whether anything would change. */
    readonly isDryRun: boolean;
  },
): Promise<Applied> {
  const { project, datasets, read, appliedBy, isDryRun } = input;
  const newest = await readProject(deps.store, { project });
  const data = await readDatasets(deps.store, datasets.names, datasets.mayRead);
  return saveRevision(deps, {
    definition: { ...newest.definition, features: read(newest.definition, data) },
    newest,
    appliedBy,
    isDryRun,
    metadata: journeyOf(deps.ids, project, appliedBy),
  });
}

/** The feature definitions of the newest revision; empty where it declares none. Throws ProjectNotFound. */
export async function readFeatureDefinitions(
  store: ProjectStore,
  { project }: { readonly project: string },
): Promise<{ project: string; revision: number; features: FeatureDefinitions }> {
  const { revision, definition } = await readProject(store, { project });
  return { project, revision, features: definition.features };
}
