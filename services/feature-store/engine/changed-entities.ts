import { join } from 'node:path';
import { type DuckDb, quoteText } from '#shared/duckdb/duckdb.ts';
import type { FeatureValue, FeatureViewVersion } from '../contract.ts';
import type { EntityKey } from '../domain/online-key.ts';
import type { WindowState } from '../domain/window-state.ts';
import type { EntityChange } from '../ports.ts';
import { featureValueOf } from './wanted-entities.ts';

/** Entities of a part: a few seconds of writing, so that several are written at once and a part that is written again costs little. */
const usualPartRows = 2500;
/** Most parts: an execution keeps the history of all of them, and 25,000 steps of it is what Step Functions allows. */
const maxParts = 1000;

export interface ChangedEntities {
  readonly parts: number;
  readonly rows: number;
  readonly entities: number;
  readonly newestRank?: string;
}

/**
 * Compares the table `wanted` with what is online (`held`) and what may be (`uncertain`), Parquet files of key, rank and digest, and writes to the
 * folder: the changes as `part-<n>.jsonl`, what is online when they are written as `state.parquet`, and what may be until then as `uncertain.parquet`.
 * `full` puts every entity again.
 */
export async function writeChanges(
  database: DuckDb,
  input: {
    readonly folder: string;
    readonly full: boolean;
    readonly held?: string;
    readonly uncertain?: string;
    /** Entities of a part; more where there would be too many parts. */
    readonly partRows?: number;
  },
): Promise<ChangedEntities> {
  const { folder, partRows = usualPartRows } = input;
  await database.run(`CREATE TABLE held AS ${entitiesSql(input.held)}`);
  await database.run(`CREATE TABLE uncertain AS ${entitiesSql(input.uncertain)}`);
  await database.run(
    `CREATE TABLE changed AS SELECT row_number() OVER () - 1 AS row, * FROM (${changesSql(input.full)})`,
  );
  await database.run(
    `COPY (SELECT key, rank, digest FROM wanted ORDER BY key) TO ${quoteText(join(folder, 'state.parquet'))} (FORMAT parquet)`,
  );
  await database.run(
    `COPY (SELECT key, greatest(rank, prior) AS rank, digest FROM changed ORDER BY key) TO ${quoteText(join(folder, 'uncertain.parquet'))} (FORMAT parquet)`,
  );
  const [counts] = await database.rows<{ rows: bigint; entities: bigint; newest: string | null }>(
    'SELECT (SELECT count(*) FROM changed) AS rows, (SELECT count(*) FROM wanted) AS entities, (SELECT max(rank) FROM wanted) AS newest',
  );
  const rows = Number(counts!.rows);
  const size = Math.max(partRows, Math.ceil(rows / maxParts));
  const parts = Math.ceil(rows / size);
  for (let part = 0; part < parts; part++)
    await database.run(
      `COPY (SELECT key, rank, ceiling, payload FROM changed WHERE row >= ${part * size} AND row < ${(part + 1) * size} ORDER BY row)
       TO ${quoteText(join(folder, partName(part)))} (FORMAT json)`,
    );
  return {
    parts,
    rows,
    entities: Number(counts!.entities),
    ...(counts!.newest === null ? {} : { newestRank: counts!.newest }),
  };
}

export const partName = (part: number): string => `part-${String(part).padStart(6, '0')}.jsonl`;

const entitiesSql = (path: string | undefined): string =>
  path === undefined
    ? 'SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS rank, NULL::VARCHAR AS digest WHERE false'
    : `SELECT key, rank, digest FROM read_parquet(${quoteText(path)})`;

/**
 * A put never replaces a newer row, so what stands there up to `ceiling` is deleted first where it may be newer than what is wanted, or where nothing
 * is wanted. What failed materializations may have written is changed in any case.
 */
const changesSql = (full: boolean): string => `
  WITH all_entities AS (
    SELECT key, w.rank, w.payload, w.digest, h.rank AS held_rank, h.digest AS held_digest, u.key IS NOT NULL AS is_uncertain,
      greatest(h.rank, u.rank) AS prior
    FROM wanted w FULL JOIN held h USING (key) FULL JOIN uncertain u USING (key)
  )
  SELECT key, rank, payload, digest, prior, CASE WHEN rank IS NULL OR rank < prior THEN prior END AS ceiling
  FROM all_entities
  WHERE is_uncertain OR rank IS NULL OR rank IS DISTINCT FROM held_rank OR digest IS DISTINCT FROM held_digest
    ${full ? 'OR rank IS NOT NULL' : ''}`;

/** The changes of a part file. */
export function parsePart(view: FeatureViewVersion, text: string): EntityChange[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => changeOf(view, JSON.parse(line) as PartLine));
}

interface PartLine {
  readonly key: string;
  readonly rank?: string | null;
  readonly ceiling?: string | null;
  readonly payload?: string | null;
}

function changeOf(view: FeatureViewVersion, { key, rank, ceiling, payload }: PartLine): EntityChange {
  return {
    key: JSON.parse(key) as EntityKey,
    ...(ceiling ? { ceiling } : {}),
    ...(rank && payload ? { rank, ...contentOf(view, payload) } : {}),
  };
}

function contentOf(view: FeatureViewVersion, payload: string): Pick<EntityChange, 'values' | 'state'> {
  if (view.aggregations.length > 0) return { state: JSON.parse(payload) as WindowState };
  const values = JSON.parse(payload) as FeatureValue[];
  return {
    values: Object.fromEntries(
      view.features.map(({ name, type }, place) => [name, featureValueOf(values[place], type)]),
    ),
  };
}
