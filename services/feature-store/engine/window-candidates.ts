import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import { type AskedEntities, numberEntities } from './asked-entities.ts';
import type { NumberedRows } from './entity-rows.ts';
import type { AnswerSettings } from './row-answers.ts';
import { type SourceFile, sourceRowsSql, type ViewOfRows, viewValues } from './source-rows.ts';

/** The rows of asked entities that lie in a window of some time that is asked about. */
export interface WindowCandidates {
  /** Table: entity `id`, event `e` and visibility `v` in microseconds, the columns `c0`, …, and `o`, which grows with the rank. */
  readonly table: string;
  readonly entities: AskedEntities;
  readonly rows: number;
  /** Microseconds from each event to its visibility, where they are the same for all. */
  readonly lag: number | undefined;
  /** By place of the column: a power of two that makes its doubles whole numbers of up to 100 bits; undefined for other types. */
  readonly scales: readonly (number | undefined)[];
  drop(): Promise<void>;
}

const microseconds = 1_000_000;

export async function collectWindowRows(
  database: DuckDb,
  asked: NumberedRows,
  view: ViewOfRows,
  files: readonly SourceFile[],
  { asOf, into }: AnswerSettings,
): Promise<WindowCandidates> {
  const entities = await numberEntities(database, asked, view.joinKeys, into);
  const table = quoteName(`${into} candidates`);
  const columns = viewValues(view).map((_value, place) => `c${place}`);
  const known = asked.knownThen ? ', known_at' : '';
  const order = view.aggregations.some((one) => one.function === 'last')
    ? 'row_number() OVER (ORDER BY event_at, available_at, tie)'
    : '0';
  const reach = Math.max(
    ...view.aggregations.map(({ windowSeconds, hopSeconds }) => windowSeconds + hopSeconds),
  );
  await database.run(
    `CREATE TABLE ${table} AS
     SELECT ${['id', 'e', 'v', ...columns, `${order} AS o`].join(', ')}
     FROM (
       SELECT source.*, keys.id, epoch_us(event_at) AS e, epoch_us(greatest(event_at, available_at${known})) AS v
       FROM (${sourceRowsSql(view, files)}) source JOIN ${entities.keys} keys USING (${entities.keyNames.join(', ')})
       WHERE known_at <= $1::TIMESTAMPTZ
     ) WHERE v <= $2::BIGINT AND e >= $3::BIGINT - ${reach * microseconds}`,
    [asOf, entities.last, entities.first],
  );
  const doubles = viewValues(view).map(({ type }, place) => (type === 'number' ? place : undefined));
  const [found] = await database.rows<Record<string, bigint | number | null>>(
    `SELECT ${[
      'count(*) AS "rows"',
      'min(v - e) AS least',
      'max(v - e) AS most',
      ...doubles.flatMap((place) => (place === undefined ? [] : `max(abs(c${place})) AS most${place}`)),
    ].join(', ')} FROM ${table}`,
  );
  return {
    table,
    entities,
    rows: Number(found!['rows']),
    lag: found!['least'] === found!['most'] ? Number(found!['least'] ?? 0) : undefined,
    scales: doubles.map((place) =>
      place === undefined ? undefined : scaleOf(Number(found![`most${place}`])),
    ),
    drop: async () => {
      await database.run(`DROP TABLE ${table}`);
      await entities.drop();
    },
  };
}

/** The exponent of a power of two; 27 bits of a HUGEINT are left for the number of values. A double holds no power above 1023. */
const scaleOf = (most: number): number => (most === 0 ? 0 : Math.min(1000, 99 - Math.floor(Math.log2(most))));
