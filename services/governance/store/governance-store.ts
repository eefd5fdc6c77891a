import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { encodePageToken } from '#shared/kernel/paging.ts';
import { nameIn, placeOf } from '../domain/lineage-parts.ts';
import type { Append, ChainHead, GovernanceStore, KeptJourney } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/**
 * Keys: CHAIN#p / HEAD, CHAIN#p / ENTRY#sequence, JOURNEY#p / journeyId (gsi1: JOURNEYS#p / startedAt#journeyId),
 * NODE#p#id / NODE, NODE#p#id / UP#from and DOWN#to, CAPTURES#p#modelVersion / lastAt#batch. Entries are only ever put where none is.
 */
const keys = {
  head: (project: string) => ({ pk: `CHAIN#${project}`, sk: 'HEAD' }),
  entry: (project: string, sequence: number) => ({
    pk: `CHAIN#${project}`,
    sk: `ENTRY#${String(sequence).padStart(12, '0')}`,
  }),
  journey: (project: string, journeyId: string) => ({ pk: `JOURNEY#${project}`, sk: journeyId }),
  node: (project: string, id: string) => ({ pk: `NODE#${project}#${id}`, sk: 'NODE' }),
  captures: (project: string, modelVersion: number) => `CAPTURES#${project}#${modelVersion}`,
};

/** Behind every id and every time. */
const behindAll = '\u{10ffff}';
/** Files of one version overlap in time only where several were written at once. */
const maxOverlapping = 10;

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
    pageBehind: (project, sequence) => encodePageToken(keys.entry(project, sequence)),
    async readNodes(project, ids) {
      const items = await table.getAll<StoredItems['node']>(
        [...new Set(ids)].map((id) => keys.node(project, id)),
      );
      return items.map((item) => item.held);
    },
    async listEdges(project, id, { direction, limit, after }) {
      const prefix = direction === 'up' ? 'UP#' : 'DOWN#';
      const { pk } = keys.node(project, id);
      // One more than is wanted says whether there are more.
      const { items } = await table.query<StoredItems['edge']>({
        pk,
        skPrefix: prefix,
        limit: limit + 1,
        ...(after === undefined ? {} : { pageToken: encodePageToken({ pk, sk: `${prefix}${after}` }) }),
      });
      return { edges: items.slice(0, limit).map((item) => item.held), more: items.length > limit };
    },
    async findBatches(project, modelVersion, at) {
      const { items } = await table.query<StoredItems['capture']>({
        pk: keys.captures(project, modelVersion),
        skBetween: [at, behindAll],
        limit: maxOverlapping,
      });
      return items.filter(({ held }) => held.firstAt <= at).map(({ held }) => held.batch);
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

/** Each edge stands at both of its ends, so that both directions are one query; each end names the other as its project sees it. */
function lineageWrites(project: string, { nodes, edges, capture }: Append['lineage']): Write[] {
  return [
    ...nodes.map((node): Write => ({ put: { ...keys.node(project, node.id), schemaVersion, held: node } })),
    ...edges.flatMap((edge): Write[] => {
      const [from, to] = [placeOf(project, edge.from), placeOf(project, edge.to)];
      const seenFrom = (own: string) => ({ ...edge, from: nameIn(own, from), to: nameIn(own, to) });
      const below = seenFrom(from.project);
      const above = seenFrom(to.project);
      return [
        {
          put: {
            pk: keys.node(from.project, from.id).pk,
            sk: `DOWN#${below.to}`,
            schemaVersion,
            held: below,
          },
        },
        { put: { pk: keys.node(to.project, to.id).pk, sk: `UP#${above.from}`, schemaVersion, held: above } },
      ];
    }),
    ...(capture
      ? [
          {
            put: {
              pk: keys.captures(project, capture.modelVersion),
              sk: `${capture.lastAt}#${capture.batch}`,
              schemaVersion,
              held: capture,
            },
          },
        ]
      : []),
  ];
}
