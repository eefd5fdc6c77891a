import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import type { PinnedView } from '../contract.ts';
import { type AskedEntities, numberEntities } from './asked-entities.ts';
import type { NumberedRows } from './entity-rows.ts';
import { type LocatedRows, locateRows } from './located-rows.ts';
import type { SourceFile, ViewOfRows } from './source-rows.ts';

/** A view that values are asked of, with the files that hold its rows. */
export interface AskedView {
  readonly pinned: PinnedView;
  readonly definition: ViewOfRows;
  readonly files: readonly SourceFile[];
}

/** How answers of a view are made. */
export interface AnswerSettings {
  readonly asOf: string;
  /** The table to make. */
  readonly into: string;
  readonly rowsAtOnce: number;
  /** Windows are moved over rows where looking at each row of each would take more pairs than this per row. */
  readonly maxPairsPerRow: number;
}

const microseconds = 1_000_000;

/**
 * Makes the table `into` of what a view with a schema answers: `row`, `event_at` and the pinned features `v0`, `v1`, … (null where the row is
 * expired). Entity rows without a visible row are not in it.
 *
 * A row is visible from `v = max(event, availability)` on. Rows that follow their event by the same lag become visible in the order
 * of their events, so that the newest is the last one visible, which an ASOF join finds. Of the others, the late ones, those are left out that
 * are older than a row that was visible before; then the last one visible is the newest of them too. The better of the two is the answer.
 */
export async function answerRows(
  database: DuckDb,
  asked: NumberedRows,
  { pinned, definition, files }: AskedView,
  { asOf, into, rowsAtOnce }: AnswerSettings,
): Promise<void> {
  const features = pinned.features.map(({ name }) => definition.features.find((one) => one.name === name)!);
  const located = await locateRows(database, { ...definition, features }, files, `${into} staged`);
  const entities = await numberEntities(database, asked, definition.joinKeys, into);
  const candidates = quoteName(`${into} candidates`);
  const found = quoteName(`${into} found`);
  const visibility = visibilityOf(definition, asked);
  const rows = await collectCandidates(database, located, entities, { visibility, asOf, into: candidates });
  await database.run(
    `CREATE TABLE ${found} ("row" BIGINT, e BIGINT, r ${located.numberType}, present BOOLEAN)`,
  );
  const passes = Math.max(1, Math.ceil(rows / rowsAtOnce));
  const step = Math.ceil(entities.entities / passes);
  for (let pass = 0; pass < passes; pass += 1) {
    const within = `WHERE id >= ${pass * step} AND id < ${(pass + 1) * step}`;
    const newest = newestVisibleSql(
      `(SELECT * FROM ${candidates} ${within})`,
      `(SELECT * FROM ${entities.times} ${within})`,
      visibility,
    );
    const present = pinned.ttlSeconds === undefined ? 'true' : `e >= t - ${pinned.ttlSeconds * microseconds}`;
    await database.run(`INSERT INTO ${found} SELECT "row", e, r, ${present} FROM (${newest})`);
  }
  await database.run(`DROP TABLE ${candidates}`);
  await entities.drop();
  await fetchValues(database, located, found, features.length, into);
  await database.run(`DROP TABLE ${found}`);
  await located.drop();
}

/** When rows of a view become visible: how that follows from what is kept of each. */
interface Visibility {
  /** Microseconds by which rows follow their event where nothing is late. */
  readonly lag: number;
  /** Whether all rows do, so that their availability need not be kept. */
  readonly isConstant: boolean;
  /** Whether the platform must have known a row at the time that is asked about. */
  readonly knownThen: boolean;
}

function visibilityOf({ source }: ViewOfRows, { knownThen }: NumberedRows): Visibility {
  const delay = source.type === 'dataset' ? source.availabilityDelaySeconds : undefined;
  return { lag: (delay ?? 0) * microseconds, isConstant: delay !== undefined, knownThen };
}

