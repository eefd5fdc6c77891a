import type { ModelVersion } from '#services/registry/contract.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { RegisteredVersion, RegistryStore } from '../ports.ts';
import { modelVersionNotFound } from './move-alias.ts';

export interface VersionQuestion {
  readonly project: string;
  readonly modelVersion?: number | undefined;
  readonly alias?: string | undefined;
}

/** A version by number, or by alias where no number is named; undefined where there is none. */
export async function findVersion(
  store: RegistryStore,
  { project, modelVersion, alias }: VersionQuestion,
): Promise<ModelVersion | undefined> {
  const aliases = await store.readAliases(project);
  const wanted = modelVersion ?? (alias === undefined ? undefined : aliases[alias]);
  if (wanted === undefined) return undefined;
  const version = await store.readVersion(project, wanted);
  return version && withAliases(version, aliases);
}

/** Throws ModelVersionNotFound. */
export async function readVersion(
  store: RegistryStore,
  project: string,
  modelVersion: number,
): Promise<ModelVersion> {
  const version = await findVersion(store, { project, modelVersion });
  if (!version) throw modelVersionNotFound(project, modelVersion);
  return version;
}

/** Versions of the project's model, newest first. */
export async function listVersions(
  store: RegistryStore,
  project: string,
  pageToken: string | undefined,
): Promise<Page<ModelVersion>> {
  const [page, aliases] = await Promise.all([
    store.listVersions(project, pageToken),
    store.readAliases(project),
  ]);
  return { ...page, items: page.items.map((version) => withAliases(version, aliases)) };
}

function withAliases(version: RegisteredVersion, aliases: Readonly<Record<string, number>>): ModelVersion {
  const own = Object.entries(aliases).filter(([, modelVersion]) => modelVersion === version.modelVersion);
  return { ...version, aliases: own.map(([alias]) => alias) };
}
