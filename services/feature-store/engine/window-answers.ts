import { sqlType } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import type { ViewAggregation } from '../contract.ts';
import type { NumberedRows } from './entity-rows.ts';
import type { AnswerSettings, AskedView } from './row-answers.ts';
import { sourceRowsSql, viewValues } from './source-rows.ts';

const microseconds = 1_000_000;

/**
 * Makes the table `into` of what a view with aggregations answers for each entity row: `row`, `event_at` (of the newest row that is
 */
export async function answerWindows(
  database: DuckDb,
  asked: NumberedRows,
  { pinned, definition, files }: AskedView,
  { asOf, into }: AnswerSettings,
): Promise<void> {
  const keys = pinned.joinKeys.map((key, place) => `asked.${asked.keyColumn(key)} = rows.k${place}`);
  const columns = viewValues(definition).map(({ column }) => column);
  const columnOf = ({ column }: ViewAggregation) =>
    column === undefined ? '1' : `rows.c${columns.indexOf(column)}`;
  const aggregations = pinned.features.map(
    ({ name }) => pinned.aggregations.find((aggregation) => aggregation.name === name)!,
  );
  const earliest = `least(${definition.aggregations.map(windowStartSql).join(', ')})`;
  const values = aggregations.map(
    (aggregation, place) =>
      `${aggregateSql(aggregation, columnOf(aggregation), `rows.e >= ${windowStartSql(aggregation)}`)} AS v${place}`,
  );
  await database.run(
    `CREATE TABLE ${quoteName(into)} AS
     SELECT asked."row", max(rows.event_at) AS event_at, ${values.join(', ')}
     FROM (SELECT *, epoch_us(__at) AS t FROM ${quoteName(asked.table)}) asked
     JOIN (SELECT *, epoch_us(event_at) AS e, epoch_us(greatest(event_at, available_at${asked.knownThen ? ', known_at' : ''})) AS v FROM (${sourceRowsSql(definition, files)}) WHERE known_at <= $1::TIMESTAMPTZ) rows
     ON ${keys.join(' AND ')} AND rows.v <= asked.t AND rows.e >= ${earliest}
     GROUP BY asked."row"`,
    [asOf],
  );
}

/** Microseconds at which a window that ends at `asked.t` begins; the remainder of a negative number is negative in SQL. */
function windowStartSql({ windowSeconds, hopSeconds }: ViewAggregation): string {
  const [from, hop] = [`(asked.t - ${windowSeconds * microseconds})`, hopSeconds * microseconds];
  return `(${from} - ((${from} % ${hop}) + ${hop}) % ${hop})`;
}

function aggregateSql(aggregation: ViewAggregation, value: string, within: string): string {
  const filter = `FILTER (WHERE ${within})`;
  switch (aggregation.function) {
    case 'count':
      return `count(${aggregation.column === undefined ? 'rows.e' : value}) ${filter}`;
    case 'distinct':
      return `count(DISTINCT ${value}) ${filter}`;
    case 'last':
      return `(arg_max(struct_pack(v := ${value}), (rows.event_at, rows.available_at, rows.tie)) ${filter}).v`;
    case 'sum':
      return `CAST(${aggregation.type === 'integer' ? 'sum' : 'fsum'}(${value}) ${filter} AS ${sqlType[aggregation.type]})`;
    case 'mean':
      return `favg(${value}) ${filter}`;
    case 'min':
    case 'max':
      return `${aggregation.function}(${value}) ${filter}`;
  }
}
