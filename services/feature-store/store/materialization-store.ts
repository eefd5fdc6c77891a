import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Condition, Table, Write } from '#shared/aws/table.ts';
import { epochSeconds } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { dueAt, newMaterializer } from '../domain/materializer.ts';
import type {
  MaterializationRun,
  MaterializationStore,
  Materializer,
  PartOutcome,
  ViewKey,
} from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { viewStateItem } from './view-state.ts';

/**
 * Keys of the table:
 * `MATERIALIZER#<project>#<view>#<6 digits>` / `MATERIALIZER`: who writes a version of a view online, and what it holds; in the index under
 * `MATERIALIZERS`, by the time that it is to be looked at.
 * `MATERIALIZATIONS#<project>#<view>` / `<materializationId>`: one materialization; ids sort by time.
 * `MATERIALIZATION#<materializationId>` / `PART#<6 digits>`: what a part wrote; goes after a month.
 */
const digits = (whole: number): string => String(whole).padStart(6, '0');
const materializerKey = ({ project, view, version }: ViewKey) => ({
  pk: `MATERIALIZER#${project}#${view}#${digits(version)}`,
  sk: 'MATERIALIZER',
});
const runsKey = (project: string, view: string): string => `MATERIALIZATIONS#${project}#${view}`;
const partKey = ({ materializationId }: MaterializationRun, part: number) => ({
  pk: `MATERIALIZATION#${materializationId}`,
  sk: `PART#${digits(part)}`,
});
const dueIndex = 'MATERIALIZERS';
const pageSize = 25;
/** Nobody resumes a materialization after that; what it wrote in all is kept with itself. */
const partRetentionSeconds = 31 * 86_400;

type RunItem = StoredItems['materialization'];
type PartItem = StoredItems['materializedPart'];

export function createMaterializationStore(stored: Table): MaterializationStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async materializer(key) {
      const item = await table.get<StoredItems['materializer']>(materializerKey(key));
      return { materializer: item?.materializer ?? newMaterializer(key), revision: item?.revision ?? 0 };
    },
    async save({ materializer, revision, runs, state, events, consumed }) {
      await table.commit({
        writes: [
          materializerWrite(materializer, revision),
          ...runs.map((run): Write => ({ put: runItem(run) })),
          ...(state ? [{ put: viewStateItem(materializer, state) }] : []),
        ],
        events,
        ...(consumed ? { consumed } : {}),
      });
    },
    async *due(until) {
      const query = { index: 'gsi1', pk: dueIndex, skBetween: ['0', `${until}~`] } as const;
      for await (const { materializer } of everyItem<StoredItems['materializer']>(table, query))
        yield materializer;
    },
    async find(project, view, materializationId) {
      return (await table.get<RunItem>({ pk: runsKey(project, view), sk: materializationId }))?.run;
    },
    async list(project, view, pageToken) {
      const page = await table.query<RunItem>({
        pk: runsKey(project, view),
        newestFirst: true,
        limit: pageSize,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map(({ run }) => run) };
    },
    async savePart(run, part, outcome) {
      const expiresAt = epochSeconds(new Date(run.requestedAt)) + partRetentionSeconds;
      const item: PartItem = { ...partKey(run, part), schemaVersion: 1, outcome, expiresAt };
      try {
        await table.put(item, { when: { absent: true }, otherwise: writtenBefore(run, part) });
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'PartWritten')) throw error;
      }
    },
    isWritten: async (run, part) => (await table.get(partKey(run, part))) !== undefined,
    async written(run) {
      const { pk } = partKey(run, 0);
      const total = { rows: 0, put: 0, deleted: 0, skipped: 0, parts: 0 };
      for await (const { outcome } of everyItem<PartItem>(table, { pk, consistent: true })) {
        for (const what of outcomeMembers) total[what] += outcome[what];
        total.parts++;
      }
      return total;
    },
  };
}

const outcomeMembers = ['rows', 'put', 'deleted', 'skipped'] as const satisfies (keyof PartOutcome)[];

const writtenBefore = ({ materializationId }: MaterializationRun, part: number) =>
  new AppError(
    'conflict',
    'PartWritten',
    `Part ${part} of materialization ${materializationId} was written before.`,
  );

function materializerWrite(materializer: Materializer, revision: number): Write {
  const unchanged: Condition = revision === 0 ? { absent: true } : { equals: { revision } };
  const due = dueAt(materializer);
  const { project, view, version } = materializer;
  return {
    put: {
      ...materializerKey(materializer),
      schemaVersion: 1,
      materializer,
      revision: revision + 1,
      ...(due === undefined
        ? {}
        : { gsi1pk: dueIndex, gsi1sk: `${due}#${project}#${view}#${digits(version)}` }),
    },
    when: unchanged,
    otherwise: new AppError(
      'conflict',
      'MaterializerChanged',
      `Something else about view '${view}' of '${project}' was decided at the same time. Ask again.`,
    ),
  };
}

const runItem = (run: MaterializationRun): RunItem => ({
  pk: runsKey(run.project, run.view),
  sk: run.materializationId,
  schemaVersion: 1,
  run,
});
