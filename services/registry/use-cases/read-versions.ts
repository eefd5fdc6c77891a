import type { ModelVersion } from '#services/registry/contract.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { ModelStore } from '../ports/models.ts';
import type { RegisteredVersion, RegistryStore } from '../ports.ts';
import { modelVersionNotFound } from './move-alias.ts';

interface ReadDeps {
  readonly models: ModelStore;
  readonly store: RegistryStore;
}

export interface VersionQuestion {
  readonly project: string;
  readonly modelVersion?: number | undefined;
  readonly alias?: string | undefined;
}

/** A version by number, or by alias where no number is named; undefined where there is none. */
export async function findVersion(
  { models, store }: ReadDeps,
  { project, modelVersion, alias }: VersionQuestion,
): Promise<ModelVersion | undefined> {
  const model = await models.find(project);
  if (!model) return undefined;
  const aliases = await store.readAliases(model.modelId);
  const wanted = modelVersion ?? (alias === undefined ? undefined : aliases[alias]);
  if (wanted === undefined) return undefined;
  const version = await store.readVersion(model.modelId, wanted);
  return version && withAliases(version, aliases);
}

/** Throws ModelVersionNotFound. */
export async function readVersion(
  deps: ReadDeps,
  project: string,
  modelVersion: number,
): Promise<ModelVersion> {
  const version = await findVersion(deps, { project, modelVersion });
  if (!version) throw modelVersionNotFound(project, modelVersion);
  return version;
}

/** Versions of the project's model, newest first. */
export async function listVersions(
  { models, store }: ReadDeps,
  project: string,
  pageToken: string | undefined,
): Promise<Page<ModelVersion>> {
  const model = await models.find(project);
  if (!model) return { items: [] };
  const [page, aliases] = await Promise.all([
    store.listVersions(model.modelId, pageToken),
    store.readAliases(model.modelId),
  ]);
  return { ...page, items: page.items.map((version) => withAliases(version, aliases)) };
}

function withAliases(version: RegisteredVersion, aliases: Readonly<Record<string, number>>): ModelVersion {
  const own = Object.entries(aliases).filter(([, modelVersion]) => modelVersion === version.modelVersion);
  return { ...version, aliases: own.map(([alias]) => alias) };
}
