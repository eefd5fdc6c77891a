import { AppError } from '#shared/kernel/errors.ts';
import { nearestName } from '#shared/kernel/nearest-name.ts';
import type { FeatureServiceVersion, FeatureViewVersion } from '../contract.ts';
import type { DefinedRevision, DefinitionStore } from '../ports.ts';

/** A version of a service, the newest revision's where none is named. Throws FeatureServiceNotFound. */
export async function readService(
  definitions: DefinitionStore,
  { project, service, version }: { project: string; service: string; version?: number | undefined },
): Promise<FeatureServiceVersion> {
  const found = await definitions.service(project, service, version);
  if (found) return found;
  const revision = await definitions.newestRevision(project);
  const names = (revision?.services ?? []).map((each) => each.service);
  const isKnown = version !== undefined && names.includes(service);
  throw new AppError(
    'not_found',
    'FeatureServiceNotFound',
    isKnown
      ? `Feature service '${service}' of '${project}' has no version ${version}. Read it without a version for those that there are.`
      : `Project '${project}' has no feature service '${service}'${suggested(service, names)}. Declare it under features.featureServices of the project: millrace features apply ${project} features.yaml.`,
  );
}

/** FeatureViewNotFound, saying what there is instead. */
export function viewNotFound(
  project: string,
  view: string,
  version: number | undefined,
  versions: readonly FeatureViewVersion[],
  revision: DefinedRevision | undefined,
): AppError {
  const numbers = versions.map((each) => each.version).join(', ');
  const names = (revision?.views ?? []).map((each) => each.view);
  return new AppError(
    'not_found',
    'FeatureViewNotFound',
    versions.length === 0
      ? `Project '${project}' has no feature view '${view}'${suggested(view, names)}. Declare it under features.featureViews of the project: millrace features apply ${project} features.yaml.`
      : version === undefined
        ? `The newest revision of '${project}' has no feature view '${view}' any more. Ask for one of its versions: ${numbers}.`
        : `Feature view '${view}' of '${project}' has no version ${version}; there are: ${numbers}.`,
  );
}

const suggested = (name: string, names: readonly string[]): string => {
  const nearest = nearestName(name, names);
  if (nearest) return `; did you mean '${nearest}'?`;
  return names.length === 0 ? '' : `; there are: ${names.slice(0, 20).join(', ')}`;
};
