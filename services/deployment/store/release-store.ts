import { type RoutingRecord, routingKey, routingRecord } from '#services/deployment/contract.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Key, QueryOptions, Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sharesOf } from '../domain/routing.ts';
import type { Endpoint, LedgerEntry, Release, ReleaseChange, ReleaseStore, RoutingChange } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/**
 * Keys: PROJECT#p / RELEASE#id, PROJECT#p / LEDGER#revision, ROUTING#p / ROUTING, LEASE#p / LEASE, ENDPOINTS / name,
 * ALARM#name / ALARM, VERSION#p#number / REQUEST. Endpoints share a partition: there are few, and the hourly round reads all of them.
 */
const keys = {
  project: (project: string) => `PROJECT#${project}`,
  release: (project: string, releaseId: string) => ({ pk: `PROJECT#${project}`, sk: `RELEASE#${releaseId}` }),
  ledger: (project: string, revision: number) => ({
    pk: `PROJECT#${project}`,
    sk: `LEDGER#${String(revision).padStart(10, '0')}`,
  }),
  lease: (project: string) => ({ pk: `LEASE#${project}`, sk: 'LEASE' }),
  endpoint: (endpointName: string) => ({ pk: 'ENDPOINTS', sk: endpointName }),
  alarm: (alarmName: string) => ({ pk: `ALARM#${alarmName}`, sk: 'ALARM' }),
  request: (project: string, modelVersion: number) => ({
    pk: `VERSION#${project}#${modelVersion}`,
    sk: 'REQUEST',
  }),
};

const schemaVersion = 1;

export function createReleaseStore(stored: Table): ReleaseStore {
  const table = versionedTable(stored, itemKinds);
  const read = async <Kind extends 'release' | 'lease' | 'endpoint' | 'alarm' | 'request'>(key: Key) =>
    (await table.get<StoredItems[Kind]>(key))?.held as StoredItems[Kind]['held'] | undefined;
  return {
    readRelease: (project, releaseId) => read<'release'>(keys.release(project, releaseId)),
    async listReleases(project, limit) {
      const { items } = await table.query<StoredItems['release']>({
        pk: keys.project(project),
        skPrefix: 'RELEASE#',
        newestFirst: true,
        limit,
        consistent: true,
      });
      return items.map((item) => item.held);
    },
    async releasesOf(project, modelVersion) {
      const items = await everyItem<StoredItems['release']>(table, {
        pk: keys.project(project),
        skPrefix: 'RELEASE#',
        newestFirst: true,
        consistent: true,
      });
      return items.map(({ held }) => held).filter((release) => release.modelVersion === modelVersion);
    },
    readRequest: (project, modelVersion) => read<'request'>(keys.request(project, modelVersion)),
    async readRouting(project) {
      const item = await table.get<StoredItems['routing']>(routingKey(project));
      return item ? routingRecord.parse(item.record) : undefined;
    },
    readLease: (project) => read<'lease'>(keys.lease(project)),
    readEndpoint: (endpointName) => read<'endpoint'>(keys.endpoint(endpointName)),
    async listEndpoints() {
      const items = await everyItem<StoredItems['endpoint']>(table, { pk: 'ENDPOINTS' });
      return items.map(({ held }) => held);
    },
    readAlarmWatch: (alarmName) => read<'alarm'>(keys.alarm(alarmName)),
    saveAlarmToken: (alarmNames, taskToken) => saveAlarmToken(table, alarmNames, taskToken),
    async listLedger(project, pageToken) {
      const page = await table.query<StoredItems['ledger']>({
        pk: keys.project(project),
        skPrefix: 'LEDGER#',
        newestFirst: true,
        limit: 100,
        ...(pageToken ? { pageToken } : {}),
      });
      return {
        items: page.items.map((item) => item.held),
        ...(page.nextPageToken ? { nextPageToken: page.nextPageToken } : {}),
      };
    },
    commit: (change) => table.commit({ writes: writesOf(change), events: change.events }),
  };
}

