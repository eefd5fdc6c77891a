import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ChooseRows, ServiceFeatures } from '../ports.ts';
import { addOnDemandColumns } from './on-demand-columns.ts';
import { retrieveFeatures } from './retrieve-features.ts';
import { type SourceExpressions, type SourceFile, sourceParts } from './source-rows.ts';

/** The files that hold the rows of each view, in the order of the service's views. */
export type FilesOfViews = readonly (readonly SourceFile[])[];

/**
 * Adds the outputs of a feature service to the table `chosen`, after the features that it has: for each row, what was known of its entities
 * at its own time and by `asOf`.
 */
export async function addServiceFeatures(
  database: DuckDb,
  { columns, asOf }: Pick<ChooseRows, 'columns' | 'asOf'>,
  { version, views, columns: { asked, outputs } }: ServiceFeatures,
  files: FilesOfViews,
): Promise<void> {
  const names = asked.map((name, index) => `a${index} AS ${quoteName(name)}`);
  await database.run(
    `CREATE TABLE entities AS SELECT ${[`happened_at AS ${quoteName(atColumn)}`, ...names].join(', ')} FROM chosen ORDER BY place, key`,
  );
  await retrieveFeatures(database, {
    entityRows: { relation: 'entities', eventTimestamp: atColumn },
    views: version.views.map((pinned, index) => ({
      pinned,
      definition: views[index]!.definition,
      files: files[index]!,
    })),
    asOf,
    into: 'answered',
  });
  await addOnDemandColumns(database, 'answered', version);
  const added = outputs.map(({ name, type }, index) => {
    const value = `answered.${quoteName(name)}`;
    const cell = type === 'boolean' ? `CAST(${value} AS INTEGER)` : value;
    return `${cell} AS f${columns.features.length + index}`;
  });
  const kept = columns.features.map((_feature, index) => `rows.f${index}`);
  await database.run(
    `CREATE TABLE complete AS
     SELECT ${['rows.part', 'rows.place', 'rows.key', 'rows.label', ...kept, ...added].join(', ')}
     FROM (SELECT *, row_number() OVER (ORDER BY place, key) - 1 AS number FROM chosen) rows
     JOIN answered ON answered."row" = rows.number`,
  );
  for (const table of ['chosen', 'entities', 'answered']) await database.run(`DROP TABLE ${table}`);
  await database.run('ALTER TABLE complete RENAME TO chosen');
}

/** No column of a project has this name: those of views begin like it, and end otherwise. */
const atColumn = '__time';

/**
 * Refuses views that show a row's own outcome at the row's own time: they are made of the target of the project's own rows, and their source
 * says that it was known when the row happened, or before. Throws LabelLeakage (invalid_input).
 */
export async function assertNoLeak(
  database: DuckDb,
  path: string,
  { project, columns, asOf }: Pick<ChooseRows, 'project' | 'columns' | 'asOf'>,
  { views, columns: { eventTime } }: ServiceFeatures,
): Promise<void> {
  for (const { pinned, definition } of views) {
    const { source, features, aggregations } = definition;
    if (source.type !== 'dataset' || source.dataset !== project) continue;
    const used = new Set(pinned.features.map(({ name }) => name));
    const leaking = [...features, ...aggregations].find(
      ({ name, column }) => used.has(name) && column === columns.target.name,
    );
    if (!leaking) continue;
    const [{ eventAt, availableAt }] = sourceParts(definition, [{ path, format: 'parquet' }]) as readonly [
      SourceExpressions,
    ];
    const at = quoteName(eventTime);
    const [{ rows } = { rows: 0n }] = await database.rows<{ rows: bigint }>(
      `SELECT count(*) AS "rows" FROM read_parquet(${quoteText(path)})
       WHERE greatest(${eventAt}, ${availableAt}) <= ${at} AND ${at} <= $1::TIMESTAMPTZ AND ${quoteName(columns.target.name)} IS NOT NULL`,
      [asOf],
    );
    if (rows === 0n) continue;
    throw new AppError(
      'invalid_input',
      'LabelLeakage',
      `Feature '${leaking.name}' of view '${pinned.view}' is made of the target '${columns.target.name}', and the source '${source.name}' says of ${rows} rows that it was known when they happened (${eventTime}): a model would be shown the answer. Say in the source when the outcome became known (availabilityTimestamp, availabilityDelay), or leave the feature out.`,
    );
  }
}
