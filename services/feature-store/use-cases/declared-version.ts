import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureViewVersion } from '../contract.ts';
import type { DeclaredViews } from '../ports.ts';

/** A version of a view; the newest where none is named. Throws FeatureViewNotFound. */
export async function declaredVersion(
  declared: DeclaredViews,
  { project, view, version }: { project: string; view: string; version?: number },
): Promise<FeatureViewVersion> {
  const found = await declared.version(project, view, version);
  if (found) return found;
  throw new AppError(
    'not_found',
    'FeatureViewNotFound',
    `'${project}' has no feature view '${view}'${version === undefined ? '' : ` of version ${version}`}. See: millrace features list ${project}`,
  );
}
