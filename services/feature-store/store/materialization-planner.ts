import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAll, downloadTo, keepFile, measureFile } from '#shared/aws/objects.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { microsecondsText } from '#shared/kernel/microseconds.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { firstNeeded } from '../domain/first-needed.ts';
import { orderOf } from '../domain/rank.ts';
import { type ChangedEntities, partName, writeChanges } from '../engine/changed-entities.ts';
import { nextVisible } from '../engine/next-visible.ts';
import { sourceFilesOf } from '../engine/source-files.ts';
import type { SourceFile } from '../engine/source-rows.ts';
import { findWanted } from '../engine/wanted-entities.ts';
import type {
  MaterializationPlan,
  MaterializationPlanner,
  PlanRows,
  ViewFiles,
  ViewObjects,
} from '../ports.ts';
import { folderOf } from './materialization-files.ts';

type SourceObjects = Omit<ViewObjects, 'sourceSha256'>;

/** What a function can read, sort and compare in a quarter of an hour and on its disk. */
const maxSourceBytes = 2_000_000_000;

/** Compares rows with DuckDB on local disk and keeps the difference in the data bucket. */
export function createMaterializationPlanner(settings: {
  readonly dataBucket: string;
  readonly functionMemoryMb: number;
  readonly viewFiles: Pick<ViewFiles, 'list'>;
  readonly ids: IdGenerator;
}): MaterializationPlanner {
  return {
    plan: async (input) => {
      const source = await sourceOf(settings.viewFiles, input);
      assertReadable(input.view, source.objects);
      return withScratchFolder(async (folder) => {
        const files = await download(source, folder);
        const out = join(folder, 'out');
        await mkdir(out);
        const place = { folder, functionMemoryMb: settings.functionMemoryMb };
        const found = await withDuckDb(place, (database) =>
          findChanges(database, { ...input, files, folder, out }),
        );
        // A folder of its own: what a planner that was given up for dead still writes is not mixed with this.
        const key = `${folderOf(input.run)}${settings.ids.next()}/`;
        const kept = await keepAll(settings.dataBucket, key, out, found.changed.parts);
        return planOf(`s3://${settings.dataBucket}/${key}`, source, found, kept);
      });
    },
  };
}

interface Found {
  readonly changed: ChangedEntities;
  readonly nextVisibleAt: string | undefined;
}

function planOf(
  folder: string,
  { dataset, datasetVersion }: SourceObjects,
  { changed, nextVisibleAt }: Found,
  kept: Pick<MaterializationPlan, 'state' | 'uncertain'>,
): MaterializationPlan {
  const { parts, rows, entities, newestRank } = changed;
  return {
    folder,
    parts,
    rows,
    entities,
    ...kept,
    ...(newestRank === undefined ? {} : { newestEventAt: microsecondsText(orderOf(newestRank).eventAt) }),
    ...(nextVisibleAt === undefined ? {} : { nextVisibleAt }),
    ...(dataset === undefined ? {} : { dataset }),
    ...(datasetVersion === undefined ? {} : { datasetVersion }),
  };
}

/** Throws ViewTooLarge (precondition_failed). */
export function assertReadable(view: FeatureViewVersion, objects: SourceObjects['objects']): void {
  const bytes = objects.reduce((sum, { object }) => sum + object.bytes, 0);
  if (bytes <= maxSourceBytes) return;
  throw new AppError(
    'precondition_failed',
    'ViewTooLarge',
    `The rows of view '${view.view}' of '${view.project}' take ${bytes} bytes; ${maxSourceBytes} can be compared at once. Keep fewer rows in the dataset (data.uploads: replace, or a retention), or split the view's columns off into a dataset of their own.`,
  );
}

/** The objects of the view's rows. After an erasure there may be no validated version left: then nothing is to be online. */
async function sourceOf(viewFiles: Pick<ViewFiles, 'list'>, { view, run }: PlanRows): Promise<SourceObjects> {
  try {
    return await viewFiles.list(view, run.asOf, firstNeeded(view, run.asOf));
  } catch (error) {
    const isGone = error instanceof AppError && error.code === 'DatasetNotTrainable';
    if (!isGone || run.occasion !== 'erasure') throw error;
    return { objects: [], ...(view.source.type === 'dataset' ? { dataset: view.source.dataset } : {}) };
  }
}

async function download(source: SourceObjects, folder: string): Promise<SourceFile[]> {
  const paths = await downloadAll(
    source.objects.map(({ object }) => object),
    folder,
  );
  return sourceFilesOf(source, (uri) => paths.get(uri)!);
}

async function findChanges(
  database: DuckDb,
  input: PlanRows & { readonly files: readonly SourceFile[]; readonly folder: string; readonly out: string },
): Promise<Found> {
  const { view, run, files, folder, out, held, uncertain } = input;
  const { asOf } = run;
  await findWanted(database, { view, files, asOf, folder });
  const nextVisibleAt = await nextVisible(database, { view, files, asOf });
  const before = async (object: StoredObject | undefined, name: string) =>
    object && (await downloadTo(object, join(folder, name))).path;
  const heldPath = await before(held, 'held.parquet');
  const uncertainPath = await before(uncertain, 'uncertain.parquet');
  const changed = await writeChanges(database, {
    folder: out,
    full: run.mode === 'full',
    ...(heldPath === undefined ? {} : { held: heldPath }),
    ...(uncertainPath === undefined ? {} : { uncertain: uncertainPath }),
  });
  return { changed, nextVisibleAt };
}

async function keepAll(
  bucket: string,
  folderKey: string,
  folder: string,
  parts: number,
): Promise<Pick<MaterializationPlan, 'state' | 'uncertain'>> {
  const keep = async (name: string, contentType: string): Promise<StoredObject> =>
    keepFile({ bucket, key: `${folderKey}${name}` }, await measureFile(join(folder, name)), contentType);
  for (let part = 0; part < parts; part++) await keep(partName(part), 'application/x-ndjson');
  const parquet = 'application/vnd.apache.parquet';
  const [state, uncertain] = await Promise.all([
    keep('state.parquet', parquet),
    keep('uncertain.parquet', parquet),
  ]);
  return { state, uncertain };
}
