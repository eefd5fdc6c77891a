import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { microsecondsText } from '#shared/kernel/microseconds.ts';
import { viewState } from '../contract.ts';
import type { StreamStates, ViewKey, ViewState, ViewStates } from '../ports.ts';
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

/** `STREAMSTATE#<project>#<view>` / `STREAMSTATE`: records are online in all versions of a view that are in use. */
const streamKeyOf = (project: string, view: string) => ({
  pk: `STREAMSTATE#${project}#${view}`,
  sk: 'STREAMSTATE',
});

const stateOf = (item: StoredItems['viewState' | 'streamState']): ViewState =>
  viewState.parse('state' in item ? item.state : { newestEventAt: microsecondsText(item.newestEventAt) });

export function createViewStates(stored: Table): ViewStates {
  const table = versionedTable(stored, itemKinds);
  return {
    async of(project, views) {
      const keys = views.map(({ view, version, source }) =>
        source.type === 'stream' ? streamKeyOf(project, view) : keyOf({ project, view, version }),
      );
      const items = await table.getAll<StoredItems['viewState' | 'streamState']>(keys);
      const states = new Map(items.map((item) => [item.pk, stateOf(item)]));
      return keys.map(({ pk }) => states.get(pk) ?? {});
    },
  };
}

export function createStreamStates(stored: Table): StreamStates {
  const table = versionedTable(stored, itemKinds);
  return {
    async rise(project, view, newestEventAt) {
      const item: StoredItems['streamState'] = {
        ...streamKeyOf(project, view),
        schemaVersion: 1,
        newestEventAt,
      };
      const isKnown = new AppError('conflict', 'NewerKnown', `Newer records of '${view}' landed.`);
      try {
        await table.put(item, { when: { absentOrAtMost: { newestEventAt } }, otherwise: isKnown });
      } catch (error) {
        if (error !== isKnown) throw error;
      }
    },
  };
}
