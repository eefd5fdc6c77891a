import type { Caller } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { type ArtifactPath, invalidPath, isWithin, parseArtifactPath } from '../domain/artifact-path.ts';
import type { ArtifactStore } from '../ports/artifacts.ts';
import type { Heads } from '../ports/heads.ts';
import type { SealedSources } from '../ports/sealed-sources.ts';
import { activeExperimentFor, activeRunFor, experimentFor, runNotFound } from './heads.ts';

export interface ArtifactDeps {
  readonly heads: Heads;
  readonly artifacts: ArtifactStore;
  readonly sealed: SealedSources;
}

/**
 * A path whose artifacts the caller has the role for: its first part is the experiment, which belongs to a project. Throws InvalidPath,
 * ArtifactNotFound where there is no such experiment or the caller may not see it, RoleMissing.
 */
export async function artifactsFor(
  { heads }: Pick<ArtifactDeps, 'heads'>,
  caller: Caller,
  role: Role,
  sent: string,
): Promise<ArtifactPath> {
  const path = parseArtifactPath(sent);
  try {
    await experimentFor(heads, caller, role, path.experimentId);
  } catch (error) {
    throw error instanceof AppError && error.kind === 'not_found' ? artifactNotFound(path.path) : error;
  }
  return path;
}

/**
 * A path that the caller may write to or delete: its experiment and its run are there and active, and nothing at or below it belongs to a
 * registered model version. Throws InvalidPath, ExperimentNotFound, ExperimentDeleted, RunNotFound, RunDeleted, RoleMissing, ArtifactSealed.
 */
export async function writableArtifacts(
  { heads, sealed }: Pick<ArtifactDeps, 'heads' | 'sealed'>,
  caller: Caller,
  sent: string,
): Promise<ArtifactPath> {
  const path = parseArtifactPath(sent);
  await activeExperimentFor(heads, caller, path.experimentId);
  const { owner, experimentId } = path;
  if (owner.kind === 'run') {
    const run = await activeRunFor(heads, caller, owner.id);
    if (run.experimentId !== experimentId) throw runNotFound(owner.id);
  }
  for (const { source, model, version } of await sealed.sourcesOf(owner.root)) {
    if (isWithin(path.path, source) || isWithin(source, path.path))
      throw artifactSealed(path.path, model, version);
  }
  return path;
}

/** As `writableArtifacts`, for one file. */
export async function writableFile(
  deps: Pick<ArtifactDeps, 'heads' | 'sealed'>,
  caller: Caller,
  sent: string,
): Promise<ArtifactPath> {
  const path = await writableArtifacts(deps, caller, sent);
  if (path.inside === '') throw invalidPath();
  return path;
}

export const artifactNotFound = (path: string): AppError =>
  new AppError('not_found', 'ArtifactNotFound', `No such artifact: '${path}'`);

const artifactSealed = (path: string, model: string, version: string): AppError =>
  new AppError(
    'forbidden',
    'ArtifactSealed',
    `'${path}' belongs to version ${version} of the registered model '${model}', and what is registered never changes. Log to another path and register that as the next version.`,
  );
