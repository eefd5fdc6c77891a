import type { Caller } from '#shared/contracts/caller.ts';
import { hasRole } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { latestAlias } from '../domain/model-names.ts';
import { isPrompt, promptSources } from '../domain/prompts.ts';
import { isWithin, parseSource, sourceOutside } from '../domain/sources.ts';
import { canonicalStage } from '../domain/stages.ts';
import type { Tags, VersionEntry } from '../ports/models.ts';
import type { ArtifactPlace } from '../ports/places.ts';
import {
  type ModelAndVersion,
  type ModelDeps,
  modelFor,
  versionFor,
  versionNotFound,
} from './model-access.ts';

/** What a client names as the origin of a version. */
export interface SourceInput {
  readonly source: string;
  readonly runId?: string | undefined;
  readonly loggedModelId?: string | undefined;
  readonly tags: Tags;
}

/** Where a version comes from, as it is stored. */
export type Origin = Pick<VersionEntry, 'source' | 'storageLocation' | 'runId' | 'loggedModelId'>;

/**
 * Follows the source of a new version to where its files are. Throws InvalidSource where it lies in nothing that the request
 * names and the caller may read.
 */
export async function resolveSource(deps: ModelDeps, caller: Caller, input: SourceInput): Promise<Origin> {
  const { source, runId, loggedModelId, tags } = input;
  if (isPrompt(tags)) {
    if (!promptSources.includes(source)) throw invalidPromptSource(source);
    return { source, ...given({ runId }) };
  }
  const parsed = parseSource(source);
  switch (parsed.kind) {
    case 'run':
      // The files of a run that a logged model of it was made of are the model's: clients name both.
      if (parsed.runId !== runId) throw sourceOutside(source, 'run_id');
      await placeFor(deps, caller, input, 'run_id');
      return { source, ...given({ runId, loggedModelId }) };
    case 'logged-model': {
      if (parsed.modelId !== loggedModelId) throw sourceOutside(source, 'model_id');
      const place = await placeFor(deps, caller, input, 'model_id');
      return {
        source,
        storageLocation: place.artifactUri,
        ...given({ runId: runId ?? place.sourceRunId, loggedModelId }),
      };
    }
    case 'version':
    case 'alias':
    case 'stage':
      return copyOf(input, await versionOf(deps, caller, parsed));
    case 'artifacts': {
      const field = loggedModelId ? 'model_id' : 'run_id';
      const place = await placeFor(deps, caller, input, field);
      if (!isWithin(source, place.artifactUri)) throw sourceOutside(source, field);
      return { source, ...given({ runId: runId ?? place.sourceRunId, loggedModelId }) };
    }
    case 'storage':
      return { source, ...given({ runId, loggedModelId }) };
  }
}

const given = ({
  runId,
  loggedModelId,
}: {
  runId?: string | undefined;
  loggedModelId?: string | undefined;
}) => ({
  ...(runId ? { runId } : {}),
  ...(loggedModelId ? { loggedModelId } : {}),
});

/** The run's or the model's place. Throws InvalidSource where there is none that the caller may read. */
async function placeFor(
  { places }: ModelDeps,
  caller: Caller,
  { source, runId, loggedModelId }: SourceInput,
  field: 'run_id' | 'model_id',
): Promise<ArtifactPlace> {
  const id = field === 'run_id' ? runId : loggedModelId;
  const place = id ? await (field === 'run_id' ? places.run(id) : places.loggedModel(id)) : undefined;
  if (!place || !hasRole(caller, 'viewer', place.project)) throw sourceOutside(source, field);
  return place;
}

/** A copy has the origin of what it is a copy of. */
function copyOf({ source, runId, loggedModelId }: SourceInput, { model, entry }: ModelAndVersion): Origin {
  const differs =
    (runId !== undefined && runId !== (entry.runId ?? '')) ||
    (loggedModelId !== undefined && loggedModelId !== (entry.loggedModelId ?? ''));
  if (differs)
    throw new AppError(
      'invalid_input',
      'InvalidSource',
      `Invalid model version source: '${source}'. The run_id and model_id request parameters must match the referenced model version.`,
    );
  return {
    source: `models:/${model.name}/${entry.modelVersion}`,
    storageLocation: entry.storageLocation ?? entry.source,
    ...given(entry),
  };
}

type VersionSource = Extract<ReturnType<typeof parseSource>, { kind: 'version' | 'alias' | 'stage' }>;

async function versionOf(deps: ModelDeps, caller: Caller, source: VersionSource): Promise<ModelAndVersion> {
  const found = await namedVersion(deps, caller, source);
  if (isPrompt(found.model.tags))
    throw new AppError(
      'invalid_input',
      'InvalidSource',
      `Invalid model version source: '${source.name}'. Prompt versions cannot be used as model version sources.`,
    );
  return found;
}

async function namedVersion(
  deps: ModelDeps,
  caller: Caller,
  source: VersionSource,
): Promise<ModelAndVersion> {
  if (source.kind === 'version') return versionFor(deps, caller, 'viewer', source.name, source.version);
  if (source.kind === 'alias') return versionByAlias(deps, caller, source.name, source.alias);
  const model = await modelFor(deps, caller, 'viewer', source.name);
  const newest =
    source.stage.toLowerCase() === latestAlias
      ? newestOf(model.latestByStage)
      : model.latestByStage[canonicalStage(source.stage)];
  const entry = newest === undefined ? undefined : await deps.versions.read(model, newest);
  if (!entry) throw versionNotFound(source.name, source.stage);
  return { model, entry };
}

const newestOf = (latest: Readonly<Partial<Record<string, number>>>): number | undefined => {
  const numbers = Object.values(latest).filter((number) => number !== undefined);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
};

/** The version that an alias points to, or the newest for `latest`. Throws AliasNotFound (invalid_input, as MLflow's server does). */
export async function versionByAlias(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  alias: string,
): Promise<ModelAndVersion> {
  const model = await modelFor(deps, caller, 'viewer', name);
  const isLatest = alias.toLowerCase() === latestAlias;
  const version = isLatest
    ? newestOf(model.latestByStage)
    : (await deps.store.readAliases(model.modelId))[alias];
  if (version === undefined && isLatest)
    throw new AppError('not_found', 'ModelVersionNotFound', `Latest version not found for model ${name}.`);
  if (version === undefined)
    throw new AppError('invalid_input', 'AliasNotFound', `Registered model alias ${alias} not found.`);
  const entry = await deps.versions.read(model, version);
  if (!entry) throw versionNotFound(name, version);
  return { model, entry };
}

const invalidPromptSource = (source: string): AppError =>
  new AppError(
    'invalid_input',
    'InvalidSource',
    `Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`,
  );
