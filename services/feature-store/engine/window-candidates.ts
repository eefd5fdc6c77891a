import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import { type AskedEntities, numberEntities } from './asked-entities.ts';
import type { NumberedRows } from './entity-rows.ts';
import { locateRows } from './located-rows.ts';
import type { AnswerSettings } from './row-answers.ts';
import { type SourceFile, type ViewOfRows, viewValues } from './source-rows.ts';

/** The rows of asked entities that lie in a window of some time that is asked about. */
export interface WindowCandidates {
  /** Table: entity `id`; event `e`, availability `a` and visibility `v` in microseconds; the number `r` of the row; the columns `c0`, …. */
  readonly table: string;
  readonly entities: AskedEntities;
  readonly rows: number;
  /** Pairs of a time that is asked about and a row of its entity, per row and time. */
  readonly pairsPerRow: number;
  /** Microseconds from each event to its visibility, where they are the same for all, as those to its availability are. */
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
  const located = await locateRows(database, view, files, `${into} staged`);
  const reach = Math.max(
    ...view.aggregations.map(({ windowSeconds, hopSeconds }) => windowSeconds + hopSeconds),
  );
  const selects = located.selects.map(
    (select) =>
      `SELECT ${['keys.id', 'epoch_us(event_at) AS e', 'epoch_us(available_at) AS a', `epoch_us(greatest(event_at, available_at${known})) AS v`, 'r', ...columns].join(', ')}
       FROM (${select}) source JOIN ${entities.keys} keys USING (${entities.keyNames.join(', ')})
       WHERE known_at <= $1::TIMESTAMPTZ AND event_at <= make_timestamptz($2::BIGINT) AND available_at <= make_timestamptz($2::BIGINT) AND event_at >= make_timestamptz($3::BIGINT)`,
  );
  const earliest = entities.first === null ? null : entities.first - BigInt(reach * microseconds);
  await database.run(`CREATE TABLE ${table} AS ${selects.join(' UNION ALL ')}`, [
    asOf,
    entities.last,
    earliest,
  ]);
  await located.drop();
  const doubles = viewValues(view).map(({ type }, place) => (type === 'number' ? place : undefined));
  const [found] = await database.rows<Record<string, bigint | number | null>>(
    `SELECT ${[
      'count(*) AS "rows"',
      'min(v - e) AS least',
      'max(v - e) AS most',
      'min(a - e) AS first',
      'max(a - e) AS last',
      `(SELECT sum(times.n * rows.n)::DOUBLE / greatest(1, sum(times.n + rows.n)) FROM (SELECT id, count(*) AS n FROM ${entities.times} GROUP BY id) times JOIN (SELECT id, count(*) AS n FROM ${table} GROUP BY id) rows USING (id)) AS pairs`,
      ...doubles.flatMap((place) => (place === undefined ? [] : `max(abs(c${place})) AS most${place}`)),
    ].join(', ')} FROM ${table}`,
  );
  return {
    table,
    entities,
    rows: Number(found!['rows']),
    pairsPerRow: Number(found!['pairs'] ?? 0),
    lag:
      found!['least'] === found!['most'] && found!['first'] === found!['last']
        ? Number(found!['least'] ?? 0)
        : undefined,
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
