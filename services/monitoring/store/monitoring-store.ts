import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Key, Table, Write } from '#shared/aws/table.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { joinedDays } from '../domain/window.ts';
import type { ClosedWindow, MonitoringStore, WindowClosing } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

const versionText = (modelVersion: number): string => `v${String(modelVersion).padStart(8, '0')}`;

/**
 * Keys: PROJECT#p / REFERENCE#v, PROJECT#p / OPEN#v, PROJECT#p / DRIFTING#v, PROJECT#p / WINDOW#id (ids sort by the time they were
 * opened), CAPTURES#window / uri, LABELS#p / time#uri.
 */
const keys = {
  project: (project: string) => `PROJECT#${project}`,
  reference: (project: string, version: number) => ({
    pk: `PROJECT#${project}`,
    sk: `REFERENCE#${versionText(version)}`,
  }),
  open: (project: string, version: number) => ({
    pk: `PROJECT#${project}`,
    sk: `OPEN#${versionText(version)}`,
  }),
  drifting: (project: string, version: number) => ({
    pk: `PROJECT#${project}`,
    sk: `DRIFTING#${versionText(version)}`,
  }),
  window: (project: string, windowId: string) => ({ pk: `PROJECT#${project}`, sk: `WINDOW#${windowId}` }),
  capture: (windowId: string, uri: string) => ({ pk: `CAPTURES#${windowId}`, sk: uri }),
  labels: (project: string, receivedAt: string, uri: string) => ({
    pk: `LABELS#${project}`,
    sk: `${receivedAt}#${uri}`,
  }),
};

const schemaVersion = 1;
const keptSeconds = joinedDays * 86_400;

const windowChanged = (windowId: string): AppError =>
  new AppError('conflict', 'WindowChanged', `Window ${windowId} changed meanwhile. Try again.`);

export function createMonitoringStore(stored: Table, clock: Clock): MonitoringStore {
  const table = versionedTable(stored, itemKinds);
  const expiresAt = () => epochSeconds(clock.now()) + keptSeconds;
  const read = async <Kind extends 'reference' | 'openWindow' | 'drifting' | 'window'>(key: Key) =>
    (await table.get<StoredItems[Kind]>(key))?.held as StoredItems[Kind]['held'] | undefined;
  const captureWrite = (windowId: string, uri: string): Write => ({
    put: { ...keys.capture(windowId, uri), schemaVersion, expiresAt: expiresAt() },
  });
  return {
    readReference: (project, version) => read<'reference'>(keys.reference(project, version)),
    async saveReference(reference, consumed) {
      const key = keys.reference(reference.project, reference.modelVersion);
      await table.commit({ writes: [{ put: { ...key, schemaVersion, held: reference } }], consumed });
    },
    readOpenWindow: (project, version) => read<'openWindow'>(keys.open(project, version)),
    async listOpenWindows(project) {
      const found = await all<StoredItems['openWindow']>(table, keys.project(project), { skPrefix: 'OPEN#' });
      return found.map((item) => item.held);
    },
    async saveOpenWindow(window, captureUri, consumed) {
      const { project, modelVersion, windowId, revision } = window;
      await table.commit({
        writes: [
          {
            put: { ...keys.open(project, modelVersion), schemaVersion, windowId, revision, held: window },
            when: revision === 1 ? { absent: true } : { equals: { windowId, revision: revision - 1 } },
            otherwise: windowChanged(windowId),
          },
          captureWrite(windowId, captureUri),
        ],
        consumed,
      });
    },
    async listCaptures(windowId) {
      const items = await all<StoredItems['capture']>(table, `CAPTURES#${windowId}`);
      return items.map(({ sk }) => sk);
    },
    async isDrifting(project, version) {
      return (await read<'drifting'>(keys.drifting(project, version))) ?? false;
    },
    closeWindow: (closing) =>
      table.commit({
        writes: closingWrites(closing),
        events: closing.events,
        ...(closing.consumed ? { consumed: closing.consumed } : {}),
      }),
    readWindow: (project, windowId) => read<'window'>(keys.window(project, windowId)),
    async listWindows(project, limit) {
      const found = await all<StoredItems['window']>(table, keys.project(project), {
        skPrefix: 'WINDOW#',
        newestFirst: true,
        atMost: limit,
      });
      return found.map((item) => item.held);
    },
    async saveLabelFile(project, receivedAt, file) {
      const key = keys.labels(project, receivedAt, file.uri);
      await table.commit({
        writes: [{ put: { ...key, schemaVersion, held: file, expiresAt: expiresAt() } }],
      });
    },
    listLabelFiles: (project, since) => labelFiles(table, project, since),
    async savePerformance(windows, events, consumed) {
      await table.commit({ writes: windows.map(labelledWrite), events, consumed });
    },
  };
}

/** All pages of a query, or the first `atMost` items. */
async function all<T extends Item>(
  table: Table,
  pk: string,
  options: { skPrefix?: string; newestFirst?: boolean; atMost?: number } = {},
): Promise<T[]> {
  const { atMost = Number.POSITIVE_INFINITY, ...query } = options;
  const found: T[] = [];
  let pageToken: string | undefined;
  do {
    const page = await table.query<T>({
      pk,
      consistent: true,
      ...query,
      ...(Number.isFinite(atMost) ? { limit: atMost - found.length } : {}),
      ...(pageToken ? { pageToken } : {}),
    });
    found.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken && found.length < atMost);
  return found;
}

/** In the order they came. Newest are read first, until one is older than asked for. */
async function labelFiles(table: Table, project: string, since: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  let pageToken: string | undefined;
  do {
    const page = await table.query<StoredItems['labels']>({
      pk: `LABELS#${project}`,
      newestFirst: true,
      consistent: true,
      ...(pageToken ? { pageToken } : {}),
    });
    const recent = page.items.filter(({ sk }) => sk >= since);
    found.push(...recent.map((item) => item.held));
    pageToken = recent.length === page.items.length ? page.nextPageToken : undefined;
  } while (pageToken);
  return found.reverse();
}

function closingWrites({ closed, wasRevision, drifting }: WindowClosing): Write[] {
  const { project, modelVersion, windowId } = closed;
  const otherwise = windowChanged(windowId);
  return [
    {
      delete: keys.open(project, modelVersion),
      when: wasRevision === 0 ? { absent: true } : { equals: { windowId, revision: wasRevision } },
      otherwise,
    },
    {
      put: { ...keys.window(project, windowId), schemaVersion, labelsRevision: 0, held: closed },
      when: { absent: true },
      otherwise,
    },
    ...(drifting
      ? [
          {
            put: { ...keys.drifting(project, modelVersion), schemaVersion, held: drifting.is },
            when: { absentOrEquals: { held: drifting.was } },
            otherwise,
          },
        ]
      : []),
  ];
}

function labelledWrite(window: ClosedWindow): Write {
  const { project, windowId, labelsRevision } = window;
  return {
    put: { ...keys.window(project, windowId), schemaVersion, labelsRevision, held: window },
    when: { equals: { labelsRevision: labelsRevision - 1 } },
    otherwise: windowChanged(windowId),
  };
}
