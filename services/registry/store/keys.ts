import type { Key } from '#shared/aws/table.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { ModelKind } from '../ports/models.ts';

/**
 * Keys of the table. The partition is the registered model, by its id: the first name that it had, with the time behind it where
 * another model had that name before. Names point to ids, so that a rename moves nothing.
 * `NAME#<name>` / `NAME`: the id of the model that has the name now; missing for models of the first release, whose id it is.
 * `MODEL#<id>` / `MODEL`: the model and the number of its newest version.
 * `MODEL#<id>` / `VERSION#<number>`: what a training registered, immutable.
 * `MODEL#<id>` / `ENTRY#<number>`: what MLflow's clients see and change of a version.
 * `MODEL#<id>` / `ALIAS#<alias>`: the version that an alias points to.
 * `MODEL#<id>` / `ALIASMOVE#<alias>#<time>#<move>`: the history of an alias.
 * `TRAINING#<trainingId>` / `VERSION`: the version that a training registered.
 * `RUN#<runId>` and `SOURCE#<hash of the source>` / `VERSION#<id>#<number>`: versions of a run, versions of one source.
 * gsi1 `MODELS#<kind>#<shard>` / name, and `VERSIONS#<kind>#<shard>` / id and number: all models, all versions.
 */
export const modelPk = (modelId: string): string => `MODEL#${modelId}`;
export const modelKey = (modelId: string): Key => ({ pk: modelPk(modelId), sk: 'MODEL' });
export const nameKey = (name: string): Key => ({ pk: `NAME#${name}`, sk: 'NAME' });

/** Ten digits, so that versions sort by number. */
const numbered = (version: number): string => String(version).padStart(10, '0');
export const versionKey = (modelId: string, version: number): Key => ({
  pk: modelPk(modelId),
  sk: `VERSION#${numbered(version)}`,
});
export const entryKey = (modelId: string, version: number): Key => ({
  pk: modelPk(modelId),
  sk: `ENTRY#${numbered(version)}`,
});
export const aliasKey = (modelId: string, alias: string): Key => ({
  pk: modelPk(modelId),
  sk: `ALIAS#${alias}`,
});
export const movePrefix = (alias: string): string => `ALIASMOVE#${alias}#`;
export const trainingKey = (trainingId: string): Key => ({ pk: `TRAINING#${trainingId}`, sk: 'VERSION' });

const reference = (pk: string, modelId: string, version: number): Key => ({
  pk,
  sk: `VERSION#${modelId}#${numbered(version)}`,
});
export const runPk = (runId: string): string => `RUN#${runId}`;
export const runVersionKey = (runId: string, modelId: string, version: number): Key =>
  reference(runPk(runId), modelId, version);
export const sourcePk = (source: string): string => `SOURCE#${sha256Hex(source)}`;
export const sourceVersionKey = (source: string, modelId: string, version: number): Key =>
  reference(sourcePk(source), modelId, version);

/** Partitions of the index that one kind's models, or versions, are spread over: each takes a thousand writes a second. */
const shards = 8;
const shardOf = (id: string): number => Number.parseInt(sha256Hex(id).slice(0, 4), 16) % shards;

export const allShards = (of: 'MODELS' | 'VERSIONS', kind: ModelKind): string[] =>
  Array.from({ length: shards }, (_none, shard) => `${of}#${kind}#${shard}`);

export const modelIndexKeys = (kind: ModelKind, modelId: string, name: string) => ({
  gsi1pk: `MODELS#${kind}#${shardOf(modelId)}`,
  gsi1sk: name,
});

export const versionIndexKeys = (kind: ModelKind, modelId: string, version: number) => ({
  gsi1pk: `VERSIONS#${kind}#${shardOf(`${modelId}#${version}`)}`,
  gsi1sk: `${modelId}#${numbered(version)}`,
});
