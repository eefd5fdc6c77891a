import { join } from 'node:path';
import { measureFile } from '#shared/aws/objects.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { columnTypeOf } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { namedOutOfRoom } from '#shared/duckdb/out-of-room.ts';
import { parquetFormat } from '#shared/duckdb/parquet-format.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { RetrievedTrainingSet } from '../contract.ts';
import type { RetrievalOutcome, RetrievalPlan } from '../domain/retrieval-plan.ts';
import { createEntityTable, entityPaths } from './entity-table.ts';
import { noteOnMissing } from './known-later.ts';
import { addOnDemandColumns } from './on-demand-columns.ts';
import { type RetrievedCounts, retrieveFeatures } from './retrieve-features.ts';
import { sourceFilesOf } from './source-files.ts';

/** Where a retrieval is done. */
export interface RetrievalPlace {
  /** Where an object is on disk. */
  readonly pathOf: (uri: string) => string;
  /** An empty folder. */
  readonly folder: string;
  readonly memoryMb: number;
  /** Keeps a file of the folder where results stay. */
  readonly keep: (path: string) => Promise<StoredObject>;
}

/** Counts up when the same plan would be answered with other bytes. */
const recipeVersion = 1;
const into = 'retrieved';
const entityTimes = 'entity_times';

/**
 * Does what a plan says on local disk and keeps the training set: the same bytes for the same plan, in a function and in a Processing job.
 * What cannot be answered is an outcome too; OutOfRoom (unavailable) asks for more memory or disk.
 */
export async function runRetrievalPlan(
  plan: RetrievalPlan,
  place: RetrievalPlace,
): Promise<RetrievalOutcome> {
  try {
    return { kind: 'retrieved', trainingSet: await retrieve(plan, place) };
  } catch (error) {
    const isRefusal = error instanceof AppError && error.kind === 'invalid_input';
    if (!isRefusal) throw namedOutOfRoom(error);
    return { kind: 'refused', failure: error.message };
  }
}

async function retrieve(plan: RetrievalPlan, place: RetrievalPlace): Promise<RetrievedTrainingSet> {
  const { entityRows, views, asOf } = plan;
  const files = views.map(({ found }) => sourceFilesOf(found, place.pathOf));
  const readable = [
    ...entityPaths(entityRows, place.pathOf),
    ...files.flatMap((some) => some.map(({ path }) => path)),
  ];
  // One thread: sums of fractions depend on the order of rows, and the same request has to give the same bytes.
  const settings = { folder: place.folder, functionMemoryMb: place.memoryMb, readable };
  return withDuckDb(settings, async (database) => {
    await createEntityTable(database, plan, place);
    const counts = await retrieveFeatures(database, {
      entityRows: { relation: 'entities', eventTimestamp: entityRows.eventTimestamp },
      views: views.map(({ pinned, definition }, index) => ({ pinned, definition, files: files[index]! })),
      asOf,
      into,
    });
    if (plan.service) await addOnDemandColumns(database, into, plan.service);
    const notes = await notesOf(database, plan, files, counts);
    const path = join(place.folder, `training-set.${plan.format}`);
    const columns = await writeTrainingSet(database, plan, path);
    const data = await place.keep(path);
    const inputs = await inputsOf(plan, place);
    return {
      trainingSetId: `hf-${digestOf({ recipeVersion, inputs, data: data.sha256 }).slice(0, 32)}`,
      contentSha256: data.sha256,
      data,
      ...(await countRows(database, plan, counts)),
      columns,
      notes,
      inputs,
    };
  });
}

