import type { DataContract } from '#services/projects/contract.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { RowCheck, RowRule } from './compile/row-checks.ts';
import type { RowCompiler, Surroundings } from './judged-rows.ts';
import { areThere, keyOf, tableOfRepeated } from './repeated-values.ts';
import { outlierBounds } from './statistics/outlier-bounds.ts';
import type { CheckPlace, VersionCheck } from './version-check.ts';
import type { ObjectRows } from './version-rows.ts';

interface Scope {
  readonly database: DuckDb;
  readonly compiler: RowCompiler;
  readonly objects: readonly ObjectRows[];
  readonly check: VersionCheck;
  readonly place: CheckPlace;
}
type RuleOf<Check extends RowRule['check']> = Extract<RowRule, { check: Check }>;

/** Looks at the columns of checks that judge a row by other rows, before any row is judged. */
export async function findSurroundings(scope: Scope): Promise<Surroundings> {
  const flags = new Map<RowCheck, string>();
  const bounds = new Map<RowCheck, { low: number; high: number }>();
  if (scope.objects.length === 0) return { flags, bounds };
  for (const [index, check] of scope.compiler.checks.entries()) {
    const { rule } = check;
    if (rule.check === 'unique') {
      const flag = await findRepeated(scope, rule, `repeated_${index}`);
      if (flag) flags.set(check, flag);
    } else if (rule.check === 'references') {
      const flag = await findReferenced(scope, rule, `referenced_${index}`);
      if (flag) flags.set(check, flag);
    } else if (rule.check === 'outliers') {
      const found = await findBounds(scope, rule);
      if (found) bounds.set(check, found);
    }
  }
  return { flags, bounds };
}

/** Whether a check had anything to be held against: a rule `references` needs a version to look into. */
export const isSkipped = ({ rule }: RowCheck, { lookups }: VersionCheck): boolean =>
  rule.check === 'references' && !Object.hasOwn(lookups, lookupName(rule));

const lookupName = ({ to }: RuleOf<'references'>): string => `${to.project}@${to.datasetVersion}`;

/** Puts the values that come more than once in an upload into a table; answers SQL of whether a row has one of them, undefined where there are none. */
async function findRepeated(
  { database, compiler, objects, place }: Scope,
  { columns }: RuleOf<'unique'>,
  table: string,
): Promise<string | undefined> {
  const uploads = new Set(objects.map(({ upload }) => upload));
  const values = [
    ...(uploads.size > 1 ? ['_upload'] : []),
    ...columns.map((column) => compiler.value(column)),
  ];
  const rows = objects.map(
    (object) => `SELECT ${values.join(', ')} FROM (${compiler.rows(object, columns)})`,
  );
  const repeated = await tableOfRepeated(
    database,
    table,
    {
      relation: `(${rows.join(' UNION ALL ')})`,
      values,
      rows: objects.reduce((sum, { object }) => sum + object.rows, 0),
    },
    place,
  );
  return repeated === 0
    ? undefined
    : `(${areThere(values)} AND ${keyOf(values)} IN (SELECT key FROM ${table}))`;
}

/** Puts the values of the other dataset into a table; answers SQL of whether a row has none of them, undefined where there is no such dataset yet. */
async function findReferenced(
  { database, compiler, check: { lookups, contract }, place }: Scope,
  rule: RuleOf<'references'>,
  table: string,
): Promise<string | undefined> {
  const other = lookups[lookupName(rule)];
  if (other === undefined) return undefined;
  const path = quoteText(place.pathOf(other.validated.uri));
  const described = await database.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM read_parquet(${path})`,
  );
  const otherTypes = new Map(described.map((column) => [column.column_name, column.column_type]));
  const there = rule.to.columns.map(quoteName);
  const here = rule.columns.map((column, index) =>
    comparable(compiler.value(column), column, contract, otherTypes.get(rule.to.columns[index]!)),
  );
  if (rule.to.columns.some((column) => !otherTypes.has(column))) return `(${areThere(here)})`;
  const theirs = rule.to.columns.map((column, index) =>
    here[index]!.startsWith('CAST') ? `CAST(${quoteName(column)} AS VARCHAR)` : quoteName(column),
  );
  await database.run(
    `CREATE TABLE ${table} AS SELECT DISTINCT ${keyOf(theirs)} AS key FROM read_parquet(${path}) WHERE ${areThere(there)}`,
  );
  return `(${areThere(here)} AND ${keyOf(here)} NOT IN (SELECT key FROM ${table}))`;
}

const numeric = new Set(['BIGINT', 'DOUBLE']);
const sqlTypes = {
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  string: 'VARCHAR',
};

/** A value that can be compared with one of the other dataset: numbers with numbers, else what has not the same type by its text. */
function comparable(
  value: string,
  column: string,
  contract: DataContract,
  otherType: string | undefined,
): string {
  const own = sqlTypes[contract.columns[column]!.type];
  const isComparable =
    own === otherType || (otherType !== undefined && numeric.has(own) && numeric.has(otherType));
  return isComparable ? value : `CAST(${value} AS VARCHAR)`;
}

async function findBounds({ database, compiler, objects }: Scope, rule: RuleOf<'outliers'>) {
  const number = compiler.number(rule.column);
  if (number === undefined) return undefined;
  const rows = objects.map(
    (object) => `SELECT ${number} AS number FROM (${compiler.rows(object, [rule.column])})`,
  );
  return outlierBounds(
    database,
    { relation: `(${rows.join(' UNION ALL ')})`, value: 'number' },
    rule.method,
    rule.threshold,
  );
}
