import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { versionOfSuggestion } from '../domain/suggestion-id.ts';
import type { SuggestionRecord, SuggestionStore, WaitingData } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';
import {
  projectKey,
  suggestionKey,
  suggestionPrefix,
  versionText,
  waitingIndex,
  waitingKey,
} from './keys.ts';

type SuggestionItem = StoredItems['suggestion'];
type WaitingItem = StoredItems['waiting'];
const pageSize = 25;

export function createSuggestionStore(stored: Table): SuggestionStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async find(project, suggestionId) {
      const datasetVersion = versionOfSuggestion(suggestionId);
      if (datasetVersion === undefined) return undefined;
      const item = await table.get<SuggestionItem>(suggestionKey(project, datasetVersion, suggestionId));
      return item && toSuggestion(item);
    },
    async list(project, pageToken) {
      const page = await table.query<SuggestionItem>({
        pk: projectKey(project),
        skPrefix: suggestionPrefix,
        newestFirst: true,
        limit: pageSize,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map(toSuggestion) };
    },
    async *ofVersion(project, datasetVersion) {
      const skPrefix = `${suggestionPrefix}${versionText(datasetVersion)}#`;
      for await (const item of everyItem<SuggestionItem>(table, { pk: projectKey(project), skPrefix }))
        yield toSuggestion(item);
    },
    async markErased(suggestion, erasedAt) {
      await table.put(suggestionItem({ ...suggestion, erasedAt }));
    },
    async waiting(project) {
      const item = await table.get<WaitingItem>(waitingKey(project));
      return item && toWaiting(item);
    },
    async *allWaiting() {
      const query = { index: 'gsi1', pk: waitingIndex } as const;
      for await (const item of everyItem<WaitingItem>(table, query)) yield toWaiting(item);
    },
    async decide(decided, event) {
      const { suggestionId, project } = decided;
      const otherwise = new AppError(
        'conflict',
        'SuggestionDecided',
        `Suggestion ${suggestionId} of '${project}' waits no more: somebody decided on it, or newer data replaced it. Read it to see what became of it.`,
      );
      await table.commit({
        writes: [{ put: suggestionItem(decided), when: { equals: { status: 'waiting' } }, otherwise }],
        events: [event],
      });
    },
  };
}

export const suggestionItem = (record: SuggestionRecord): SuggestionItem => ({
  ...suggestionKey(record.project, record.datasetVersion, record.suggestionId),
  schemaVersion: 1,
  ...record,
});
export const waitingItem = (data: WaitingData): WaitingItem => ({
  ...waitingKey(data.project),
  schemaVersion: 1,
  ...data,
  gsi1pk: waitingIndex,
  gsi1sk: data.project,
});

function toSuggestion({
  pk: _pk,
  sk: _sk,
  schemaVersion: _version,
  ...record
}: SuggestionItem): SuggestionRecord {
  return record;
}
function toWaiting(item: WaitingItem): WaitingData {
  const { project, datasetVersion, suggestionId, metadata } = item;
  return { project, datasetVersion, suggestionId, metadata };
}
