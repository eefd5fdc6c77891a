import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { type ProjectRevision, projectDefinition } from '../contract.ts';
import type { ProjectStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

const partition = (project: string): string => `PROJECT#${project}`;
const revisionKey = (revision: number): string => `REVISION#${String(revision).padStart(6, '0')}`;
const newestKey = (project: string) => ({ pk: partition(project), sk: 'NEWEST' });
const indexPartition = 'PROJECTS';

export function createProjectStore(stored: Table): ProjectStore {
  const table = versionedTable(stored, itemKinds);
  return {
    newest: async (project) => revisionOf(await table.get<StoredItems['newest']>(newestKey(project))),
    revision: async (project, revision) =>
      revisionOf(
        await table.get<StoredItems['revision']>({ pk: partition(project), sk: revisionKey(revision) }),
      ),
    async list({ limit, pageToken }) {
      const page = await table.query<StoredItems['newest']>({
        pk: indexPartition,
        index: 'gsi1',
        limit,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map(toRevision) };
    },
    async append(revision, event, consumed) {
      const { definition, project } = revision;
      const attributes = { ...revision, schemaVersion: 1 as const, definition: JSON.stringify(definition) };
      const otherwise = new AppError(
        'conflict',
        'ProjectChanged',
        `Somebody else applied project '${project}' at the same moment. Look at the newest revision, then apply again.`,
      );
      await table.commit({
        writes: [
          {
            put: { pk: partition(project), sk: revisionKey(revision.revision), ...attributes },
            when: { absent: true },
            otherwise,
          },
          {
            put: { ...newestKey(project), ...attributes, gsi1pk: indexPartition, gsi1sk: project },
            when:
              revision.revision === 1 ? { absent: true } : { equals: { revision: revision.revision - 1 } },
            otherwise,
          },
        ],
        events: [event],
        ...(consumed ? { consumed } : {}),
      });
    },
  };
}

const revisionOf = (item: StoredItems['revision'] | undefined): ProjectRevision | undefined =>
  item && toRevision(item);

function toRevision(item: StoredItems['revision']): ProjectRevision {
  const { project, revision, definition, definitionSha256, appliedAt, appliedBy } = item;
  return {
    project,
    revision,
    definition: projectDefinition.parse(JSON.parse(definition)),
    definitionSha256,
    appliedAt,
    appliedBy,
  };
}
