import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Condition, Item, Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { isPrompt } from '../domain/prompts.ts';
import type { ModelStore, RegisteredModel, VersionEntry } from '../ports/models.ts';
import { everyItem } from './every.ts';
import { itemKinds, type StoredItems, unknownTime } from './items.ts';
import {
  allShards,
  entryKey,
  modelIndexKeys,
  modelKey,
  modelPk,
  nameKey,
  runVersionKey,
  sourceVersionKey,
  versionKey,
} from './keys.ts';

/** Entries that one transaction erases with what points to them: at most 100 writes (DynamoDB). */
const erasedAtOnce = 30;

export function createModelStore(stored: Table): ModelStore {
  const table = versionedTable(stored, itemKinds);
  const withTimes = (modelId: string, item: StoredItems['model']) => readModel(table, modelId, item);
  const byId: ModelStore['byId'] = async (modelId) => {
    const item = await table.get<StoredItems['model']>(modelKey(modelId));
    return item && item.deletedAt === undefined ? withTimes(modelId, item) : undefined;
  };
  return {
    byId,
    async find(name) {
      // Most models never had another name: the claim and the model that it leads to are read at once.
      const [claim, first] = await Promise.all([
        table.get<StoredItems['name']>(nameKey(name)),
        table.get<StoredItems['model']>(modelKey(name)),
      ]);
      if (claim && claim.modelId !== name) return byId(claim.modelId);
      return first?.model === name && first.deletedAt === undefined ? withTimes(name, first) : undefined;
    },
    async list(kind) {
      const found = await Promise.all(
        allShards('MODELS', kind).map((pk) => everyItem<StoredItems['model']>(table, { pk, index: 'gsi1' })),
      );
      return Promise.all(found.flat().map((item) => withTimes(item.pk.slice(modelPk('').length), item)));
    },
    async create(model, events) {
      const occupied = await table.get(modelKey(model.name));
      const modelId = occupied ? `${model.name}:${model.createdAt}` : model.name;
      const created = { ...model, modelId, revision: 1 };
      const otherwise = nameTaken(model.name);
      await table.commit({
        writes: [
          { put: { ...nameKey(model.name), schemaVersion: 1, modelId }, when: { absent: true }, otherwise },
          { put: modelItem(created), when: { absent: true }, otherwise },
        ],
        events,
      });
      return created;
    },
    async update(before, after, events) {
      const renames: Write[] =
        before.name === after.name
          ? []
          : [
              { delete: nameKey(before.name) },
              {
                put: { ...nameKey(after.name), schemaVersion: 1, modelId: after.modelId },
                when: { absent: true },
                otherwise: nameTaken(after.name),
              },
            ];
      await table.commit({ writes: [...renames, modelWrite(before, after)], events });
    },
    async delete(model, events) {
      const { gsi1pk: _pk, gsi1sk: _sk, ...unlisted } = modelItem(nextOf(model, model));
      await table.commit({
        writes: [
          { delete: nameKey(model.name) },
          {
            put: { ...unlisted, deletedAt: new Date(model.updatedAt).toISOString() },
            when: atRevision(model),
            otherwise: modelChanged(model),
          },
        ],
        events,
      });
      await eraseContents(table, model.modelId);
    },
  };
}

/** The name is free by now: what this leaves behind, if it breaks, nobody finds. */
async function eraseContents(table: Table, modelId: string): Promise<void> {
  const [entries, aliases] = await Promise.all(
    ['ENTRY#', 'ALIAS#'].map((skPrefix) =>
      everyItem<Item>(table, { pk: modelPk(modelId), skPrefix, consistent: true }),
    ),
  );
  const all = [...(aliases ?? []).map((item) => [{ delete: item }]), ...(entries ?? []).map(erasingWrites)];
  for (let from = 0; from < all.length; from += erasedAtOnce)
    await table.commit({ writes: all.slice(from, from + erasedAtOnce).flat() });
}

function erasingWrites(item: Item): Write[] {
  const { modelId, modelVersion, runId, source } = item['entry'] as VersionEntry;
  return [
    { delete: entryKey(modelId, modelVersion) },
    { delete: sourceVersionKey(source, modelId, modelVersion) },
    ...(runId ? [{ delete: runVersionKey(runId, modelId, modelVersion) }] : []),
  ];
}

/** A model of the first release has no times of its own. */
async function readModel(
  table: Table,
  modelId: string,
  item: StoredItems['model'],
): Promise<RegisteredModel> {
  const { model: name, project, latestVersion, latestByStage, description, tags, revision } = item;
  const first =
    item.createdAt === unknownTime
      ? await table.get<StoredItems['version']>(versionKey(modelId, 1))
      : undefined;
  return {
    modelId,
    name,
    project,
    latestVersion,
    latestByStage,
    ...(description === undefined ? {} : { description }),
    tags,
    createdAt: first?.version.createdAt ?? item.createdAt,
    updatedAt: first?.version.createdAt ?? item.updatedAt,
    revision,
  };
}

function modelItem({ modelId, name, ...rest }: RegisteredModel): StoredItems['model'] {
  const kind = isPrompt(rest.tags) ? 'prompt' : 'model';
  return {
    ...modelKey(modelId),
    schemaVersion: 2,
    model: name,
    ...rest,
    ...modelIndexKeys(kind, modelId, name),
  };
}

const nextOf = (before: RegisteredModel, after: RegisteredModel): RegisteredModel => ({
  ...after,
  revision: before.revision + 1,
});

/** It is as it was read. */
export const atRevision = ({ revision }: { readonly revision: number }): Condition => ({
  equals: { revision: revision === 0 ? undefined : revision },
});

/** Replaces a model, if it is still as it was read. */
export const modelWrite = (before: RegisteredModel, after: RegisteredModel): Write => ({
  put: modelItem(nextOf(before, after)),
  when: atRevision(before),
  otherwise: modelChanged(before),
});

export const modelChanged = ({ name }: { readonly name: string }): AppError =>
  new AppError(
    'conflict',
    'ModelChanged',
    `'${name}' was changed by somebody else at the same time. Read it again and repeat.`,
  );

const nameTaken = (name: string): AppError =>
  new AppError('already_exists', 'NameTaken', `Registered Model (name=${name}) already exists.`);
