import type * as z from 'zod';
import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import type { featureCounts, PinnedView } from '../contract.ts';
import { statusSql } from '../domain/status.ts';
import { type AskedRows, type NumberedRows, numberEntityRows } from './entity-rows.ts';
import { type AskedView, answerRows } from './row-answers.ts';
import { describeSourceFiles } from './source-rows.ts';
import { answerWindows } from './window-answers.ts';

export type RetrievedCounts = z.infer<typeof featureCounts>;

export interface RetrieveFeatures {
  readonly entityRows: AskedRows;
  readonly views: readonly AskedView[];
  /** What the platform came to know later is not used. */
  readonly asOf: string;
  /** The table to make. */
  readonly into: string;
  /** Source rows that are joined at once: more take more memory. */
  readonly rowsAtOnce?: number;
  /** Pairs of a time and a row per row, above which windows are moved over rows instead of looking at each pair. */
  readonly maxPairsPerRow?: number;
}

/** Column names of a view in the table of a retrieval. */
export const statusColumn = (view: string): string => `__${view}_status`;
export const eventAtColumn = (view: string): string => `__${view}_event_at`;
/** A feature that is only read by expressions has no name in answers. */
export const featureColumn = ({ view }: PinnedView, { name, as }: PinnedView['features'][number]): string =>
  as ?? `${view}__${name}`;

/**
 * Point-in-time join. Makes the table `into` with one row per entity row: `row` (its order, from 0), the entity rows' columns, every pinned
 * feature by the name it is pinned `as`, and per view `__<view>_status` and `__<view>_event_at`. Answers the counts of each feature, in
 * order. Throws InvalidEntities (invalid_input) where entity rows lack a column, or a time or a key cannot be read.
 */
export async function retrieveFeatures(
  database: DuckDb,
  { entityRows, views, asOf, into, rowsAtOnce = 2_000_000, maxPairsPerRow = 30 }: RetrieveFeatures,
): Promise<RetrievedCounts[]> {
  const joinKeys = views.flatMap(({ pinned }) => pinned.joinKeys);
  const asked = await numberEntityRows(database, entityRows, joinKeys, answerColumns(views), `${into} asked`);
  for (const [number, view] of views.entries()) {
    const described = { ...view, files: await describeSourceFiles(database, view.files) };
    const answer = view.definition.aggregations.length === 0 ? answerRows : answerWindows;
    await answer(database, asked, described, {
      asOf,
      into: `${into} view ${number}`,
      rowsAtOnce,
      maxPairsPerRow,
    });
  }
  await joinAnswers(database, asked, views, into);
  return countFeatures(database, views, into);
}

const answerColumns = (views: readonly AskedView[]): string[] => [
  'row',
  ...views.flatMap(({ pinned }) => [
    ...pinned.features.map((feature) => featureColumn(pinned, feature)),
    statusColumn(pinned.view),
    eventAtColumn(pinned.view),
  ]),
];

async function joinAnswers(
  database: DuckDb,
  asked: NumberedRows,
  views: readonly AskedView[],
  into: string,
): Promise<void> {
  const features = views.flatMap(({ pinned }, number) =>
    pinned.features.map(
      (feature, place) => `v${number}.v${place} AS ${quoteName(featureColumn(pinned, feature))}`,
    ),
  );
  const states = views.flatMap(({ pinned, definition }, number) => [
    `${statusSql(`v${number}.event_at`, 'asked.__at', definition.aggregations.length === 0 ? pinned.ttlSeconds : undefined)} AS ${quoteName(statusColumn(pinned.view))}`,
    `v${number}.event_at AS ${quoteName(eventAtColumn(pinned.view))}`,
  ]);
  const tables = views.map((_view, number) => quoteName(`${into} view ${number}`));
  const columns = ['row', ...asked.columns].map((name) => `asked.${quoteName(name)}`);
  await database.run(
    `CREATE TABLE ${quoteName(into)} AS SELECT ${[...columns, ...features, ...states].join(', ')}
     FROM ${quoteName(asked.table)} asked ${tables.map((table, number) => `LEFT JOIN ${table} v${number} ON v${number}."row" = asked."row"`).join(' ')}`,
  );
  for (const table of [quoteName(asked.table), ...tables]) await database.run(`DROP TABLE ${table}`);
}

async function countFeatures(
  database: DuckDb,
  views: readonly AskedView[],
  into: string,
): Promise<RetrievedCounts[]> {
  const features = views.flatMap(({ pinned }) =>
    pinned.features.map((feature) => ({
      feature: featureColumn(pinned, feature),
      status: quoteName(statusColumn(pinned.view)),
    })),
  );
  const counts = features.flatMap(({ feature, status }, place) => [
    `count_if(${status} = 'PRESENT') AS present${place}`,
    `count_if(${status} = 'PRESENT' AND ${quoteName(feature)} IS NULL) AS nulls${place}`,
    `count_if(${status} = 'EXPIRED') AS expired${place}`,
    `count_if(${status} = 'NOT_FOUND') AS not_found${place}`,
  ]);
  const [row] = await database.rows<Record<string, bigint>>(
    `SELECT ${counts.join(', ')} FROM ${quoteName(into)}`,
  );
  return features.map(({ feature }, place) => ({
    feature,
    present: Number(row![`present${place}`]),
    nulls: Number(row![`nulls${place}`]),
    expired: Number(row![`expired${place}`]),
    notFound: Number(row![`not_found${place}`]),
  }));
}