/** All items of a query, page by page. */
async function everyItem<T extends Item>(
  table: Table,
  options: Omit<QueryOptions, 'pageToken' | 'limit'>,
): Promise<T[]> {
  const found: T[] = [];
  let pageToken: string | undefined;
  do {
    const page = await table.query<T>({ ...options, ...(pageToken ? { pageToken } : {}) });
    found.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return found;
}

/** Alarms that were forgotten in the meantime are left alone. */
async function saveAlarmToken(table: Table, alarmNames: readonly string[], taskToken: string): Promise<void> {
  const watches = await Promise.all(
    alarmNames.map((alarmName) => table.get<StoredItems['alarm']>(keys.alarm(alarmName))),
  );
  const writes = watches.flatMap((item): Write[] =>
    item ? [{ put: { ...item, held: { ...item.held, taskToken } }, when: { present: true } }] : [],
  );
  await table.commit({ writes });
}

function writesOf(change: ReleaseChange): Write[] {
  return [
    ...(change.release ? [releaseWrite(change.release, change.releaseWas)] : []),
    ...(change.endpoint ? [endpointWrite(change.endpoint, change.endpointToken)] : []),
    ...(change.routing && change.release ? routingWrites(change.release.project, change.routing) : []),
    ...(change.routing && !change.release ? routingWrites(projectOf(change.routing), change.routing) : []),
    ...(change.lease ? [leaseWrite(change.lease)] : []),
    ...(change.requested ? [requestWrite(change.requested)] : []),
    ...(change.watchAlarms?.alarmNames ?? []).map((alarmName) => ({
      put: {
        ...keys.alarm(alarmName),
        schemaVersion,
        held: { alarmName, project: change.watchAlarms?.project, releaseId: change.watchAlarms?.releaseId },
      },
    })),
    ...(change.forgetAlarms ?? []).map((alarmName) => ({ delete: keys.alarm(alarmName) })),
  ];
}

/** A change of routing without a release is a person’s rollback: there is a record already. */
function projectOf(routing: RoutingChange): string {
  if (!routing.before)
    throw new AppError('precondition_failed', 'NothingDeployed', 'There is no routing record to change.');
  return routing.before.project;
}

function releaseWrite(release: Release, was: Release['status'] | undefined): Write {
  const otherwise = new AppError(
    'conflict',
    'ReleaseChanged',
    `Release ${release.releaseId} is not ${was ?? 'new'} any more: another step changed it.`,
  );
  return {
    put: {
      ...keys.release(release.project, release.releaseId),
      schemaVersion,
      status: release.status,
      held: release,
    },
    when: was ? { equals: { status: was } } : { absent: true },
    otherwise,
  };
}

function endpointWrite(endpoint: Endpoint, answeredToken: string | undefined): Write {
  const { endpointName, taskToken } = endpoint;
  const put = {
    ...keys.endpoint(endpointName),
    schemaVersion,
    held: endpoint,
    ...(taskToken ? { taskToken } : {}),
  };
  if (!answeredToken) return { put };
  const otherwise = new AppError(
    'conflict',
    'SomebodyElseWaits',
    `Another attempt of the release waits for endpoint ${endpointName} by now; it asks by itself.`,
  );
  return { put, when: { equals: { taskToken: answeredToken } }, otherwise };
}

/** Of two who ask at the same time, one finds that the other did. */
function requestWrite({
  project,
  modelVersion,
  releaseId,
  after,
}: NonNullable<ReleaseChange['requested']>): Write {
  return {
    put: { ...keys.request(project, modelVersion), schemaVersion, held: releaseId },
    when: after === undefined ? { absent: true } : { equals: { held: after } },
    otherwise: new AppError(
      'conflict',
      'ReleaseRequestedMeanwhile',
      `Somebody asked for the release of version ${modelVersion} of '${project}' at the same time. Ask again.`,
    ),
  };
}

/** The routing record moves by one revision, and the ledger gets its line in the same transaction. */
function routingWrites(project: string, change: RoutingChange): Write[] {
  const revision = (change.before?.revision ?? 0) + 1;
  const record: RoutingRecord = { project, revision, versions: change.versions, updatedAt: change.at };
  const entry: LedgerEntry = {
    at: change.at,
    revision,
    shares: sharesOf(change.versions),
    reason: change.reason,
    actor: change.actor,
  };
  const otherwise = new AppError(
    'conflict',
    'RoutingChanged',
    `The routing of '${project}' changed meanwhile. Try again.`,
  );
  return [
    {
      put: { ...routingKey(project), schemaVersion, revision, record },
      when: change.before ? { equals: { revision: change.before.revision } } : { absent: true },
      otherwise,
    },
    {
      put: { ...keys.ledger(project, revision), schemaVersion, held: entry },
      when: { absent: true },
      otherwise,
    },
  ];
}

/** Giving back a lease that another holds, or nobody, is no error: it frees nothing. */
function leaseWrite(lease: NonNullable<ReleaseChange['lease']>): Write {
  const key = keys.lease(lease.project);
  if ('take' in lease) {
    return {
      put: { ...key, schemaVersion, held: lease.take },
      when: { absentOrEquals: { held: lease.take } },
      otherwise: new AppError(
        'conflict',
        'RolloutInProgress',
        `Another release of '${lease.project}' is rolling out. This one waits for its end.`,
      ),
    };
  }
  return {
    update: key,
    set: { held: undefined, freedBy: lease.giveBack },
    when: { absentOrEquals: { held: lease.giveBack } },
  };
}
