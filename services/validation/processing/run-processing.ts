import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { extname, join } from 'node:path';
import * as z from 'zod';
import { measureFile } from '#shared/aws/objects.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import { type CheckPlan, checkPlan, type StoredOutcome } from '../domain/check-plan.ts';
import { objectsOf } from '../domain/plan-objects.ts';
import { type KeepResult, runPlan } from '../engine/run-plan.ts';

/** What a job is told besides its inputs. */
export const jobEnvironment = z.object({
  JOB_NAME: z.string().min(1),
  MEMORY_MB: z.coerce.number().int().min(1),
  /** Where SageMaker puts what is left in `output/results`. */
  RESULTS_URI: z.string().startsWith('s3://').endsWith('/'),
});

/**
 * Does the check that a Processing job was asked for, below the folder that a container has as `/opt/ml`: the plan is in
 * `input/plan`, objects by their keys in `input/objects`. Leaves results under their hashes in `output/results` and what it found in
 * `output/outcome/outcome.json`. Throws for a plan that is none, and where memory or disk did not do.
 */
export async function runProcessing(
  folderOfOptMl: string,
  { JOB_NAME, MEMORY_MB, RESULTS_URI }: z.infer<typeof jobEnvironment>,
): Promise<void> {
  const startedMs = performance.now();
  const folders = await makeFolders(join(folderOfOptMl, 'processing'));
  const plan = await readPlan(folders.plan);
  const pathOf = (uri: string): string => join(folders.objects, parseS3Uri(uri).key);
  const memoryMb = Math.min(MEMORY_MB, Math.floor(totalmem() / 1_000_000));
  const place = { pathOf, folder: folders.work, memoryMb, threads: availableParallelism() };
  const changed = await findChanged(plan, pathOf);
  const result = changed ?? (await runPlan(plan, place, keepIn(folders.results, RESULTS_URI)));
  const seconds = Math.round(performance.now() - startedMs) / 1000;
  const outcome: StoredOutcome = {
    result,
    engine: { kind: 'processing_job', name: JOB_NAME, memoryMb, seconds },
  };
  await writeFile(join(folders.outcome, 'outcome.json'), JSON.stringify(outcome));
  console.log(
    `version ${plan.check.datasetVersion} of ${plan.check.project}: ${result.kind} in ${seconds} s`,
  );
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
async function readPlan(folder: string): Promise<CheckPlan> {
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
  const parsed = checkPlan.safeParse(document);
  if (parsed.success) return parsed.data;
  const why = z.prettifyError(parsed.error);
  throw new AppError('invalid_input', 'InvalidPlan', `The plan at ${path} is not valid: ${why}`);
}

/** An object that is not what the manifest says makes the version unreadable, as in a function. */
async function findChanged(
  plan: CheckPlan,
  pathOf: (uri: string) => string,
): Promise<StoredOutcome['result'] | undefined> {
  for (const { uri, sha256 } of objectsOf(plan)) {
    const found = existsSync(pathOf(uri)) ? (await measureFile(pathOf(uri))).sha256 : undefined;
    if (found === sha256) continue;
    const observed = `${uri} ${found ? `has SHA-256 ${found}` : 'is missing'}, recorded was ${sha256}`;
    return { kind: 'unreadable', observed, expected: 'objects as they were stored' };
  }
  return undefined;
}

/** Results lie under their hashes, which is where SageMaker puts them. */
const keepIn =
  (folder: string, resultsUri: string): KeepResult =>
  async (path) => {
    const { sha256, bytes } = await measureFile(path);
    const name = `${sha256}${extname(path)}`;
    await rename(path, join(folder, name));
    return { uri: `${resultsUri}${name}`, sha256, bytes };
  };
