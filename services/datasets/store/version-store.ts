import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { datasetVersion } from '../contract.ts';
import type { Marks, Tag, Version, VersionStore, VersionUse } from '../ports/versions.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { marksKey, newestKey, padded, partition, versionKey, versionPrefix } from './keys.ts';

const pageSize = 100;
const tagPrefix = 'TAG#';
const tagKey = (project: string, tag: string) => ({ pk: partition(project), sk: `${tagPrefix}${tag}` });
const usePrefix = (version: number) => `USE#${padded(version)}#`;

const unmarked: Marks = { tags: [], isTrainedOn: false, revision: 0 };
/** Several facts about one version at once are written one after the other. */
const maxAttempts = 10;

export function createVersionStore(stored: Table): VersionStore {
  const table = versionedTable(stored, itemKinds);
  const toVersion = (item: StoredItems['version'] | undefined): Version | undefined =>
    item && datasetVersion.parse(item);
  const marks = async (project: string, version: number): Promise<Marks> => {
    const item = await table.get<StoredItems['marks']>(marksKey(project, version));
    return item ? { tags: item.tags, isTrainedOn: item.isTrainedOn, revision: item.revision } : unmarked;
  };
  return {
    newest: async (project) => toVersion(await table.get<StoredItems['newest']>(newestKey(project))),
    version: async (project, version) =>
      toVersion(await table.get<StoredItems['version']>(versionKey(project, version))),
    async *each(project, order) {
      const query = {
        pk: partition(project),
        skPrefix: versionPrefix,
        newestFirst: order === 'newestFirst',
        consistent: true,
      };
      for await (const item of everyItem<StoredItems['version']>(table, query))
        yield datasetVersion.parse(item);
    },
    marks,
    async tag(project, tag) {
      const item = await table.get<StoredItems['tag']>(tagKey(project, tag));
      return item && toTag(item);
    },
    async tags(project, pageToken) {
      const page = await table.query<StoredItems['tag']>({
        pk: partition(project),
        skPrefix: tagPrefix,
        limit: pageSize,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map(toTag) };
    },
    async moveTag(move, event) {
      const { project, tag, before, after } = move;
      const otherwise = raced(project, tag);
      const changes: Write[] = [];
      for (const version of new Set([before, after].flatMap((at) => (at ? [at.datasetVersion] : [])))) {
        const { tags, ...kept } = await marks(project, version);
        const others = tags.filter((name) => name !== tag);
        const isHere = after?.datasetVersion === version;
        const next = { ...kept, tags: isHere ? [...others, tag].sort() : others };
        changes.push(marksWrite(project, version, next, otherwise));
      }
      await table.commit({
        writes: [tagWrite(move, otherwise), ...changes, ...present(project, after, otherwise)],
        events: [event],
      });
    },
    recordUse: async (use, consumed) => {
      for (let attempt = 1; ; attempt++) {
        const before = await marks(use.project, use.datasetVersion);
        const isTrainedOn = before.isTrainedOn || use.kind === 'training-set';
        const changed =
          isTrainedOn === before.isTrainedOn
            ? []
            : [
                marksWrite(
                  use.project,
                  use.datasetVersion,
                  { ...before, isTrainedOn },
                  raced(use.project, ''),
                ),
              ];
        try {
          return await table.commit({ writes: [useWrite(use), ...changed], consumed });
        } catch (error) {
          if (!(error instanceof AppError && error.code === 'TagRaced') || attempt === maxAttempts)
            throw error;
        }
      }
    },
    async uses(project, version) {
      const query = { pk: partition(project), skPrefix: usePrefix(version) };
      const found: VersionUse[] = [];
      for await (const item of everyItem<StoredItems['use']>(table, query)) {
        const { datasetVersion: number, kind, id, at } = item;
        found.push({ project, datasetVersion: number, kind, id, at });
      }
      return found;
    },
  };
}

const raced = (project: string, tag: string): AppError =>
  new AppError(
    'conflict',
    'TagRaced',
    `Tag '${tag}' of the dataset of '${project}', or a version that it concerns, was changed meanwhile. Try again.`,
  );

const toTag = ({ tag, datasetVersion: number, taggedAt, taggedBy }: StoredItems['tag']): Tag => ({
  tag,
  datasetVersion: number,
  taggedAt,
  taggedBy,
});

function tagWrite(
  { project, tag, before, after }: Parameters<VersionStore['moveTag']>[0],
  otherwise: AppError,
): Write {
  const when = before
    ? { equals: { datasetVersion: before.datasetVersion, taggedAt: before.taggedAt } }
    : { absent: true as const };
  const key = tagKey(project, tag);
  if (!after) return { delete: key, when, otherwise };
  return { put: { ...key, schemaVersion: 1, ...after }, when, otherwise };
}

/** A version can be tagged as long as it is there and retention did not take its content. */
function present(project: string, tag: Tag | undefined, otherwise: AppError): Write[] {
  if (!tag) return [];
  const when = { equals: { datasetVersion: tag.datasetVersion, expiredAt: undefined } };
  return [{ check: versionKey(project, tag.datasetVersion), when, otherwise }];
}

/** Written where nobody marked the version meanwhile. */
function marksWrite(project: string, version: number, before: Marks, otherwise: AppError): Write {
  const { tags, isTrainedOn, revision } = before;
  return {
    put: { ...marksKey(project, version), schemaVersion: 1, tags, isTrainedOn, revision: revision + 1 },
    when: revision === 0 ? { absent: true } : { equals: { revision } },
    otherwise,
  };
}

function useWrite({ project, datasetVersion: number, kind, id, at }: VersionUse): Write {
  const key = { pk: partition(project), sk: `${usePrefix(number)}${kind}#${id}` };
  return { put: { ...key, schemaVersion: 1, datasetVersion: number, kind, id, at } };
}
