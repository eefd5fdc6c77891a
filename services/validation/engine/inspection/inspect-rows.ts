import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import type { ColumnProfile } from '../../contract.ts';
import type {
  ColumnInspection,
  DatasetInspection,
  MissingText,
  TextTraits,
} from '../../domain/suggestion/inspection.ts';
import { narrowerType } from '../../domain/suggestion/suggest-type.ts';
import { isIdentifier } from '../../domain/suggestion/suggest-values.ts';
import { type Batch, openBatch, type ProfiledColumn } from '../profile/column-source.ts';
import { profileRows } from '../profile/profile-rows.ts';
import { drawSample } from '../profile/sample.ts';
import { ambiguous, findMissingTexts, type MissingCandidate } from './missing-texts.ts';
import { readTextTraits } from './text-traits.ts';

const columnsAtOnce = 32;
/** Rows whose texts are looked at before all are. */
const maxSampleRows = 2000;
/** Many formats are tried on each. */
const textsAtOnce = 8;
/** A text that stands for a missing value in text columns alone must be in so many rows of one. */
const minTextShare = 0.001;
/** Repeated values are counted where the profile finds so few, and in columns that are named like identifiers. */
const minDistinctShare = 0.9;

/** Finds out what a contract for rows may say: texts that stand for missing values, profiles, forms of texts, repeated values. */
export async function inspectRows(
  database: DuckDb,
  relation: string,
  columns: readonly ProfiledColumn[],
): Promise<DatasetInspection> {
  const candidates = await findMissingTexts(database, relation, columns);
  const all = [...new Set(candidates.map(({ text }) => text))];
  let profiles = await profileRows(database, relation, columns, { missingValues: all });
  const { missingTexts, doubtfulTexts } = chooseMissingTexts(candidates, profiles);
  const missingValues = missingTexts.map(({ text }) => text);
  const kept = new Set(
    candidates.filter(({ text }) => !missingValues.includes(text)).map(({ column }) => column),
  );
  if (kept.size > 0) {
    const again = await profileRows(
      database,
      relation,
      columns.filter(({ name }) => kept.has(name)),
      { missingValues },
    );
    const byName = new Map(again.map((profile) => [profile.name, profile]));
    profiles = profiles.map((profile) => byName.get(profile.name) ?? profile);
  }
  const inspected: ColumnInspection[] = [];
  for (let from = 0; from < columns.length; from += columnsAtOnce) {
    const batch = await openBatch(
      database,
      relation,
      columns.slice(from, from + columnsAtOnce),
      missingValues,
    );
    inspected.push(...(await inspectBatch(database, batch, profiles.slice(from, from + columnsAtOnce))));
  }
  const [first] = profiles;
  const narrowed = await profileNarrower(database, relation, columns, inspected, missingValues);
  const rows = first ? first.values + first.missing : 0;
  return { rows, missingTexts, doubtfulTexts, columns: narrowed };
}

/** Profiles texts anew that are next to all dates or numbers, as those. */
async function profileNarrower(
  database: DuckDb,
  relation: string,
  columns: readonly ProfiledColumn[],
  inspected: readonly ColumnInspection[],
  missingValues: readonly string[],
): Promise<ColumnInspection[]> {
  const typed = inspected.flatMap(({ profile, traits }, place) => {
    const type = traits && profile.values > 0 ? narrowerType(profile.values, traits) : undefined;
    return type ? [{ ...columns[place]!, ...type }] : [];
  });
  const profiles = await profileRows(database, relation, typed, { missingValues });
  const byName = new Map(profiles.map((profile) => [profile.name, profile]));
  return inspected.map((column) => ({
    ...column,
    profile: byName.get(column.profile.name) ?? column.profile,
  }));
}

/** A text counts where without it a column has numbers or times only, or where it is frequent and can hardly be a value; where it can, it is doubtful. */
function chooseMissingTexts(
  candidates: readonly MissingCandidate[],
  profiles: readonly ColumnProfile[],
): Pick<DatasetInspection, 'missingTexts' | 'doubtfulTexts'> {
  const byName = new Map(profiles.map((profile) => [profile.name, profile]));
  const isNarrow = ({ column }: MissingCandidate) => {
    const profile = byName.get(column)!;
    return profile.values > 0 && profile.inferredType !== 'string';
  };
  const isFrequent = ({ column, cells }: MissingCandidate) => {
    const { values, missing } = byName.get(column)!;
    return cells >= minTextShare * (values + missing);
  };
  const missingTexts: MissingText[] = [];
  const doubtfulTexts: MissingText[] = [];
  for (const text of [...new Set(candidates.map((candidate) => candidate.text))].sort()) {
    const where = candidates.filter((candidate) => candidate.text === text);
    const decisive = where.filter(isNarrow).map(({ column }) => column);
    if (decisive.length === 0 && !where.some(isFrequent)) continue;
    const cells = where.reduce((sum, candidate) => sum + candidate.cells, 0);
    const isDoubtful = decisive.length === 0 && ambiguous.has(text);
    (isDoubtful ? doubtfulTexts : missingTexts).push({
      text,
      cells,
      columns: where.map(({ column }) => column),
      decisive,
    });
  }
  return { missingTexts, doubtfulTexts };
}

async function inspectBatch(
  database: DuckDb,
  batch: Batch,
  profiles: readonly ColumnProfile[],
): Promise<ColumnInspection[]> {
  const [first] = profiles;
  const rows = first ? first.values + first.missing : 0;
  const sample = await drawSample(database, batch, { rows, maxRows: maxSampleRows });
  const texts = batch.sources.filter(
    ({ isText }, place) =>
      isText && profiles[place]!.inferredType === 'string' && profiles[place]!.values > 0,
  );
  const traits: TextTraits[] = [];
  for (let from = 0; from < texts.length; from += textsAtOnce)
    traits.push(...(await readTextTraits(database, batch, sample, texts.slice(from, from + textsAtOnce))));
  await database.run(`DROP TABLE ${sample}`);
  const traitsOf = new Map<unknown, TextTraits>(texts.map((source, place) => [source, traits[place]!]));
  const inspected: ColumnInspection[] = [];
  for (const [place, source] of batch.sources.entries()) {
    const profile = profiles[place]!;
    const found = traitsOf.get(source);
    inspected.push({
      profile,
      ...(profile.values > 0 &&
      (isIdentifier(profile) || profile.distinct >= minDistinctShare * profile.values)
        ? { repeatedRows: await countRepeated(database, batch.rows, source.sql) }
        : {}),
      ...(found ? { traits: found } : {}),
    });
  }
  return inspected;
}

async function countRepeated(database: DuckDb, rows: string, sql: string): Promise<number> {
  const [counted] = await database.rows<{ repeated: bigint | null }>(
    `SELECT sum(times)::BIGINT AS repeated FROM (SELECT count(*) AS times FROM ${rows} WHERE ${sql} IS NOT NULL GROUP BY ${sql} HAVING times > 1)`,
  );
  return Number(counted!.repeated ?? 0);
}
