import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { microsecondsText } from '#shared/kernel/microseconds.ts';
import { viewState } from '../contract.ts';
import type { ViewKey, ViewState, ViewStates } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** `VIEWSTATE#<project>#<view>#<6 digits>` / `VIEWSTATE`: how fresh a version of a view is online. */
const keyOf = ({ project, view, version }: ViewKey) => ({
  pk: `VIEWSTATE#${project}#${view}#${String(version).padStart(6, '0')}`,
  sk: 'VIEWSTATE',
});

/** The item, for whoever saves it with something else. */
export const viewStateItem = (key: ViewKey, state: ViewState): StoredItems['viewState'] => ({
  ...keyOf(key),
  schemaVersion: 1,
  state,
});

export function createViewStates(stored: Table): ViewStates {
  const table = versionedTable(stored, itemKinds);
  return {
    async of(project, views) {
      const keys = views.map(({ view, version }) => keyOf({ project, view, version }));
      const items = await table.getAll<StoredItems['viewState']>(keys);
      const states = new Map(items.map(({ pk, state }) => [pk, viewState.parse(state)]));
      return keys.map(({ pk }) => states.get(pk) ?? {});
    },
    async grow(key, newestEventAt) {
      const newer = new AppError('conflict', 'NewerEvent', 'A newer one came.');
      const state = viewStateItem(key, { newestEventAt: microsecondsText(newestEventAt) });
      try {
        await table.put(
          { ...state, newest: newestEventAt },
          { when: { absentOrAtMost: { newest: newestEventAt } }, otherwise: newer },
        );
      } catch (error) {
        if (error !== newer) throw error;
      }
    },
  };
}
