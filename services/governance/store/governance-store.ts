import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { LineageFragment } from '../domain/lineage.ts';
import type { Append, ChainHead, GovernanceStore, KeptJourney } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/**
 * Keys: CHAIN#p / HEAD, CHAIN#p / ENTRY#sequence, JOURNEY#p / journeyId (gsi1: JOURNEYS#p / startedAt#journeyId),
 * NODE#p#id / NODE, NODE#p#id / UP#from and DOWN#to. Entries are only ever put where none is.
 */
const keys = {
  head: (project: string) => ({ pk: `CHAIN#${project}`, sk: 'HEAD' }),
  entry: (project: string, sequence: number) => ({
    pk: `CHAIN#${project}`,
    sk: `ENTRY#${String(sequence).padStart(12, '0')}`,
  }),
  journey: (project: string, journeyId: string) => ({ pk: `JOURNEY#${project}`, sk: journeyId }),
  node: (project: string, id: string) => ({ pk: `NODE#${project}#${id}`, sk: 'NODE' }),
};

const schemaVersion = 1;
const consumer = 'audit';

export function createGovernanceStore(stored: Table): GovernanceStore {
  const table = versionedTable(stored, itemKinds);
  const kept = (item: StoredItems['journey']): KeptJourney => ({ facts: item.held, revision: item.revision });
  return {
    readHead: async (project) => (await table.get<StoredItems['head']>(keys.head(project)))?.held,
    async readJourney(project, journeyId) {
      const item = await table.get<StoredItems['journey']>(keys.journey(project, journeyId));
      return item ? kept(item) : undefined;
    },
    async listJourneys(project, limit) {
      const { items } = await table.query<StoredItems['journey']>({
        pk: `JOURNEYS#${project}`,
        index: 'gsi1',
        newestFirst: true,
        limit,
      });
      return items.map(kept);
    },
    append: (append) =>
      table.commit({
        writes: [
          ...chainWrites(append),
          ...journeyWrites(append),
          ...lineageWrites(append.project, append.lineage),
        ],
        consumed: { consumer, eventId: append.entry.eventId },
      }),
    async listEntries(project, options) {
      const { newestFirst, limit, pageToken } = options;
      const page = await table.query<StoredItems['entry']>({
        pk: `CHAIN#${project}`,
        skPrefix: 'ENTRY#',
        newestFirst,
        limit,
        consistent: true,
        ...(pageToken ? { pageToken } : {}),
      });
      return {
        items: page.items.map((item) => item.held),
        ...(page.nextPageToken ? { nextPageToken: page.nextPageToken } : {}),
      };
    },
    readNode: async (project, id) => (await table.get<StoredItems['node']>(keys.node(project, id)))?.held,
    async listEdges(project, id, direction) {
      const skPrefix = direction === 'up' ? 'UP#' : 'DOWN#';
      const { items } = await table.query<StoredItems['edge']>({
        pk: keys.node(project, id).pk,
        skPrefix,
        limit: 200,
      });
      return items.map((item) => item.held);
    },
  };
}

function chainWrites({ project, entry, head }: Append): Write[] {
  const otherwise = new AppError(
    'conflict',
    'ChainMoved',
    `Another entry of project '${project}' came first.`,
  );
  const next: ChainHead = { sequence: entry.sequence, hash: entry.hash };
  return [
    {
      put: { ...keys.head(project), schemaVersion, hash: next.hash, held: next },
      when: head ? { equals: { hash: head.hash } } : { absent: true },
      otherwise,
    },
    {
      put: { ...keys.entry(project, entry.sequence), schemaVersion, held: entry },
      when: { absent: true },
      otherwise,
    },
  ];
}

function journeyWrites({ project, journey }: Append): Write[] {
  if (!journey) return [];
  const item = {
    ...keys.journey(project, journey.journeyId),
    gsi1pk: `JOURNEYS#${project}`,
    gsi1sk: `${journey.startedAt}#${journey.journeyId}`,
    schemaVersion,
    revision: journey.was + 1,
    held: journey.facts,
  };
  return [
    {
      put: item,
      when: journey.was === 0 ? { absent: true } : { equals: { revision: journey.was } },
      otherwise: new AppError('conflict', 'ChainMoved', 'The journey moved meanwhile.'),
    },
  ];
}

/** Each edge stands at both of its ends, so that both directions are one query. */
function lineageWrites(project: string, fragment: LineageFragment): Write[] {
  return [
    ...fragment.nodes.map(
      (node): Write => ({ put: { ...keys.node(project, node.id), schemaVersion, held: node } }),
    ),
    ...fragment.edges.flatMap((edge): Write[] => [
      { put: { pk: keys.node(project, edge.from).pk, sk: `DOWN#${edge.to}`, schemaVersion, held: edge } },
      { put: { pk: keys.node(project, edge.to).pk, sk: `UP#${edge.from}`, schemaVersion, held: edge } },
    ]),
  ];
}
