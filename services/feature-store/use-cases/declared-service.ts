import { AppError } from '#shared/kernel/errors.ts';
import type { DefinedService } from '../ports.ts';
import { type EnsureDefinedDeps, ensureDefined } from './ensure-defined.ts';

/**
 * The version of a feature service that a project revision declares, with its views: registered first, where the event of the revision has
 * not come yet. Throws FeatureServiceNotFound (not_found).
 */
export async function declaredService(
  deps: EnsureDefinedDeps,
  project: string,
  projectRevision: number,
  service: string,
): Promise<DefinedService> {
  const revision = await ensureDefined(deps, project, projectRevision);
  const number = revision?.services.find((declared) => declared.service === service)?.version;
  const version = number && (await deps.definitions.service(project, service, number));
  if (!version)
    throw new AppError(
      'not_found',
      'FeatureServiceNotFound',
      `Revision ${projectRevision} of '${project}' has no feature service '${service}', or the projects whose datasets it reads had no columns yet when it was applied. Upload their data, then apply '${project}' again.`,
    );
  const views = await Promise.all(
    version.views.map(async ({ view, version: pinned }) => {
      const definition = await deps.definitions.view(project, view, pinned);
      if (!definition) throw new Error(`Version ${pinned} of view '${view}' of '${project}' is gone.`);
      return definition;
    }),
  );
  return { version, views };
}
