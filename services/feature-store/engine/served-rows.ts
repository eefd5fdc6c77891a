import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import { microsecondsText } from '#shared/kernel/microseconds.ts';
import type { FeatureServiceVersion, FeatureStatus, FeatureValue } from '../contract.ts';
import type { ComparedInference } from '../domain/skew.ts';
import type { Period, ServedInferences } from '../ports.ts';
import { addOnDemandColumns } from './on-demand-columns.ts';
import { eventAtColumn, retrieveFeatures, statusColumn } from './retrieve-features.ts';
import type { AskedView } from './row-answers.ts';

/** Makes the table `served`: the predictions of a period that features were read for by entity key, each once. */
export async function readServed(
  database: DuckDb,
  paths: readonly string[],
  { from, to }: Period,
): Promise<ServedInferences[]> {
  if (paths.length === 0) return [];
  const files = paths.map(quoteText).join(', ');
  await database.run(
    `CREATE TABLE served AS
     SELECT "inferenceId" AS inference_id, "at", features, served, served ->> '$.service' AS service, CAST(served ->> '$.version' AS INTEGER) AS version
     FROM read_json([${files}], format = 'newline_delimited', columns = {inferenceId: 'VARCHAR', "at": 'VARCHAR', features: 'JSON', served: 'JSON'})
     WHERE served IS NOT NULL AND "at" >= $1 AND "at" < $2
     QUALIFY row_number() OVER (PARTITION BY "inferenceId") = 1`,
    [from, to],
  );
  const services = await database.rows<{ service: string; version: number; inferences: bigint }>(
    'SELECT service, version, count(*) AS inferences FROM served GROUP BY ALL ORDER BY service, version',
  );
  return services.map(({ service, version, inferences }) => ({
    service,
    version,
    inferences: Number(inferences),
  }));
}

/** Rows that are in memory at once. */
const rowsAtOnce = 2000;

interface ServedRow {
  readonly __inference: string;
  readonly __at: string;
  readonly __features: string;
  readonly __served: string;
}

interface Served {
  readonly joinKeys: Readonly<Record<string, string | number>>;
  readonly views: readonly {
    readonly view: string;
    readonly status: FeatureStatus;
    readonly eventAt?: string;
  }[];
  readonly given?: readonly string[];
}

/**
 * What was served of a service version, and what its views answer now for the same entities at the same time, by what the platform knew
 * then. A sample is the same whenever it is taken: ids are ordered by their hash.
 */
export async function* compareServed(
  database: DuckDb,
  service: FeatureServiceVersion,
  views: readonly AskedView[],
  most: number,
): AsyncGenerator<ComparedInference> {
  const joinKeys = [...new Set(service.views.flatMap((view) => view.joinKeys.map(({ name }) => name)))];
  const asked = new Set(joinKeys);
  const member = (object: string, path: string, name: string) =>
    `${object} ->> ${quoteText(`$${path}.${JSON.stringify(name)}`)}`;
  const columns = [
    ...joinKeys.map((name) => `${member('served', '.joinKeys', name)} AS ${quoteName(name)}`),
    ...service.request
      .filter(({ name }) => !asked.has(name))
      .map(
        ({ name }) =>
          `coalesce(${member('served', '.request', name)}, ${member('features', '', name)}) AS ${quoteName(name)}`,
      ),
  ];
  await database.run(
    `CREATE OR REPLACE TABLE asked_rows AS
     SELECT ${['inference_id AS __inference', '"at" AS __served_at', 'features AS __features', 'served AS __served', ...columns].join(', ')}
     FROM served WHERE service = $1 AND version = $2 ORDER BY sha256(inference_id) LIMIT ${most}`,
    [service.service, service.version],
  );
  await database.run('DROP TABLE IF EXISTS recomputed');
  await retrieveFeatures(database, {
    entityRows: { relation: 'asked_rows', eventTimestamp: '__served_at', knownAt: 'row' },
    views,
    asOf: '9999-12-31T00:00:00Z',
    into: 'recomputed',
  });
  await addOnDemandColumns(database, 'recomputed', service);
  const outputs = service.outputs.map(({ name, type }, place) => {
    const value = type === 'timestamp' ? `epoch_us(${quoteName(name)})` : quoteName(name);
    return `${value} AS o${place}`;
  });
  const states = service.views.flatMap(({ view }, place) => [
    `${quoteName(statusColumn(view))} AS s${place}`,
    `epoch_us(${quoteName(eventAtColumn(view))}) AS e${place}`,
  ]);
  for (let first = 0; ; first += rowsAtOnce) {
    const rows = await database.rows<ServedRow & Record<string, unknown>>(
      `SELECT ${['__inference', '__served_at AS __at', 'CAST(__features AS VARCHAR) AS __features', 'CAST(__served AS VARCHAR) AS __served', ...outputs, ...states].join(', ')}
       FROM recomputed WHERE "row" >= ${first} AND "row" < ${first + rowsAtOnce} ORDER BY "row"`,
    );
    for (const row of rows) yield inferenceOf(row, service);
    if (rows.length < rowsAtOnce) return;
  }
}

function inferenceOf(
  row: ServedRow & Record<string, unknown>,
  { outputs, views }: FeatureServiceVersion,
): ComparedInference {
  const served = JSON.parse(row.__served) as Served;
  return {
    inferenceId: row.__inference,
    at: row.__at,
    joinKeys: served.joinKeys,
    served: JSON.parse(row.__features) as Record<string, FeatureValue>,
    given: served.given ?? [],
    servedViews: Object.fromEntries(served.views.map(({ view, ...answer }) => [view, answer])),
    offline: Object.fromEntries(
      outputs.map(({ name, type }, place) => [name, featureValue(row[`o${place}`], type)]),
    ),
    offlineViews: Object.fromEntries(
      views.map(({ view }, place) => {
        const eventAt = row[`e${place}`] as bigint | null;
        return [
          view,
          {
            status: row[`s${place}`] as FeatureStatus,
            ...(eventAt === null ? {} : { eventAt: microsecondsText(Number(eventAt)) }),
          },
        ];
      }),
    ),
  };
}

function featureValue(value: unknown, type: FeatureServiceVersion['outputs'][number]['type']): FeatureValue {
  if (value === null || value === undefined) return null;
  if (type === 'timestamp') return microsecondsText(Number(value));
  return typeof value === 'bigint' ? Number(value) : (value as FeatureValue);
}
