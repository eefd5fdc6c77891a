import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Table, Write } from '#shared/aws/table.ts';
import type { Check, Outcomes, SuggestionRecord } from '../ports.ts';
import { checkChanged, checkItem } from './check-store.ts';
import { itemKinds } from './items.ts';
import { checkKey, profileKey, versionKey, waitingKey } from './keys.ts';
import { suggestionItem, waitingItem } from './suggestion-store.ts';

/** What the ends of checks change: state and facts in one transaction. */
export function createOutcomes(stored: Table): Outcomes {
  const table = versionedTable(stored, itemKinds);
  return {
    async complete({ check, cleaning, record, profile, suggestion, superseded, waiting, events }) {
      const { project, datasetVersion, revision } = check;
      const unchanged = { when: { equals: { revision } }, otherwise: checkChanged(check) } as const;
      const ended: Write = cleaning
        ? { put: checkItem({ ...check, status: 'cleaning', revision: revision + 1 }), ...unchanged }
        : { delete: checkKey(check), ...unchanged };
      const head = { schemaVersion: 1 } as const;
      const puts: Item[] = [
        ...(record ? [{ ...versionKey(project, datasetVersion), ...head, ...record }] : []),
        ...(profile
          ? [{ ...profileKey(project, datasetVersion), ...head, project, datasetVersion, profile }]
          : []),
        ...(suggestion ? [suggestionItem(suggestion)] : []),
        ...(waiting ? [waitingItem(waiting)] : []),
      ];
      await table.commit({
        writes: [
          ended,
          ...puts.map((put) => ({ put })),
          ...(superseded ? [supersede(superseded, check)] : []),
          ...(waiting === null ? [{ delete: waitingKey(project) }] : []),
        ],
        events,
      });
    },
  };
}

/** Somebody may decide on the suggestion at this moment: then all is looked at again. */
function supersede(superseded: SuggestionRecord, check: Check): Write {
  return {
    put: suggestionItem({ ...superseded, status: 'superseded' }),
    when: { equals: { status: 'waiting' } },
    otherwise: checkChanged(check),
  };
}
