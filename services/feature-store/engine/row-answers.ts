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

/** Rows of a view that are joined at once, so that memory stays small however many there are. */
const rowsOfPass = 2_000_000;
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
  asOf: string,
  into: string,
): Promise<void> {
  const located = await locateRows(database, definition, files, `${into} staged`);
  const entities = await numberEntities(database, asked, definition.joinKeys, into);
  const lag = lagOf(definition);
  const candidates = quoteName(`${into} candidates`);
  const found = quoteName(`${into} found`);
  const rows = await collectCandidates(database, located, entities, {
    keys: definition.joinKeys.length,
    asOf,
    into: candidates,
  });
  await database.run(
    `CREATE TABLE ${found} ("row" BIGINT, e BIGINT, r ${located.numberType}, present BOOLEAN)`,
  );
  const passes = Math.max(1, Math.ceil(rows / rowsOfPass));
  const step = Math.ceil(entities.entities / passes);
  for (let pass = 0; pass < passes; pass += 1)
    await database.run(
      `INSERT INTO ${found} ${newestVisibleSql({
        rows: `(SELECT * FROM ${candidates} WHERE id >= ${pass * step} AND id < ${(pass + 1) * step})`,
        times: `(SELECT * FROM ${entities.times} WHERE id >= ${pass * step} AND id < ${(pass + 1) * step})`,
        lag,
        ttlSeconds: pinned.ttlSeconds,
      })}`,
    );
  await database.run(`DROP TABLE ${candidates}`);
  await entities.drop();
  await fetchValues(database, located, found, valuesOf(pinned, definition), into);
  await database.run(`DROP TABLE ${found}`);
  await located.drop();
}

/** Microseconds by which most rows follow their event. */
const lagOf = ({ source }: ViewOfRows): number =>
  (source.type === 'dataset' ? (source.availabilityDelaySeconds ?? 0) : 0) * microseconds;

const valuesOf = (pinned: PinnedView, { features }: ViewOfRows): string[] =>
  pinned.features.map(({ name }) => `f${features.findIndex((feature) => feature.name === name)}`);

/** Makes the table of the rows of asked entities that are visible at some time that is asked about: `id`, `e`, `a`, `r`. Answers how many there are. */
async function collectCandidates(
  database: DuckDb,
  { orders, numberType }: LocatedRows,
  entities: AskedEntities,
  { keys, asOf, into }: { readonly keys: number; readonly asOf: string; readonly into: string },
): Promise<number> {
  const names = Array.from({ length: keys }, (_none, place) => `k${place}`).join(', ');
  const selects = orders.map(
    (order) =>
      `SELECT keys.id, epoch_us(event_at) AS e, epoch_us(available_at) AS a, CAST(r AS ${numberType}) AS r
       FROM (${order}) source JOIN ${entities.keys} keys USING (${names})
       WHERE event_at IS NOT NULL AND known_at <= $1::TIMESTAMPTZ AND event_at <= make_timestamptz($2::BIGINT) AND available_at <= make_timestamptz($2::BIGINT)`,
  );
  await database.run(`CREATE TABLE ${into} AS ${selects.join(' UNION ALL ')}`, [asOf, entities.last]);
  const [found] = await database.rows<{ rows: bigint }>(`SELECT count(*) AS "rows" FROM ${into}`);
  return Number(found!.rows);
}

/** `row`, `e`, `r` and whether it is within the ttl: per asked row the visible row of the greatest rank. */
function newestVisibleSql(of: {
  readonly rows: string;
  readonly times: string;
  readonly lag: number;
  readonly ttlSeconds: number | undefined;
}): string {
  const isPunctual = `v = e + ${of.lag}`;
  const present = of.ttlSeconds === undefined ? 'true' : `e >= t - ${of.ttlSeconds * microseconds}`;
  return `
    WITH times AS (${of.times}),
    source AS (SELECT *, greatest(e, a) AS v FROM ${of.rows}),
    late AS (SELECT id, v FROM (SELECT id, v, e, max(e) OVER (PARTITION BY id ORDER BY v) AS newest FROM source WHERE NOT (${isPunctual})) WHERE e >= newest),
    hits AS (
      SELECT times."row", times.t, times.id, on_time.v FROM times ASOF JOIN (SELECT id, v FROM source WHERE ${isPunctual}) on_time ON times.id = on_time.id AND times.t >= on_time.v
      UNION ALL
      SELECT times."row", times.t, times.id, late.v FROM times ASOF JOIN late ON times.id = late.id AND times.t >= late.v
    ),
    newest AS (
      SELECT hits."row", any_value(hits.t) AS t, max(struct_pack(e := source.e, a := source.a, r := source.r)) AS newest
      FROM hits JOIN source ON source.id = hits.id AND source.v = hits.v GROUP BY hits."row"
    )
    SELECT "row", e, r, ${present} FROM (SELECT "row", t, newest.e AS e, newest.r AS r FROM newest)`;
}

async function fetchValues(
  database: DuckDb,
  located: LocatedRows,
  found: string,
  names: readonly string[],
  into: string,
): Promise<void> {
  const values = names.map((name, place) => `source.${name} AS v${place}`);
  const fetched = located
    .values([...new Set(names)])
    .map(
      (select) =>
        `SELECT found."row", ${values.join(', ')} FROM (${select}) source JOIN ${found} found ON found.r = source.r WHERE found.present`,
    );
  await database.run(
    `CREATE TABLE ${quoteName(into)} AS
     SELECT "row", make_timestamptz(e) AS event_at, * EXCLUDE ("row", e, r, present)
     FROM ${found} LEFT JOIN (${fetched.join(' UNION ALL ')}) fetched USING ("row")`,
  );
}
