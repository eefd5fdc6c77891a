import { sqlType } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import type { ViewAggregation } from '../contract.ts';
import type { NumberedRows } from './entity-rows.ts';
import type { AnswerSettings, AskedView } from './row-answers.ts';
import { viewValues } from './source-rows.ts';
import { collectWindowRows, type WindowCandidates } from './window-candidates.ts';

const microseconds = 1_000_000;

/** An aggregation with what its SQL needs. */
interface Asked {
  readonly aggregation: ViewAggregation;
  /** The column `c0`, …; undefined where rows are counted. */
  readonly column: string | undefined;
  readonly scale: number | undefined;
}

/**
 * Makes the table `into` of what a view with aggregations answers: `row`, `event_at` (of the newest row that is visible in its longest
 * window) and the pinned features `v0`, `v1`, …. Entity rows without a row in that window are not in it. Sums do not depend on the
 * order of rows: doubles are added as whole numbers.
 */
export async function answerWindows(
  database: DuckDb,
  asked: NumberedRows,
  { pinned, definition, files }: AskedView,
  settings: AnswerSettings,
): Promise<void> {
  const candidates = await collectWindowRows(database, asked, definition, files, settings);
  const columns = viewValues(definition).map(({ column }) => column);
  const aggregations = pinned.features.map(({ name }): Asked => {
    const aggregation = definition.aggregations.find((one) => one.name === name)!;
    const place = aggregation.column === undefined ? -1 : columns.indexOf(aggregation.column);
    return { aggregation, column: place < 0 ? undefined : `c${place}`, scale: candidates.scales[place] };
  });
  const { entities, lag } = candidates;
  const longest = definition.aggregations.toSorted((a, b) => b.windowSeconds - a.windowSeconds)[0]!;
  const moves =
    candidates.pairsPerRow > settings.maxPairsPerRow &&
    lag !== undefined &&
    aggregations.every(({ aggregation }) => lag <= aggregation.windowSeconds * microseconds);
  const answers = moves ? movingSql : joinedSql;
  const passes = Math.max(1, Math.ceil(candidates.rows / settings.rowsAtOnce));
  const step = Math.ceil(entities.entities / passes);
  const into = quoteName(settings.into);
  for (let pass = 0; pass < passes; pass += 1) {
    const within = `WHERE id >= ${pass * step} AND id < ${(pass + 1) * step}`;
    const rows = `(SELECT * FROM ${candidates.table} ${within})`;
    const times = `(SELECT * FROM ${entities.times} ${within})`;
    const select = `SELECT "row", make_timestamptz(newest) AS event_at, * EXCLUDE ("row", newest) FROM (${answers(rows, times, { aggregations, longest, candidates })}) WHERE newest IS NOT NULL`;
    await database.run(pass === 0 ? `CREATE TABLE ${into} AS ${select}` : `INSERT INTO ${into} ${select}`);
  }
  await candidates.drop();
}

interface Windows {
  readonly aggregations: readonly Asked[];
  readonly longest: ViewAggregation;
  readonly candidates: WindowCandidates;
}

/** Microseconds at which a window that ends at `t` begins; the remainder of a negative number is negative in SQL. */
function startSql({ windowSeconds, hopSeconds }: ViewAggregation, t: string): string {
  const [from, hop] = [`(${t} - ${windowSeconds * microseconds})`, hopSeconds * microseconds];
  return `(${from} - ((${from} % ${hop}) + ${hop}) % ${hop})`;
}

/** Every row of a window is looked at, for each time. */
function joinedSql(rows: string, times: string, { aggregations, longest }: Windows): string {
  const values = aggregations.map((one, place) => {
    const filter = `FILTER (WHERE rows.e >= ${startSql(one.aggregation, 'times.t')})`;
    const last = `(arg_max(struct_pack(v := rows.${one.column}), struct_pack(e := rows.e, a := rows.a, r := rows.r)) ${filter}).v`;
    return `${one.aggregation.function === 'last' ? last : valueSql(one, 'rows', filter)} AS v${place}`;
  });
  return `
    SELECT ${['times."row"', 'max(rows.e) AS newest', ...values].join(', ')}
    FROM ${times} times JOIN ${rows} rows ON rows.id = times.id AND rows.v <= times.t AND rows.e >= ${startSql(longest, 'times.t')}
    GROUP BY times."row"`;
}

