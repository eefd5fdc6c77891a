import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { extname, join } from 'node:path';
import * as z from 'zod';
import { measureFile } from '#shared/aws/objects.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';

/** What a job is told besides its inputs. */
export const jobEnvironment = z.object({
  JOB_NAME: z.string().min(1),
  MEMORY_MB: z.coerce.number().int().min(1),
  /** Where SageMaker puts what is left in `output/results`. */
  RESULTS_URI: z.string().startsWith('s3://').endsWith('/'),
});
export type JobEnvironment = z.infer<typeof jobEnvironment>;

/** A plan, and where its work is done. */
export interface PlannedWork<Plan> {
  readonly plan: Plan;
  readonly jobName: string;
  /** Where an object is on disk. */
  readonly pathOf: (uri: string) => string;
  /** An empty folder. */
  readonly folder: string;
  readonly memoryMb: number;
  readonly threads: number;
  /** Leaves a file of the folder under its hash, which is where SageMaker puts it. */
  readonly keep: (path: string) => Promise<StoredObject>;
}

/**
 * Does what a Processing job was asked for, below the folder that a container has as `/opt/ml`: the plan is in `input/plan`, objects by
 * bucket and key in `input/objects`. Leaves results in `output/results` and what `work` answers in `output/outcome/outcome.json`.
 * Throws PlanMissing, InvalidPlan, and what the work throws.
 */
export async function runPlanOfJob<Schema extends z.ZodType>(
  folderOfOptMl: string,
  { JOB_NAME, MEMORY_MB, RESULTS_URI }: JobEnvironment,
  schema: Schema,
  work: (planned: PlannedWork<z.output<Schema>>) => Promise<unknown>,
): Promise<void> {
  const folders = await makeFolders(join(folderOfOptMl, 'processing'));
  const outcome = await work({
    plan: await readPlan(folders.plan, schema),
    jobName: JOB_NAME,
    pathOf: (uri) => {
      const { bucket, key } = parseS3Uri(uri);
      return join(folders.objects, bucket, key);
    },
    folder: folders.work,
    memoryMb: Math.min(MEMORY_MB, Math.floor(totalmem() / 1_000_000)),
    threads: availableParallelism(),
    keep: keepIn(folders.results, RESULTS_URI),
  });
  await writeFile(join(folders.outcome, 'outcome.json'), JSON.stringify(outcome));
}

async function makeFolders(processing: string) {
  const folders = {
    plan: join(processing, 'input', 'plan'),
    objects: join(processing, 'input', 'objects'),
    results: join(processing, 'output', 'results'),
    outcome: join(processing, 'output', 'outcome'),
    work: join(processing, 'work'),
  };
  await Promise.all(
    [folders.results, folders.outcome, folders.work].map((path) => mkdir(path, { recursive: true })),
  );
  return folders;
}

/** The one document in the folder. */
async function readPlan<Schema extends z.ZodType>(folder: string, schema: Schema): Promise<z.output<Schema>> {
  const [name] = existsSync(folder) ? await readdir(folder) : [];
  if (name === undefined)
    throw new AppError('invalid_input', 'PlanMissing', `There is no plan in ${folder}.`);
  const path = join(folder, name);
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new AppError('invalid_input', 'InvalidPlan', `The plan at ${path} is not JSON.`, {}, { cause });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error);
  throw new AppError('invalid_input', 'InvalidPlan', `The plan at ${path} is not valid: ${why}`);
}

const keepIn =
  (folder: string, resultsUri: string) =>
  async (path: string): Promise<StoredObject> => {
    const { sha256, bytes } = await measureFile(path);
    const name = `${sha256}${extname(path)}`;
    await rename(path, join(folder, name));
    return { uri: `${resultsUri}${name}`, sha256, bytes };
  };

/** What is wrong with the first object that is not what was recorded; undefined where all are. */
export async function findChanged(
  objects: readonly StoredObject[],
  pathOf: (uri: string) => string,
): Promise<string | undefined> {
  for (const { uri, sha256 } of objects) {
    const found = existsSync(pathOf(uri)) ? (await measureFile(pathOf(uri))).sha256 : undefined;
    if (found !== sha256)
      return `${uri} ${found ? `has SHA-256 ${found}` : 'is missing'}, recorded was ${sha256}`;
  }
  return undefined;
}

/**
 * Runs the program of a service in the stage's processing image (scripts/image/Dockerfile). SageMaker lays its container contract out below
 * `/opt/ml`; the laptop runtime starts the same bundle with a folder of its own in SM_LOCAL_ROOT.
 */
export async function runProgram(
  run: (folderOfOptMl: string, environment: JobEnvironment) => Promise<void>,
): Promise<void> {
  const root = process.env['SM_LOCAL_ROOT'] ?? '/opt/ml';
  // The first process of a container has no default handling of signals: without this a stop would wait until it is killed.
  process.once('SIGTERM', () => process.exit(143));
  try {
    await run(root, jobEnvironment.parse(process.env));
  } catch (error) {
    console.error(error);
    // Shown as the job's ExitMessage, of which SageMaker takes the first KB.
    writeFileSync(join(root, 'output', 'message'), error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
