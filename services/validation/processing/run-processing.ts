import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { AppError } from '#shared/kernel/errors.ts';

/** What a job is asked: `processing/input/request/request.json`. */
const requestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Files below `processing/input`, as they were when the job was asked for. */
  inputs: z
    .array(
      z.strictObject({
        path: z
          .string()
          .refine(
            (path) => !path.startsWith('/') && !path.split('/').includes('..'),
            'must be a path below the input folder',
          ),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1),
});

/** Enough for a question without data. */
const engineMemoryMb = 256;

/**
 * Does what a processing job asks for, below the folder that a container has as `/opt/ml`, and writes `processing/output/outcome.json`.
 * Throws for a request that is not one, and DataChanged for a file that is missing or not what the request says.
 */
export async function runProcessing(folderOfOptMl: string): Promise<void> {
  const input = join(folderOfOptMl, 'processing', 'input');
  const output = join(folderOfOptMl, 'processing', 'output');
  const { inputs } = await readRequest(join(input, 'request', 'request.json'));
  for (const expected of inputs) {
    const found = await measure(join(input, expected.path));
    if (found?.bytes === expected.bytes && found.sha256 === expected.sha256) continue;
    throw new AppError(
      'conflict',
      'DataChanged',
      `${expected.path} has ${found ? `${found.bytes} bytes with the SHA-256 ${found.sha256}` : 'no content: it is missing'}, and the request says ${expected.bytes} bytes with ${expected.sha256}. Ask again with what is there now.`,
    );
  }
  const outcome = { schemaVersion: 1, engine: `DuckDB ${await engineVersion(output)}`, inputs };
  await writeFile(join(output, 'outcome.json'), JSON.stringify(outcome));
  console.log(`${inputs.length} files are as the request says`);
}

async function readRequest(path: string): Promise<z.infer<typeof requestSchema>> {
  if (!existsSync(path))
    throw new AppError('invalid_input', 'RequestMissing', `There is no request at ${path}.`);
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      'InvalidRequest',
      `The request at ${path} is not JSON.`,
      {},
      { cause },
    );
  }
  const parsed = requestSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'invalid_input',
    'InvalidRequest',
    `The request at ${path} is not valid: ${z.prettifyError(parsed.error)}`,
  );
}

async function measure(path: string): Promise<{ bytes: number; sha256: string } | undefined> {
  if (!existsSync(path)) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}

async function engineVersion(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const place = { folder, functionMemoryMb: engineMemoryMb };
  const rows = await withDuckDb(place, (database) =>
    database.rows<{ version: string }>('SELECT version() AS version'),
  );
  return rows[0]?.version ?? 'unknown';
}