/**
 * Makes the table of the rows of asked entities that are visible at some time that is asked about: `id`, `e`, `r`, and `a` and `u` where they
 * matter. Answers how many there are.
 */
async function collectCandidates(
  database: DuckDb,
  { selects: located, numberType }: LocatedRows,
  entities: AskedEntities,
  of: { readonly visibility: Visibility; readonly asOf: string; readonly into: string },
): Promise<number> {
  const { isConstant, knownThen } = of.visibility;
  const columns = [
    'keys.id',
    'epoch_us(event_at) AS e',
    `CAST(r AS ${numberType}) AS r`,
    ...(isConstant ? [] : ['epoch_us(available_at) AS a']),
    ...(knownThen ? ['epoch_us(known_at) AS u'] : []),
  ].join(', ');
  const selects = located.map(
    (select) =>
      `SELECT ${columns} FROM (${select}) source JOIN ${entities.keys} keys USING (${entities.keyNames.join(', ')})
       WHERE event_at IS NOT NULL AND known_at <= $1::TIMESTAMPTZ AND event_at <= make_timestamptz($2::BIGINT) AND available_at <= make_timestamptz($2::BIGINT)`,
  );
  await database.run(`CREATE TABLE ${of.into} AS ${selects.join(' UNION ALL ')}`, [of.asOf, entities.last]);
  const [found] = await database.rows<{ rows: bigint }>(`SELECT count(*) AS "rows" FROM ${of.into}`);
  return Number(found!.rows);
}

/** `row`, `t`, `e` and `r`: for each time that is asked about the visible row of the greatest rank. */
function newestVisibleSql(rows: string, times: string, { lag, isConstant, knownThen }: Visibility): string {
  const source = isConstant ? `(SELECT *, e + ${lag} AS a FROM ${rows})` : rows;
  const isPunctual = `v = e + ${lag}`;
  // Of two rows of one event time the later visible one is the newer, unless it is the platform that was late.
  const rank = knownThen ? 'struct_pack(e := e, a := a, r := r)' : 'e';
  const lastOf = (relation: string) =>
    `SELECT times."row", times.t, times.id, last.v FROM times ASOF JOIN ${relation} last ON times.id = last.id AND times.t >= last.v`;
  return `
    WITH times AS (${times}),
    source AS (SELECT *, greatest(e, a${knownThen ? ', u' : ''}) AS v FROM ${source}),
    late AS (
      SELECT id, v
      FROM (SELECT id, v, ${rank} AS rank, max(${rank}) OVER (PARTITION BY id ORDER BY v) AS newest FROM source WHERE NOT (${isPunctual}))
      WHERE rank >= newest
    ),
    hits AS (${lastOf(`(SELECT id, v FROM source WHERE ${isPunctual})`)} UNION ALL ${lastOf('late')}),
    best AS (
      SELECT hits."row", any_value(hits.t) AS t, max(struct_pack(e := source.e, a := source.a, r := source.r)) AS newest
      FROM hits JOIN source ON source.id = hits.id AND source.v = hits.v GROUP BY hits."row"
    )
    SELECT "row", t, newest.e AS e, newest.r AS r FROM best`;
}

/** Reads the values of the rows that were found. */
async function fetchValues(
  database: DuckDb,
  located: LocatedRows,
  found: string,
  features: number,
  into: string,
): Promise<void> {
  const values = Array.from({ length: features }, (_none, place) => `source.f${place} AS v${place}`);
  const fetched = located.selects.map(
    (select) =>
      `SELECT ${['found."row"', ...values].join(', ')} FROM (${select}) source JOIN ${found} found ON found.r = source.r WHERE found.present`,
  );
  await database.run(
    `CREATE TABLE ${quoteName(into)} AS
     SELECT "row", make_timestamptz(e) AS event_at, * EXCLUDE ("row", e, r, present)
     FROM ${found} LEFT JOIN (${fetched.join(' UNION ALL ')}) fetched USING ("row")`,
  );
}
