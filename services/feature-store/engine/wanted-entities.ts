import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type DuckDb, quoteText } from '#shared/duckdb/duckdb.ts';
import { microsecondsOf, microsecondsText } from '#shared/kernel/microseconds.ts';
import type { FeatureValue, FeatureViewVersion } from '../contract.ts';
import { maxKeyBytes } from '../domain/online-key.ts';
import { rankOf, rankSql } from '../domain/rank.ts';
import { addRows, dropBefore, emptyState, stateText, type WindowRow } from '../domain/window-state.ts';
import { latestRows } from './latest-rows.ts';
import { describeSourceFiles, type SourceFile, valueName, viewValues } from './source-rows.ts';
import { windowRowsSql } from './window-rows.ts';

export interface WantedEntities {
  readonly view: FeatureViewVersion;
  readonly files: readonly SourceFile[];
  readonly asOf: string;
  /** For what does not fit into memory. */
  readonly folder: string;
}

/**
 * Makes the table `wanted` of what should be online, one row per entity: `key` (JSON list of the join keys), `rank` of its newest row, `payload` (JSON:
 * values of the features in order, or the state of its windows) and the `digest` of that. Entities whose key nobody can ask for are left out.
 */
export async function findWanted(database: DuckDb, wanted: WantedEntities): Promise<void> {
  const { view } = wanted;
  const isWindowed = view.aggregations.length > 0;
  await (isWindowed ? foldWindows(database, wanted) : takeLatest(database, wanted));
  const texts = view.joinKeys.flatMap(({ type }, place) => (type === 'string' ? [`k${place} <> ''`] : []));
  const askable = [...texts, `strlen(key) <= ${maxKeyBytes}`].join(' AND ');
  await database.run(
    `CREATE TABLE wanted AS SELECT key, rank, payload, md5(payload) AS digest FROM found WHERE ${askable}`,
  );
  await database.run('DROP TABLE found');
}

const keysOf = (view: FeatureViewVersion): string[] => view.joinKeys.map((_key, place) => `k${place}`);

async function takeLatest(database: DuckDb, { view, files, asOf }: WantedEntities): Promise<void> {
  await latestRows(database, { view, files, asOf, into: 'latest' });
  const values = viewValues(view).map(({ type }, place) => valueSql(valueName(view, place), type));
  const keys = keysOf(view);
  await database.run(
    `CREATE TABLE found AS SELECT ${keys.join(', ')}, json_array(${keys.join(', ')})::VARCHAR AS key,
       ${rankSql('event_at', 'available_at', 'tie')} AS rank, json_array(${values.join(', ')})::VARCHAR AS payload
     FROM latest`,
  );
  await database.run('DROP TABLE latest');
}

/** Times travel as microseconds. */
const valueSql = (column: string, type: FeatureViewVersion['features'][number]['type']): string =>
  type === 'timestamp' ? `epoch_us(${column})` : column;

/** Rows of windows that are in memory at once. */
const rowsAtOnce = 50_000;

type RawRow = Readonly<Record<string, unknown>> & { readonly entity: string; readonly tie: string };

async function foldWindows(database: DuckDb, wanted: WantedEntities): Promise<void> {
  const { view, asOf, folder } = wanted;
  const files = await describeSourceFiles(database, wanted.files);
  const keys = keysOf(view);
  const values = viewValues(view).map(({ type }, place) => {
    const name = valueName(view, place);
    return `${valueSql(name, type)} AS ${name}`;
  });
  await database.run(`CREATE TABLE in_windows AS ${windowRowsSql(view, files)}`, [asOf]);
  const path = join(folder, 'states.jsonl');
  const output = createWriteStream(path);
  for await (const [entity, rows] of byEntity(
    rowsOf(database, [
      `json_array(${keys.join(', ')})::VARCHAR AS entity, epoch_us(event_at) AS e, epoch_us(available_at) AS a, tie`,
      ...values,
    ]),
  )) {
    const line = stateLine(view, entity, rows, asOf);
    if (line !== undefined && !output.write(line)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
  await database.run('DROP TABLE in_windows');
  const keyColumns = view.joinKeys.map(({ type }, place) => {
    const text = `key ->> '$[${place}]'`;
    return `${type === 'integer' ? `CAST(${text} AS BIGINT)` : text} AS k${place}`;
  });
  await database.run(
    `CREATE TABLE found AS SELECT ${keyColumns.join(', ')}, key, rank, payload
     FROM read_json(${quoteText(path)}, format = 'newline_delimited', columns = {key: 'VARCHAR', rank: 'VARCHAR', payload: 'VARCHAR'})`,
  );
}

/** The rows of the table `in_windows` in its order, some at a time. */
async function* rowsOf(database: DuckDb, columns: readonly string[]): AsyncGenerator<RawRow> {
  for (let start = 0; ; start += rowsAtOnce) {
    const rows = await database.rows<RawRow>(
      `SELECT ${columns.join(', ')} FROM in_windows WHERE rowid >= ${start} AND rowid < ${start + rowsAtOnce} ORDER BY rowid`,
    );
    yield* rows;
    if (rows.length < rowsAtOnce) return;
  }
}

/** Rows of one entity lie together. */
async function* byEntity(rows: AsyncIterable<RawRow>): AsyncGenerator<readonly [string, readonly RawRow[]]> {
  let own: RawRow[] = [];
  for await (const row of rows) {
    const [first] = own;
    if (first && first.entity !== row.entity) {
      yield [first.entity, own];
      own = [];
    }
    own.push(row);
  }
  if (own[0]) yield [own[0].entity, own];
}

/** The state of an entity as a line of JSON; undefined where no window reaches its rows any more. */
function stateLine(
  view: FeatureViewVersion,
  key: string,
  rows: readonly RawRow[],
  asOf: string,
): string | undefined {
  const columns = viewValues(view);
  const windowRows = rows.map(
    (row): WindowRow => ({
      eventAt: Number(row['e']),
      availableAt: Number(row['a']),
      tie: row.tie,
      values: Object.fromEntries(
        columns.map(({ column, type }, place) => [column, featureValueOf(row[valueName(view, place)], type)]),
      ),
    }),
  );
  const { aggregations } = view;
  const state = dropBefore(
    addRows(emptyState(), aggregations, windowRows),
    aggregations,
    microsecondsOf(asOf, 'asOf'),
  );
  if (!state.newest) return undefined;
  const rank = rankOf(windowRows.at(-1)!);
  const payload = stateText(state, `${key} in view '${view.view}'`);
  return `${JSON.stringify({ key, rank, payload })}\n`;
}

/** A value as features have it: integers as numbers, times (microseconds) as ISO 8601. */
export function featureValueOf(
  value: unknown,
  type: FeatureViewVersion['features'][number]['type'],
): FeatureValue {
  if (value === null || value === undefined) return null;
  if (type === 'timestamp') return microsecondsText(Number(value));
  return typeof value === 'bigint' ? Number(value) : (value as FeatureValue);
}
