import type { Item, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { type ProjectRevision, projectDefinition } from '../contract.ts';
import type { ProjectStore } from '../ports.ts';

interface RevisionItem extends Item {
  readonly schemaVersion: 1;
  readonly project: string;
  readonly revision: number;
  /** JSON text: a DynamoDB map would lose the order of columns. */
  readonly definition: string;
  readonly definitionSha256: string;
  readonly appliedAt: string;
  readonly appliedBy: string;
}

const partition = (project: string): string => `PROJECT#${project}`;
const revisionKey = (revision: number): string => `REVISION#${String(revision).padStart(6, '0')}`;
const newestKey = (project: string) => ({ pk: partition(project), sk: 'NEWEST' });
const indexPartition = 'PROJECTS';

export function createProjectStore(table: Table): ProjectStore {
  return {
    newest: async (project) => revisionOf(await table.get<RevisionItem>(newestKey(project))),
    revision: async (project, revision) =>
      revisionOf(await table.get<RevisionItem>({ pk: partition(project), sk: revisionKey(revision) })),
    async list({ limit, pageToken }) {
      const page = await table.query<RevisionItem>({
        pk: indexPartition,
        index: 'gsi1',
        limit,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map(toRevision) };
    },
    async append(revision, event) {
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
      });
    },
  };
}

const revisionOf = (item: RevisionItem | undefined): ProjectRevision | undefined => item && toRevision(item);

function toRevision(item: RevisionItem): ProjectRevision {
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
