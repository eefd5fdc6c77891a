import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maskedValue } from '#services/validation/contract.ts';
import type { Column } from '#shared/contracts/parts.ts';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ManifestObject } from '../contract.ts';
import { type ComparedObjects, comparedObjects, type PlacedObject } from '../domain/compared-objects.ts';
import type { DatasetDiff, DiffEngine, DiffInputs } from '../ports/versions.ts';
import { compareByKey, compareWholeRows, type RowChanges } from './row-changes.ts';
import { addRows, createRowsTable, keyedRows, type ObjectRelation, type RowShape } from './rows-table.ts';

/** Brings objects to local disk and says how their rows are read. */
export interface ObjectReader {
  download(object: ManifestObject, path: string): Promise<unknown>;
  relation(database: DuckDb, object: ManifestObject, path: string): Promise<ObjectRelation>;
}

/** Compares versions in DuckDB: one object on disk at a time, rows spill to disk where memory ends. */
export function createDiffEngine(settings: { functionMemoryMb: number; reader: ObjectReader }): DiffEngine {
  return {
    compare: (inputs, objects) =>
      explained(() =>
        withScratchFolder((folder) =>
          withDuckDb({ folder, functionMemoryMb: settings.functionMemoryMb }, async (database) => {
            const shape = shapeOf(inputs);
            const compared = comparedObjects(objects.from, objects.to);
            await createRowsTable(database, shape);
            const load = loader(database, settings.reader, folder);
            const changes =
              shape.primaryKey === undefined
                ? await wholeRows(database, shape, compared, load)
                : await byKey(database, shape, compared, load);
            return diffOf(inputs, shape, changes);
          }),
        ),
      ),
  };
}

/** Errors of DuckDB begin with their kind; none of them is over the next time. */
async function explained<Result>(compare: () => Promise<Result>): Promise<Result> {
  try {
    return await compare();
  } catch (error) {
    const [, kind] = /^([A-Z][A-Za-z ]+) Error: /.exec((error as Error).message) ?? [];
    if (kind === undefined) throw error;
    const isTooBig = kind === 'Out of Memory' || /max_temp_directory_size|No space left/.test(String(error));
    throw new AppError(
      'precondition_failed',
      'VersionsNotComparable',
      isTooBig
        ? 'The two versions do not fit into the memory and disk that comparing has. Compare versions that share more of their files.'
        : `The rows cannot be compared: ${(error as Error).message.split('\n')[0]}`,
      {},
      { cause: error },
    );
  }
}

function shapeOf({ from, to, primaryKey, missingValues }: DiffInputs): RowShape {
  const columns = [...new Set([...to.columns, ...from.columns].map(({ name }) => name))];
  return { columns, primaryKey, missingValues };
}

type Load = (placed: PlacedObject, use: (relation: ObjectRelation) => Promise<void>) => Promise<void>;

function loader(database: DuckDb, reader: ObjectReader, folder: string): Load {
  return async ({ object }, use) => {
    const path = join(folder, 'object');
    await reader.download(object, path);
    await use(await reader.relation(database, object, path));
    await rm(path);
  };
}

/** Rows of shared objects are the same on both sides as often: they cancel out and are not read. */
async function wholeRows(
  database: DuckDb,
  shape: RowShape,
  { shared, from, to }: ComparedObjects,
  load: Load,
): Promise<RowChanges> {
  for (const each of from) await load(each, (relation) => addRows(database, shape, relation, { from: each }));
  for (const each of to) await load(each, (relation) => addRows(database, shape, relation, { to: each }));
  const sharedRows = shared.reduce((sum, { to: { object } }) => sum + object.rows, 0);
  const changes = await compareWholeRows(database, shape);
  return { ...changes, rowsUnchanged: changes.rowsUnchanged + sharedRows };
}

/**
 * A key that is in no object of one side alone has the same newest row on both: of shared objects only the keys are counted, and the rows
 * of the others' keys compared.
 */
async function byKey(
  database: DuckDb,
  shape: RowShape,
  { shared, from, to }: ComparedObjects,
  load: Load,
): Promise<RowChanges> {
  for (const each of from) await load(each, (relation) => addRows(database, shape, relation, { from: each }));
  for (const each of to) await load(each, (relation) => addRows(database, shape, relation, { to: each }));
  await database.run('CREATE TABLE affected AS SELECT DISTINCT k FROM compared');
  await database.run('CREATE TABLE untouched (h UHUGEINT)');
  for (const both of shared) {
    await load(both.to, async (relation) => {
      await addRows(database, shape, relation, { ...both, onlyKeysOf: 'affected' });
      await database.run(
        `INSERT INTO untouched SELECT DISTINCT md5_number(k) FROM (${keyedRows(shape, relation)}) WHERE k NOT IN (SELECT k FROM affected)`,
      );
    });
  }
  const [count] = await database.rows<{ keys: bigint }>('SELECT count(DISTINCT h) AS keys FROM untouched');
  const changes = await compareByKey(database, shape);
  return { ...changes, rowsUnchanged: changes.rowsUnchanged + Number(count!.keys) };
}

/** Longest text of an example's value or key. */
const maxExampleCharacters = 200;

function diffOf(inputs: DiffInputs, { primaryKey }: RowShape, changes: RowChanges): DatasetDiff {
  const { from, to } = inputs;
  const sensitive = new Set(inputs.sensitiveColumns);
  const shown = (column: string, value: string | null) =>
    value !== null && sensitive.has(column) ? maskedValue : cut(value);
  return {
    from: from.datasetVersion,
    to: to.datasetVersion,
    ...(primaryKey === undefined
      ? { comparedBy: 'wholeRows' as const }
      : { comparedBy: 'primaryKey' as const, primaryKey }),
    rowsAdded: changes.rowsAdded,
    rowsRemoved: changes.rowsRemoved,
    rowsChanged: changes.rowsChanged,
    rowsUnchanged: changes.rowsUnchanged,
    ...columnChanges(from.columns, to.columns),
    changedValues: changes.changedValues,
    examples: changes.examples.map(({ change, key, values }) => ({
      change,
      key: (primaryKey === undefined ? '' : shown(primaryKey, key)) ?? '',
      values: Object.fromEntries(
        Object.entries(values).map(([column, value]) => [
          column,
          { from: shown(column, value.from), to: shown(column, value.to) },
        ]),
      ),
    })),
  };
}

const cut = (value: string | null): string | null =>
  value !== null && value.length > maxExampleCharacters ? `${value.slice(0, maxExampleCharacters)}…` : value;

/** Columns are the same by name, case counting. */
function columnChanges(before: readonly Column[], after: readonly Column[]) {
  const typeBefore = new Map(before.map(({ name, type }) => [name, type]));
  const typeAfter = new Map(after.map(({ name, type }) => [name, type]));
  return {
    columnsAdded: after.filter(({ name }) => !typeBefore.has(name)),
    columnsRemoved: before.filter(({ name }) => !typeAfter.has(name)),
    columnsRetyped: after.flatMap(({ name, type }) => {
      const other = typeBefore.get(name);
      return other === undefined || other === type ? [] : [{ name, from: other, to: type }];
    }),
  };
}