async function notesOf(
  database: DuckDb,
  { views, entityRows, asOf }: RetrievalPlan,
  files: readonly Parameters<typeof noteOnMissing>[2][],
  counts: readonly RetrievedCounts[],
): Promise<string[]> {
  if (counts.every(({ notFound }) => notFound === 0)) return [];
  await database.run(
    `CREATE TABLE ${entityTimes} AS SELECT "row", CAST(${quoteName(entityRows.eventTimestamp)} AS TIMESTAMPTZ) AS asked_at FROM ${quoteName(into)}`,
  );
  const notes: string[] = [];
  for (const [index, view] of views.entries()) {
    const note = await noteOnMissing(database, view, files[index]!, { asOf, into, entities: entityTimes });
    if (note !== undefined) notes.push(note);
  }
  return notes;
}

/** Columns of the entity rows, then the features, in their order; rows in the order of the entity rows. */
async function writeTrainingSet(
  database: DuckDb,
  { outputs, format }: RetrievalPlan,
  path: string,
): Promise<RetrievedTrainingSet['columns']> {
  const entities = await database.rows<{ column_name: string }>('DESCRIBE entities');
  const names = [...entities.map(({ column_name }) => column_name), ...outputs.map(({ name }) => name)];
  const select = `SELECT ${names.map(quoteName).join(', ')} FROM ${quoteName(into)}`;
  const described = await database.rows<{ column_name: string; column_type: string }>(`DESCRIBE ${select}`);
  const columns = described.map((column) => ({
    name: column.column_name,
    type: columnTypeOf(column.column_type),
  }));
  const written =
    format === 'csv' ? `SELECT ${columns.map(csvField).join(', ')} FROM ${quoteName(into)}` : select;
  await database.run(`COPY (${written} ORDER BY "row") TO ${quoteText(path)} (${copyOptions[format]})`);
  return columns;
}

const copyOptions = { parquet: parquetFormat, csv: "FORMAT csv, HEADER, NULLSTR ''" } as const;

/** A value as CSV has it: times as ISO 8601 with microseconds. */
const csvField = ({ name, type }: RetrievedTrainingSet['columns'][number]): string =>
  type === 'timestamp'
    ? `strftime(CAST(${quoteName(name)} AS TIMESTAMPTZ), '%Y-%m-%dT%H:%M:%S.%fZ') AS ${quoteName(name)}`
    : quoteName(name);

/** Counts of what is answered, in order: views count their own, and what is computed is always there. */
async function countRows(
  database: DuckDb,
  { outputs }: RetrievalPlan,
  counts: readonly RetrievedCounts[],
): Promise<Pick<RetrievedTrainingSet, 'rows' | 'counts'>> {
  const known = new Map(counts.map((one) => [one.feature, one]));
  const computed = outputs.filter(({ name }) => !known.has(name));
  const nulls = computed.map(({ name }, place) => `, count_if(${quoteName(name)} IS NULL) AS nulls${place}`);
  const [row] = await database.rows<Record<string, bigint>>(
    `SELECT count(*) AS "rows"${nulls.join('')} FROM ${quoteName(into)}`,
  );
  const rows = Number(row!['rows']);
  computed.forEach(({ name }, place) => {
    const missing = Number(row![`nulls${place}`]);
    known.set(name, { feature: name, present: rows, nulls: missing, expired: 0, notFound: 0 });
  });
  return { rows, counts: outputs.map(({ name }) => known.get(name)!) };
}

async function inputsOf(
  { entityRows, service, views, asOf }: RetrievalPlan,
  { pathOf }: RetrievalPlace,
): Promise<RetrievedTrainingSet['inputs']> {
  return {
    entityRows: {
      type: entityRows.type,
      ...(entityRows.type === 'rows'
        ? { sha256: digestOf(entityRows.rows) }
        : entityRows.type === 'file'
          ? { sha256: (await measureFile(pathOf(entityRows.uri))).sha256 }
          : {
              sha256: entityRows.validated.sha256,
              dataset: entityRows.dataset,
              datasetVersion: entityRows.datasetVersion,
            }),
    },
    ...(service ? { featureService: { service: service.service, version: service.version } } : {}),
    views: views.map(({ pinned: { view, version }, found: { objects: _objects, ...found } }) => ({
      view,
      version,
      ...found,
    })),
    asOf,
  };
}
