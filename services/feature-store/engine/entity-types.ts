import { columnTypeOf, sqlType, typedValue } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { RetrievalPlan } from '../domain/retrieval-plan.ts';

type ColumnType = keyof typeof sqlType;

/** What every value of a text column must look like to be taken for one of a type: nothing is lost by it. */
const shapes: readonly (readonly [ColumnType, string])[] = [
  ['integer', '-?(0|[1-9][0-9]{0,17})'],
  ['number', '-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?'],
  ['boolean', '(?i)true|false'],
  [
    'timestamp',
    '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?',
  ],
];

/**
 * A SELECT item per column of the table `raw_entities`. Text is typed by all of a column's values; keys that are texts stay texts, for
 * `007` is not 7. What expressions ask of a request gets the type that these declare. Throws InvalidEntities (invalid_input).
 */
export async function typedColumns(
  database: DuckDb,
  { entityRows, service, views }: Pick<RetrievalPlan, 'entityRows' | 'service' | 'views'>,
): Promise<string[]> {
  const described = await database.rows<{ column_name: string; column_type: string }>(
    'DESCRIBE SELECT * FROM raw_entities',
  );
  const requested = new Map((service?.request ?? []).map(({ name, type }) => [name, type]));
  assertRequested([...requested.keys()], new Set(described.map(({ column_name }) => column_name)));
  const textKeys = new Set(
    views.flatMap(({ pinned }) =>
      pinned.joinKeys.filter(({ type }) => type === 'string').map(({ name }) => name),
    ),
  );
  const isText = entityRows.type === 'file';
  const texts = described
    .filter(({ column_type }) => column_type === 'VARCHAR')
    .map(({ column_name }) => column_name)
    .filter((name) => isText || name === entityRows.eventTimestamp)
    .filter((name) => !textKeys.has(name) && !requested.has(name));
  const inferred = await inferTypes(database, texts);
  const items: string[] = [];
  for (const { column_name: name, column_type: was } of described) {
    const wanted = requested.get(name) ?? inferred.get(name);
    if (wanted === undefined || textKeys.has(name)) items.push(quoteName(name));
    else {
      const value = valueAs(name, was, wanted);
      if (requested.has(name)) await assertFits(database, name, was, wanted, value);
      items.push(`${value} AS ${quoteName(name)}`);
    }
  }
  return items;
}

function valueAs(name: string, was: string, wanted: ColumnType): string {
  const column = quoteName(name);
  if (was === 'VARCHAR') return typedValue(column, wanted);
  return `TRY_CAST(${column} AS ${sqlType[wanted]})`;
}

function assertRequested(names: readonly string[], there: ReadonlySet<string>): void {
  const missing = names.find((name) => !there.has(name));
  if (missing !== undefined)
    throw invalid(
      `The entity rows have no column '${missing}', which expressions of the feature service ask of a request. They have ${[...there].slice(0, 20).join(', ')}. Add it.`,
    );
}

/** Types of the text columns whose values all look like one. */
async function inferTypes(
  database: DuckDb,
  names: readonly string[],
): Promise<ReadonlyMap<string, ColumnType>> {
  if (names.length === 0) return new Map();
  const counts = names.flatMap((name, place) => {
    const column = quoteName(name);
    return [
      `count(${column}) AS n${place}`,
      ...shapes.map(
        ([type, shape], kind) =>
          `count(*) FILTER (WHERE regexp_full_match(${column}, '${shape}') AND ${typedValue(column, type)} IS NOT NULL) AS n${place}_${kind}`,
      ),
    ];
  });
  const [row] = await database.rows<Record<string, bigint>>(`SELECT ${counts.join(', ')} FROM raw_entities`);
  const found = names.map((name, place) => {
    const all = row![`n${place}`]!;
    const kind = shapes.findIndex((_shape, index) => all > 0n && row![`n${place}_${index}`] === all);
    return [name, shapes[kind]?.[0]] as const;
  });
  return new Map(found.flatMap(([name, type]) => (type === undefined ? [] : [[name, type]])));
}

/** The first row whose value is none of the type that is asked for. */
async function assertFits(
  database: DuckDb,
  name: string,
  was: string,
  wanted: ColumnType,
  value: string,
): Promise<void> {
  const loses = wanted === 'integer' && columnTypeOf(was) === 'number';
  const wrong = `${value} IS NULL${loses ? ` OR ${quoteName(name)} <> ${value}` : ''}`;
  const [first] = await database.rows<{ row: bigint; value: string }>(
    `SELECT "row", value FROM (SELECT row_number() OVER () AS "row", CAST(${quoteName(name)} AS VARCHAR) AS value, ${quoteName(name)} IS NOT NULL AND (${wrong}) AS wrong FROM raw_entities) WHERE wrong ORDER BY "row" LIMIT 1`,
  );
  if (first)
    throw invalid(
      `Entity row ${first.row} has '${name}' = '${first.value.slice(0, 60)}'; expressions of the feature service expect a value of the type ${wanted}.`,
    );
}

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidEntities', message);
