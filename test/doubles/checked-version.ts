import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataContract } from '#services/projects/contract.ts';
import { checkVersion } from '#services/validation/engine/check-version.ts';
import type { CheckPlace, VersionCheck, VersionOutcome } from '#services/validation/engine/version-check.ts';
import type { FileReading } from '#shared/data-files/reading.ts';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';

type Row = Record<string, unknown>;

/** An object of a version that a test makes. */
export interface GivenObject {
  readonly content: string | Uint8Array;
  readonly reading?: FileReading;
  readonly availableAt?: string;
  readonly partition?: Record<string, string>;
}

export interface CheckedVersion extends VersionOutcome {
  /** `range:age` → rows, of the row checks that fail. */
  readonly failed: Record<string, number>;
  readonly validated: Row[];
  readonly quarantined: Row[];
}

export const utf8Csv: FileReading = { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' };

/** A contract of a key `id` and the columns and rules given; nothing fails for the number of rows. */
export const contractOf = (contract: Record<string, unknown>) => {
  const { columns, checks, ...others } = contract as { columns?: object; checks?: object };
  return dataContract.parse({
    primaryKey: 'id',
    columns: { id: { type: 'string' }, ...columns },
    checks: { minRows: 1, maxQuarantinedShare: 1, ...checks },
    ...others,
  });
};

/** Checks objects that a test made: the outcome, and the rows of the files that the check left. */
export function checkObjects(
  contract: VersionCheck['contract'],
  given: readonly (string | GivenObject)[],
  changed: Partial<VersionCheck> & { readonly columns: string[] },
  /** `files`: content by the uris that `changed` names. */
  {
    files = {},
    memoryMb = 512,
  }: { readonly files?: Readonly<Record<string, Uint8Array>>; readonly memoryMb?: number } = {},
): Promise<CheckedVersion> {
  return withScratchFolder(async (root) => {
    const [inputs, folder] = [join(root, 'in'), join(root, 'out')];
    await Promise.all([mkdir(inputs), mkdir(folder)]);
    const objects = await Promise.all(
      given.map(async (one, index) => {
        const { content, ...object } = typeof one === 'string' ? { content: one } : one;
        await writeFile(join(inputs, String(index)), content);
        return {
          uri: `s3://data/${index}`,
          sha256: createHash('sha256').update(`${index}`).digest('hex'),
          bytes: content.length,
          rows: 0,
          availableAt: `2026-01-0${index + 1}T00:00:00.000Z`,
          reading: utf8Csv,
          path: `${index}.csv`,
          ...object,
        };
      }),
    );
    for (const [uri, content] of Object.entries(files)) await writeFile(join(inputs, nameOf(uri)), content);
    const place: CheckPlace = {
      pathOf: (uri) => join(inputs, nameOf(uri)),
      folder,
      memoryMb,
      threads: 2,
    };
    const check: VersionCheck = {
      project: 'wine',
      datasetVersion: 1,
      contract,
      objects,
      lookups: {},
      comparisons: {},
      released: [],
      ...changed,
    };
    return readResults(await checkVersion(check, place), folder);
  });
}

const nameOf = (uri: string): string => uri.slice('s3://data/'.length);

/** Content of a Parquet file with the rows of a query. */
export function parquetOf(query: string): Promise<Uint8Array> {
  return withScratchFolder(async (folder) => {
    const path = join(folder, 'rows.parquet');
    await withDuckDb({ folder, functionMemoryMb: 256 }, (database) =>
      database.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`),
    );
    return readFile(path);
  });
}

async function readResults(outcome: VersionOutcome, folder: string): Promise<CheckedVersion> {
  return withDuckDb({ folder, functionMemoryMb: 256 }, async (database) => {
    const rowsOf = async (name: string, sql: string) => {
      const [found] = await database.rows<{ files: bigint }>(
        `SELECT count(*) AS files FROM glob('${join(folder, name)}')`,
      );
      return found!.files === 0n ? [] : database.rows<Row>(`${sql} FROM '${join(folder, name)}'`);
    };
    const lists =
      "* REPLACE (array_to_string(_reasons, '|') AS _reasons, array_to_string(_checks, '|') AS _checks)";
    const failed = outcome.checks.flatMap(({ check, column, columns, name, failingRows }) =>
      failingRows > 0 && check !== 'quarantined_share'
        ? [
            [
              `${check}:${check === 'expression' ? name : (column ?? columns?.join('+'))}`,
              failingRows,
            ] as const,
          ]
        : [],
    );
    return {
      ...outcome,
      failed: Object.fromEntries(failed),
      validated: await rowsOf('validated.parquet', 'SELECT *'),
      quarantined: await rowsOf('quarantine.parquet', `SELECT ${lists}`),
    };
  });
}
