import type { DeclaredViews, DefinitionStore } from '../ports.ts';

/** What projects declare, as the definition store keeps it. */
export const createDeclaredViews = (
  definitions: Pick<DefinitionStore, 'view' | 'newestRevision'>,
): DeclaredViews => ({
  version: (project, view, version) => definitions.view(project, view, version),
  settings: async (project, view) =>
    (await definitions.newestRevision(project))?.views.find((each) => each.view === view)?.settings,
});
