import { gunzipSync, gzipSync } from 'node:zlib';
import type { Key } from '#shared/aws/table.ts';
import { type EntityKey, entityKeyText } from '../domain/online-key.ts';
import { rankOf } from '../domain/rank.ts';
import { stateText, type WindowState } from '../domain/window-state.ts';
import type { OnlineRow, ViewKey } from '../ports.ts';
import type { OnlineItem } from './items.ts';

/** A row stays this long after its ttl, so that what is expired is told from what never was. */
const expiredSeconds = 30 * 86_400;
/** Windows stay this long after the last of their rows left them. */
const emptySeconds = 86_400;
const microsecondsPerSecond = 1_000_000;

export const onlineKey = ({ project, view, version }: ViewKey, key: EntityKey): Key => ({
  pk: `ONLINE#${project}#${view}#${version}#${entityKeyText(key)}`,
  sk: 'VALUES',
});

export function rowItem(view: ViewKey, row: OnlineRow, ttlSeconds: number | undefined): OnlineItem {
  const { key, values, ...order } = row;
  return {
    ...onlineKey(view, key),
    schemaVersion: 1,
    rank: rankOf(order),
    eventAt: row.eventAt,
    values: JSON.stringify(values),
    ...(ttlSeconds === undefined ? {} : { expiresAt: expiry(row.eventAt, ttlSeconds + expiredSeconds) }),
  };
}

/** Throws WindowStateTooLarge (precondition_failed). */
export function stateItem(
  view: ViewKey,
  key: EntityKey,
  state: WindowState,
  ofStream: Pick<OnlineItem, 'revision' | 'isFilled'> = {},
): OnlineItem {
  const { eventAt = 0, rank = '' } = state.newest ?? {};
  const { windowSeconds = 0, hopSeconds = 0 } = state.longest ?? {};
  const text = stateText(state, `${entityKeyText(key)} in feature view '${view.view}'`);
  return {
    ...onlineKey(view, key),
    schemaVersion: 1,
    rank,
    eventAt,
    state: gzipSync(text, { level: 3 }),
    ...ofStream,
    expiresAt: expiry(eventAt, windowSeconds + hopSeconds + emptySeconds),
  };
}

/** What the next change of the windows of a stream keeps of the item before. */
export const after = (before: OnlineItem | undefined): Pick<OnlineItem, 'revision' | 'isFilled'> => ({
  revision: (before?.revision ?? 0) + 1,
  ...(before?.isFilled ? { isFilled: true } : {}),
});

export const stateOf = ({ state }: Pick<OnlineItem, 'state'>): WindowState | undefined =>
  state && (JSON.parse(gunzipSync(state).toString('utf8')) as WindowState);

const expiry = (eventAt: number, keptSeconds: number): number =>
  Math.floor(eventAt / microsecondsPerSecond) + keptSeconds;
