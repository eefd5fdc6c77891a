import type { Caller } from '#shared/contracts/caller.ts';
import { canonicalStage, stages } from '../domain/stages.ts';
import type { RegisteredModel, VersionEntry } from '../ports/models.ts';
import { type ModelAndVersion, type ModelDeps, modelFor } from './model-access.ts';

export type Aliases = Readonly<Record<string, number>>;

/** A model with what MLflow shows of it: the newest version of each stage, and its aliases. */
export interface ModelOverview {
  readonly model: RegisteredModel;
  readonly latest: readonly VersionEntry[];
  readonly aliases: Aliases;
}

export async function overviewOf(
  { versions, store }: Pick<ModelDeps, 'versions' | 'store'>,
  model: RegisteredModel,
): Promise<ModelOverview> {
  const wanted = stages.flatMap((stage) => model.latestByStage[stage] ?? []);
  const [aliases, latest] = await Promise.all([
    store.readAliases(model.modelId),
    Promise.all(wanted.map((version) => versions.read(model, version))),
  ]);
  return { model, aliases, latest: latest.filter((entry) => entry !== undefined) };
}

/** Throws RegisteredModelNotFound. */
export const readModel = async (deps: ModelDeps, caller: Caller, name: string): Promise<ModelOverview> =>
  overviewOf(deps, await modelFor(deps, caller, 'viewer', name));

/** The newest version of each stage, or of the named ones. */
export async function latestVersions(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  stageNames: readonly string[],
): Promise<ModelOverview> {
  const wanted = stageNames.map(canonicalStage);
  const overview = await readModel(deps, caller, name);
  if (wanted.length === 0) return overview;
  return { ...overview, latest: overview.latest.filter(({ stage }) => wanted.includes(stage)) };
}

export const aliasesOf = ({ store }: ModelDeps, { model }: ModelAndVersion): Promise<Aliases> =>
  store.readAliases(model.modelId);
