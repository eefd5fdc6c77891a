import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import type { Scorer } from '../domain/scorer.ts';
import type { ScorerStore } from '../ports/scorers.ts';
import { documentText, packed, putRevision } from './documents.ts';
import { itemKinds, type StoredItems } from './items.ts';

export const scorersPartition = (experimentId: string): string => `SCORERS#${experimentId}`;
const keyOf = (experimentId: string, name: string): Key => ({
  pk: scorersPartition(experimentId),
  sk: `SCORER#${name}`,
});

/** Scorers, one item each with all its versions: `SCORERS#<experimentId>` / `SCORER#<name>`. */
export function createScorerStore(stored: Table): ScorerStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async read(experimentId, name) {
      const item = await table.get<StoredItems['scorer']>(keyOf(experimentId, name));
      return item && { value: scorerOf(item), revision: item.revision };
    },
    async ofExperiment(experimentId) {
      const scorers: Scorer[] = [];
      let pageToken: string | undefined;
      do {
        const page = await table.query<StoredItems['scorer']>({
          pk: scorersPartition(experimentId),
          consistent: true,
          ...(pageToken ? { pageToken } : {}),
        });
        scorers.push(...page.items.map(scorerOf));
        pageToken = page.nextPageToken;
      } while (pageToken);
      return scorers;
    },
    write(scorer, before) {
      const revision = before?.revision ?? 0;
      const item: StoredItems['scorer'] = {
        ...keyOf(scorer.experimentId, scorer.name),
        schemaVersion: 1,
        revision: revision + 1,
        document: packed(scorer, `The scorer '${scorer.name}' with all its versions`),
      };
      return putRevision(table, item, revision);
    },
    delete: (experimentId, name) => table.deleteAll([keyOf(experimentId, name)]),
  };
}

const scorerOf = ({ document }: StoredItems['scorer']): Scorer =>
  JSON.parse(documentText(document)) as Scorer;