/** Of rows of one lag, e and then r decide which is newer: as one number, since the number of a row takes at most 56 bits. */
const rank = '(CAST(e AS HUGEINT) * 72057594037927936 + r)';

/**
 * Where all rows become visible by the same lag, a window of events is a window of visibilities, and DuckDB moves it over the rows of
 * an entity: much less work where windows hold many rows.
 */
function movingSql(rows: string, times: string, { aggregations, longest, candidates }: Windows): string {
  const all = [longest, ...aggregations.map(({ aggregation }) => aggregation)];
  const spans = all.map(
    (aggregation, place) => `t - (${startSql(aggregation, 't')} + ${candidates.lag}) AS span${place}`,
  );
  const over = (place: number) =>
    `OVER (PARTITION BY id ORDER BY v RANGE BETWEEN span${place} PRECEDING AND CURRENT ROW)`;
  const values = aggregations.map((one, place) => {
    const value =
      one.aggregation.function === 'last'
        ? `max(${rank}) ${over(place + 1)}`
        : valueSql(one, 'moments', over(place + 1));
    return `${value} AS w${place}`;
  });
  const lasts = aggregations.map((one, place) =>
    one.aggregation.function === 'last'
      ? {
          value: `last${place}.${one.column}`,
          join: `LEFT JOIN (SELECT *, ${rank} AS rank FROM ${rows}) last${place} ON last${place}.rank = w${place}`,
        }
      : { value: `w${place}`, join: '' },
  );
  return `
    WITH moments AS (
      SELECT id, v, e, r, ${candidates.scales.map((_scale, place) => `c${place}, `).join('')}NULL AS "row", ${all.map((_one, place) => `0 AS span${place}`).join(', ')} FROM ${rows}
      UNION ALL BY NAME
      SELECT id, t AS v, "row", ${spans.join(', ')} FROM ${times}
    ),
    moved AS (SELECT ${['"row"', `max(e) ${over(0)} AS newest`, ...values].join(', ')} FROM moments)
    SELECT ${['"row"', 'newest', ...lasts.map(({ value }, place) => `${value} AS v${place}`)].join(', ')}
    FROM (SELECT * FROM moved WHERE "row" IS NOT NULL) ${lasts.map(({ join }) => join).join(' ')}`;
}

/** An aggregate over what `over` says: a filter, or a window. */
function valueSql({ aggregation, column, scale }: Asked, relation: string, over: string): string {
  const value = column === undefined ? `${relation}.e` : `${relation}.${column}`;
  switch (aggregation.function) {
    case 'count':
      return `count(${value}) ${over}`;
    case 'distinct':
      return `count(DISTINCT ${value}) ${over}`;
    case 'sum':
      return aggregation.type === 'number'
        ? finite(sumSql(value, scale, over))
        : `TRY_CAST(sum(${value}) ${over} AS ${sqlType[aggregation.type]})`;
    case 'mean':
      return finite(`${sumSql(value, scale, over)} / count(${value}) ${over}`);
    default:
      return `${aggregation.function}(${value}) ${over}`;
  }
}

/** The sum as a double. Doubles are added as whole numbers, so that it is the same in whatever order and exact to 100 bits. */
const sumSql = (value: string, scale: number | undefined, over: string): string =>
  scale === undefined
    ? `CAST(sum(${value}) ${over} AS DOUBLE)`
    : `CAST(sum(CAST(${value} * pow(2.0, ${scale}) AS HUGEINT)) ${over} AS DOUBLE) / pow(2.0, ${scale})`;

/** A sum beyond the range of doubles is unknown, as it is online. */
const finite = (value: string): string => `CASE WHEN isfinite(${value}) THEN ${value} END`;
