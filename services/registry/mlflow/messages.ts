import { mlflowStatusOf } from '../domain/version-status.ts';
import type { RegisteredModel, Tags, VersionEntry } from '../ports/models.ts';
import type { Aliases, ModelOverview } from '../use-cases/read-models.ts';

const tagList = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }));

/** Tags as clients send them: of two with one key the later counts. */
export const tagsOf = (list: readonly { key: string; value: string }[]): Tags =>
  Object.fromEntries(list.map(({ key, value }) => [key, value]));

/** MLflow's ModelVersion; lists that are empty are left out, as its server does. */
export function versionMessage({ name }: RegisteredModel, entry: VersionEntry, aliases: Aliases) {
  const own = Object.keys(aliases).filter((alias) => aliases[alias] === entry.modelVersion);
  const tags = tagList(entry.tags);
  return {
    name,
    version: String(entry.modelVersion),
    creation_timestamp: Date.parse(entry.createdAt),
    last_updated_timestamp: Date.parse(entry.updatedAt),
    user_id: entry.createdBy,
    current_stage: entry.stage,
    description: entry.description ?? '',
    source: entry.source,
    run_id: entry.runId ?? '',
    run_link: entry.runLink ?? '',
    ...(entry.loggedModelId ? { model_id: entry.loggedModelId } : {}),
    ...mlflowStatusOf(entry),
    ...(tags.length > 0 ? { tags } : {}),
    ...(own.length > 0 ? { aliases: own } : {}),
  };
}

/** MLflow's RegisteredModel. */
export function modelMessage({ model, latest, aliases }: ModelOverview) {
  const aliasList = Object.entries(aliases).map(([alias, version]) => ({ alias, version: String(version) }));
  const tags = tagList(model.tags);
  return {
    name: model.name,
    creation_timestamp: Date.parse(model.createdAt),
    last_updated_timestamp: Date.parse(model.updatedAt),
    ...(model.description === undefined ? {} : { description: model.description }),
    ...(latest.length > 0
      ? { latest_versions: latest.map((entry) => versionMessage(model, entry, aliases)) }
      : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(aliasList.length > 0 ? { aliases: aliasList } : {}),
  };
}
