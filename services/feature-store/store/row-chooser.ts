import { join } from 'node:path';
import { downloadAll, downloadTo, keepFile, measureFile } from '#shared/aws/objects.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { addServiceFeatures, assertNoLeak } from '../engine/add-service-features.ts';
import { chooseRows, describeChosen, trainingSetParts, writePart } from '../engine/choose-rows.ts';
import { sourceFilesOf } from '../engine/source-files.ts';
import type { ChooseRows, RowChooser, TrainingSetPart } from '../ports.ts';

/** Chooses rows with DuckDB on local disk and keeps the parts in the data bucket. */
export function createRowChooser(settings: { dataBucket: string; functionMemoryMb: number }): RowChooser {
  return {
    withChosenRows: (choice, run) =>
      withScratchFolder(async (folder) => {
        const { path } = await downloadTo(choice.validated, join(folder, 'validated.parquet'));
        const place = { folder, functionMemoryMb: settings.functionMemoryMb };
        return withDuckDb(place, async (database) => {
          await chooseRows(database, path, choice);
          if (choice.service) await complete(database, path, choice, folder);
          const described = await describeChosen(database, choice);
          const pathOf = (part: TrainingSetPart) => join(folder, `${part}.csv`);
          const keep = async (part: TrainingSetPart): Promise<StoredObject> => {
            const file = await measureFile(pathOf(part));
            const name = `${part}-${file.sha256.slice(0, 16)}.csv`;
            const key = `feature-store/${choice.project}/${choice.trainingSetId}/${name}`;
            return keepFile({ bucket: settings.dataBucket, key }, file, 'text/csv');
          };
          return run({
            ...described,
            keep: async (classes) => {
              for (const part of trainingSetParts)
                await writePart(database, part, choice, classes, pathOf(part));
              const [train, validation, testFeatures, testLabels, trainFeatures] = await Promise.all([
                keep('train'),
                keep('validation'),
                keep('testFeatures'),
                keep('testLabels'),
                keep('trainFeatures'),
              ]);
              return { train, validation, testFeatures, testLabels, trainFeatures };
            },
          });
        });
      }),
  };
}

/** Adds the features of the service that the project's model uses. */
async function complete(database: DuckDb, path: string, choice: ChooseRows, folder: string): Promise<void> {
  const { service } = choice;
  if (!service) return;
  await assertNoLeak(database, path, choice, service);
  const paths = await downloadAll(
    service.views.flatMap(({ found }) => found.objects.map(({ object }) => object)),
    folder,
  );
  const files = service.views.map(({ found }) => sourceFilesOf(found, (uri) => paths.get(uri)!));
  await addServiceFeatures(database, choice, service, files);
}
