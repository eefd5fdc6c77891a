import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { modelVersions, registeredModels } from '#shared/mlflow/search/entities.ts';
import type { SearchRecord } from '#shared/mlflow/search/entity.ts';
import { parseFilter } from '#shared/mlflow/search/filter.ts';
import { wantedValues } from '#shared/mlflow/search/narrowing.ts';
import { parseOrderBy } from '#shared/mlflow/search/order.ts';
import { searchPage } from '#shared/mlflow/search/page.ts';
import { isPromptTag } from '../domain/prompts.ts';
import type { ModelKind, RegisteredModel, VersionEntry } from '../ports/models.ts';
import type { ModelAndVersion, ModelDeps } from './model-access.ts';
import { type ModelOverview, overviewOf } from './read-models.ts';

export interface RegistrySearch {
  readonly filter: string | undefined;
  readonly orderBy: readonly string[];
  readonly maxResults: number;
  readonly pageToken: string | undefined;
}

const maxModels = 1000;
const maxVersions = 200_000;

/** Models that the caller may see. Throws InvalidSearch, InvalidPageToken. */
export async function searchModels(
  deps: ModelDeps,
  caller: Caller,
  search: RegistrySearch,
): Promise<Page<ModelOverview>> {
  assertMaxResults(search.maxResults, maxModels);
  const filter = parseFilter(registeredModels, search.filter);
  const order = parseOrderBy(registeredModels, search.orderBy);
  const names = wantedValues(registeredModels, search.filter, 'name');
  const found = names
    ? (await Promise.all(names.map(deps.models.find))).filter((model) => model !== undefined)
    : (await Promise.all(kindsOf(search.filter).map(deps.models.list))).flat();
  const page = searchPage({
    items: found.filter(({ project }) => hasRole(caller, 'viewer', project)),
    toRecord: recordOfModel,
    filter,
    order,
    maxResults: search.maxResults,
    pageToken: search.pageToken,
  });
  return { ...page, items: await Promise.all(page.items.map((model) => overviewOf(deps, model))) };
}

/** Versions of models that the caller may see, deleted ones never. Throws InvalidSearch, InvalidPageToken. */
export async function searchVersions(
  deps: ModelDeps,
  caller: Caller,
  search: RegistrySearch,
): Promise<Page<ModelAndVersion>> {
  assertMaxResults(search.maxResults, maxVersions);
  const filter = parseFilter(modelVersions, search.filter);
  const order = parseOrderBy(modelVersions, search.orderBy);
  const found = await candidates(deps, search.filter);
  return searchPage({
    items: found.filter(({ model }) => hasRole(caller, 'viewer', model.project)),
    toRecord: recordOfVersion,
    filter,
    order,
    maxResults: search.maxResults,
    pageToken: search.pageToken,
  });
}

/** What a filter can find, read by the narrowest key that it names. */
async function candidates(deps: ModelDeps, filter: string | undefined): Promise<ModelAndVersion[]> {
  const { models, versions } = deps;
  const names = wantedValues(modelVersions, filter, 'name');
  if (names) {
    const named = (await Promise.all(names.map(models.find))).filter((model) => model !== undefined);
    const found = named.map(async (model) =>
      (await versions.ofModel(model)).map((entry) => ({ model, entry })),
    );
    return (await Promise.all(found)).flat();
  }
  const runIds = wantedValues(modelVersions, filter, 'run_id');
  if (runIds) return withModels(deps, (await Promise.all(runIds.map(versions.ofRun))).flat());
  const sources = wantedValues(modelVersions, filter, 'source_path');
  if (sources) return withModels(deps, (await Promise.all(sources.map(versions.ofSource))).flat());
  const kinds = kindsOf(filter);
  const [entries, listed] = await Promise.all([
    Promise.all(kinds.map(versions.all)),
    Promise.all(kinds.map(models.list)),
  ]);
  return joined(entries.flat(), listed.flat());
}

async function withModels(
  { models }: ModelDeps,
  entries: readonly VersionEntry[],
): Promise<ModelAndVersion[]> {
  const ids = [...new Set(entries.map(({ modelId }) => modelId))];
  const found = await Promise.all(ids.map(models.byId));
  return joined(
    entries,
    found.filter((model) => model !== undefined),
  );
}

/** Versions of deleted models have none to go with. */
function joined(entries: readonly VersionEntry[], models: readonly RegisteredModel[]): ModelAndVersion[] {
  const byId = new Map(models.map((model) => [model.modelId, model]));
  return entries.flatMap((entry) => {
    const model = byId.get(entry.modelId);
    return model ? [{ model, entry }] : [];
  });
}

/** Prompts are found where the filter says something of their tag. */
const kindsOf = (filter: string | undefined): ModelKind[] =>
  filter?.includes(isPromptTag) ? ['model', 'prompt'] : ['model'];

const recordOfModel = ({ name, tags, createdAt, updatedAt }: RegisteredModel): SearchRecord => ({
  id: name,
  attributes: {
    name,
    creation_timestamp: Date.parse(createdAt),
    last_updated_timestamp: Date.parse(updatedAt),
  },
  tags,
});

const recordOfVersion = ({ model, entry }: ModelAndVersion): SearchRecord => ({
  id: `${model.name}/${entry.modelVersion}`,
  attributes: {
    name: model.name,
    run_id: entry.runId,
    source_path: entry.source,
    version_number: entry.modelVersion,
    creation_timestamp: Date.parse(entry.createdAt),
    last_updated_timestamp: Date.parse(entry.updatedAt),
  },
  tags: entry.tags,
});

function assertMaxResults(value: number, most: number): void {
  if (value >= 1 && value <= most) return;
  throw new AppError(
    'invalid_input',
    'InvalidParameter',
    `Invalid value ${value} for parameter 'max_results' supplied: it must be a positive integer and at most ${most}.`,
  );
}
