import type { DeclaredFeatures } from '../ports.ts';
import { type EnsureDefinedDeps, ensureDefined } from './ensure-defined.ts';

/**
 * What is declared, for whoever asks right after a project was applied: where something is not found, the newest revision is defined first
 * if its event has not come yet. Throws ProjectNotFound (not_found).
 */
export function newestDeclared(deps: EnsureDefinedDeps): DeclaredFeatures {
  const { definitions, projects } = deps;
  const defineNewest = async (project: string): Promise<void> => {
    const { revision } = await projects.revision(project);
    await ensureDefined(deps, project, revision);
  };
  return {
    async service(project, service, version) {
      const found = await definitions.service(project, service, version);
      if (found) return found;
      await defineNewest(project);
      return definitions.service(project, service, version);
    },
    async view(project, view, version) {
      const found = await definitions.view(project, view, version);
      if (found) return found;
      await defineNewest(project);
      return definitions.view(project, view, version);
    },
  };
}
