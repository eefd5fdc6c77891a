import type { ModelVersion, VersionOfClient } from '#services/registry/contract.ts';
import { decodePageToken, encodePageToken, invalidPageToken, type Page } from '#shared/kernel/paging.ts';
import { importedFromTag } from '../domain/imported.ts';
import { isPrompt } from '../domain/prompts.ts';
import type { ContentStore, RecordedContent } from '../ports/content.ts';
import type { ModelStore, RegisteredModel, VersionEntry, VersionStore } from '../ports/models.ts';
import type { RegisteredVersion, RegistryStore } from '../ports.ts';
import { modelVersionNotFound } from './move-alias.ts';

export interface ReadDeps {
  readonly models: ModelStore;
  readonly store: RegistryStore;
  readonly versions: VersionStore;
  readonly contents: ContentStore;
}

export interface VersionQuestion {
  readonly project: string;
  readonly modelVersion?: number | undefined;
  readonly alias?: string | undefined;
}

const pageSize = 50;

/** A version by number, or by alias where no number is named; undefined where there is none. */
export async function findVersion(
  deps: ReadDeps,
  { project, modelVersion, alias }: VersionQuestion,
): Promise<ModelVersion | undefined> {
  const model = await modelOf(deps, project);
  if (!model) return undefined;
  const aliases = await deps.store.readAliases(model.modelId);
  const wanted = modelVersion ?? (alias === undefined ? undefined : aliases[alias]);
  if (wanted === undefined) return undefined;
  const [version] = await versionsBetween(deps, model, aliases, wanted, wanted);
  return version;
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

/** Versions of the project's model, newest first, whoever registered them. Throws InvalidPageToken. */
export async function listVersions(
  deps: ReadDeps,
  project: string,
  pageToken: string | undefined,
): Promise<Page<ModelVersion>> {
  const last = pageToken === undefined ? undefined : lastOf(pageToken);
  const model = await modelOf(deps, project);
  if (!model) return { items: [] };
  const newest = Math.min(last ?? model.latestVersion, model.latestVersion);
  const oldest = Math.max(1, newest - pageSize + 1);
  const aliases = await deps.store.readAliases(model.modelId);
  const items = await versionsBetween(deps, model, aliases, oldest, newest);
  return { items, ...(oldest > 1 ? { nextPageToken: encodePageToken({ last: oldest - 1 }) } : {}) };
}

function lastOf(pageToken: string): number {
  const cursor = decodePageToken(pageToken);
  const last = typeof cursor === 'object' && cursor !== null && 'last' in cursor ? cursor.last : undefined;
  if (typeof last === 'number' && Number.isInteger(last) && last >= 1) return last;
  throw invalidPageToken(pageToken);
}

/** The project's model: a model of its name, and no prompt. */
async function modelOf({ models }: ReadDeps, project: string): Promise<RegisteredModel | undefined> {
  const model = await models.find(project);
  return model && model.project === project && !isPrompt(model.tags) ? model : undefined;
}

/** Newest first. What clients deleted is left out, but for what a training registered: releases and the audit need it. */
async function versionsBetween(
  { store, versions, contents }: ReadDeps,
  model: RegisteredModel,
  aliases: Readonly<Record<string, number>>,
  first: number,
  last: number,
): Promise<ModelVersion[]> {
  if (last < first) return [];
  const [trained, entries, recorded] = await Promise.all([
    store.versionsBetween(model.modelId, first, last),
    versions.between(model, first, last),
    contents.contentsBetween(model.modelId, first, last),
  ]);
  const numbers = Array.from({ length: last - first + 1 }, (_none, index) => last - index);
  return numbers.flatMap((number): ModelVersion[] => {
    const ofNumber = <T extends { modelVersion: number }>(all: readonly T[]) =>
      all.find(({ modelVersion }) => modelVersion === number);
    const own = Object.keys(aliases).filter((alias) => aliases[alias] === number);
    const entry = ofNumber(entries);
    const training = ofNumber(trained);
    if (training) return [trainedVersion(training, entry, own)];
    return entry ? [versionOfClient(model, entry, ofNumber(recorded), own)] : [];
  });
}

const trainedVersion = (
  training: RegisteredVersion,
  entry: VersionEntry | undefined,
  aliases: string[],
): ModelVersion => ({ ...training, origin: 'training', ...statusOf(entry ?? training), aliases });

function versionOfClient(
  { project, name }: RegisteredModel,
  entry: VersionEntry,
  recorded: RecordedContent | undefined,
  aliases: string[],
): VersionOfClient {
  const { modelVersion, source, runId, loggedModelId, createdBy, createdAt, tags } = entry;
  const importedFrom = tags[importedFromTag];
  return {
    project,
    model: name,
    modelVersion,
    origin: 'client',
    source,
    ...(runId ? { runId } : {}),
    ...(loggedModelId ? { modelId: loggedModelId } : {}),
    createdBy,
    ...(recorded ? { content: recorded.content } : {}),
    flavors: [...(recorded?.mlmodel?.flavors ?? [])],
    ...(importedFrom ? { importedFrom } : {}),
    ...statusOf(entry),
    createdAt,
    aliases,
  };
}

function statusOf({ status, reason }: Pick<VersionEntry, 'status' | 'reason'>) {
  return { status, ...(status === 'QUARANTINED' && reason ? { statusReason: reason } : {}) };
}
