import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { isPrompt } from '../domain/prompts.ts';
import type { RegisteredModel, VersionEntry, VersionStore } from '../ports/models.ts';
import { entryOfRegistration } from '../use-cases/entry-of-registration.ts';
import { aliasWrites } from './alias-writes.ts';
import { everyItem } from './every.ts';
import { itemKinds, type StoredItems } from './items.ts';
import {
  allShards,
  entryKey,
  modelPk,
  runPk,
  runVersionKey,
  sourcePk,
  sourceVersionKey,
  versionIndexKeys,
  versionKey,
} from './keys.ts';
import { atRevision, modelChanged, modelWrite } from './model-store.ts';

export function createVersionStore(stored: Table): VersionStore {
  const table = versionedTable(stored, itemKinds);
  const registered = async (modelId: string, version: number) => {
    const item = await table.get<StoredItems['version']>(versionKey(modelId, version));
    return item && entryOfRegistration(modelId, item.version);
  };
  const read = async (modelId: string, version: number): Promise<VersionEntry | undefined> => {
    const item = await table.get<StoredItems['entry']>(entryKey(modelId, version));
    return item ? entryOf(item) : registered(modelId, version);
  };
  const referenced = async (pk: string): Promise<VersionEntry[]> => {
    const references = await everyItem<StoredItems['runVersion']>(table, {
      pk,
      skPrefix: 'VERSION#',
      consistent: true,
    });
    const found = references.map(({ modelId, modelVersion }) => read(modelId, modelVersion));
    return (await Promise.all(found)).filter((entry) => entry !== undefined);
  };
  return {
    read: ({ modelId }, modelVersion) => read(modelId, modelVersion),
    async ofModel({ modelId, latestVersion }) {
      const items = await everyItem<StoredItems['entry']>(table, {
        pk: modelPk(modelId),
        skPrefix: 'ENTRY#',
        consistent: true,
      });
      const known = new Set(items.map(({ entry }) => entry.modelVersion));
      const numbers = Array.from({ length: latestVersion }, (_none, index) => index + 1);
      // What trainings registered before clients could see it has no entry until it changes.
      const older = await Promise.all(
        numbers.filter((version) => !known.has(version)).map((version) => registered(modelId, version)),
      );
      return [...items.map(entryOf), ...older]
        .filter((entry) => entry !== undefined)
        .sort((a, b) => a.modelVersion - b.modelVersion);
    },
    async between({ modelId }, first, last) {
      const items = await everyItem<StoredItems['entry']>(table, {
        pk: modelPk(modelId),
        skBetween: [entryKey(modelId, first).sk, entryKey(modelId, last).sk],
        consistent: true,
      });
      return items.map(entryOf).filter((entry) => entry !== undefined);
    },
    async all(kind) {
      const found = await Promise.all(
        allShards('VERSIONS', kind).map((pk) =>
          everyItem<StoredItems['entry']>(table, { pk, index: 'gsi1' }),
        ),
      );
      return found
        .flat()
        .map(entryOf)
        .filter((entry) => entry !== undefined);
    },
    ofRun: (runId) => referenced(runPk(runId)),
    ofSource: (source) => referenced(sourcePk(source)),
    async create(before, after, entry, events) {
      await table.commit({
        writes: [modelWrite(before, after), ...newEntryWrites(entry, modelChanged(before))],
        events,
      });
    },
    async update(before, after, events) {
      await table.commit({ writes: [entryWrite(before, after)], events });
    },
    async moveStages(before, after, changed, events) {
      const writes = changed.map((each) => entryWrite(each.before, each.after));
      if (writes.length > mostAtOnce) throw tooManyAtOnce(before, writes.length);
      await table.commit({ writes: [modelWrite(before, after), ...writes], events });
    },
    async delete(before, after, entry, moves, events) {
      const otherwise = modelChanged(before);
      await table.commit({
        writes: [
          modelWrite(before, after),
          redactingWrite(entry),
          ...referenceKeys(entry).map((key): Write => ({ delete: key })),
          ...moves.flatMap((move, index) =>
            aliasWrites(entry.modelId, move, moveIdOf(events, index), otherwise),
          ),
        ],
        events,
      });
    },
  };
}

/** A transaction has 100 writes (DynamoDB), of which the model, the facts and some room are others. */
const mostAtOnce = 40;

const tooManyAtOnce = ({ name }: RegisteredModel, count: number): AppError =>
  new AppError(
    'precondition_failed',
    'TooManyVersions',
    `${count} versions of '${name}' would change their stage at once, ${mostAtOnce} can. Archive some of them one by one first.`,
  );

const moveIdOf = (events: readonly { detail: { metadata: { eventId: string } } }[], index: number): string =>
  events[index]?.detail.metadata.eventId ?? String(index);

const entryOf = ({ entry, revision, deletedAt }: StoredItems['entry']): VersionEntry | undefined =>
  deletedAt === undefined ? { ...entry, revision } : undefined;

const referenceKeys = ({ modelId, modelVersion, runId, source }: VersionEntry) => [
  sourceVersionKey(source, modelId, modelVersion),
  ...(runId ? [runVersionKey(runId, modelId, modelVersion)] : []),
];

function entryItem({ revision, ...entry }: VersionEntry): StoredItems['entry'] {
  const { modelId, modelVersion, tags } = entry;
  return {
    ...entryKey(modelId, modelVersion),
    schemaVersion: 1,
    entry,
    revision: revision + 1,
    ...versionIndexKeys(isPrompt(tags) ? 'prompt' : 'model', modelId, modelVersion),
  };
}

/** A new version, found by its run and by its source. */
export function newEntryWrites(entry: VersionEntry, otherwise: AppError): Write[] {
  const { modelId, modelVersion } = entry;
  return [
    { put: entryItem(entry), when: { absent: true }, otherwise },
    ...referenceKeys(entry).map(
      (key): Write => ({ put: { ...key, schemaVersion: 1, modelId, modelVersion } }),
    ),
  ];
}

const entryWrite = (before: VersionEntry, after: VersionEntry): Write => ({
  put: entryItem({ ...after, revision: before.revision }),
  when: atRevision(before),
  otherwise: modelChanged({ name: `version ${before.modelVersion}` }),
});

/** What stays of a deleted version, as in MLflow: that there was one of this number. */
function redactingWrite(entry: VersionEntry): Write {
  const { gsi1pk: _pk, gsi1sk: _sk, ...unlisted } = entryItem(entry);
  const { description: _description, runId: _run, loggedModelId: _model, ...rest } = entry;
  const { storageLocation: _storage, runLink: _link, revision: _revision, ...kept } = rest;
  return {
    put: {
      ...unlisted,
      entry: { ...kept, source: 'REDACTED-SOURCE-PATH', tags: {} },
      deletedAt: entry.updatedAt,
    },
    when: atRevision(entry),
    otherwise: modelChanged({ name: `version ${entry.modelVersion}` }),
  };
}
