import { AppError } from '#shared/kernel/errors.ts';
import { defaultProject } from '#shared/mlflow/ownership.ts';
import { type ArtifactPath, parseArtifactPath } from '../domain/artifact-path.ts';
import type { ArtifactDeps } from './artifact-access.ts';
import { pathBelow } from './read-artifacts.ts';

type SourceDeps = Pick<ArtifactDeps, 'heads' | 'models'>;

export interface CreatedVersion {
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  /** As the client wrote it: `mlflow-artifacts:/…`, `runs:/…`, `models:/…`, `s3://…`. */
  readonly source: string;
}

/**
 * Seals the artifacts that a model version was made from, where they are kept here and belong to the version's own project or to the default
 * one: nobody locks what is another project's. A source that leads elsewhere, or nowhere, is left alone.
 */
export async function sealSource(
  deps: Pick<ArtifactDeps, 'heads' | 'models' | 'sealed'>,
  { project, model, modelVersion, source }: CreatedVersion,
): Promise<'sealed' | 'not ours'> {
  const { heads, sealed } = deps;
  const found = await locate(deps, source);
  const owner = found && (await heads.experiment(found.experimentId))?.project;
  if (!found || (owner !== project && owner !== defaultProject)) return 'not ours';
  await sealed.seal(found.owner.root, { source: found.path, model, version: String(modelVersion) });
  return 'sealed';
}

async function locate(deps: SourceDeps, source: string): Promise<ArtifactPath | undefined> {
  const path = await pathOf(deps, source);
  if (path === undefined) return undefined;
  try {
    return parseArtifactPath(path);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function pathOf({ heads, models }: SourceDeps, source: string): Promise<string | undefined> {
  const [, scheme, rest = ''] = /^(mlflow-artifacts|runs|models):(.*)$/s.exec(source) ?? [];
  // The host is this platform: no other keeps these artifacts.
  if (scheme === 'mlflow-artifacts') return rest.replace(/^\/\/[^/]+/, '').replace(/^\/+/, '');
  if (scheme === undefined) return undefined;
  const [id = '', ...inside] = rest.replace(/^\/+/, '').split('/');
  const owner = scheme === 'runs' ? await heads.run(id) : (await models.read(id))?.value;
  if (!owner?.artifactUri.startsWith('mlflow-artifacts:')) return undefined;
  return pathBelow(owner.artifactUri, inside.join('/'));
}
