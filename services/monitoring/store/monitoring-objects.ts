import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type * as z from 'zod';
import { capturedPrediction, groundTruthLabel } from '#services/predictions/contract.ts';
import { downloadTo, getText, putObject } from '#shared/aws/objects.ts';
import { parseOrThrow } from '#shared/contracts/call.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { MonitoringObjects, WindowRef } from '../ports.ts';

/** Keeps everything below `monitoring/<project>/v<version>/` of the data bucket. */
export function createMonitoringObjects(dataBucket: string): MonitoringObjects {
  const put = (key: string, text: string) => putObject({ bucket: dataBucket, key }, text, 'application/json');
  const putPart = (window: WindowRef, name: string, value: unknown) => {
    const text = JSON.stringify(value);
    const folder = `monitoring/${window.project}/v${window.modelVersion}/windows/${window.windowId}`;
    return put(`${folder}/${name}-${sha256Hex(text).slice(0, 16)}.json`, text);
  };
  const read = async <T>(object: StoredObject) => JSON.parse(await getText(object)) as T;
  return {
    withLines: (object, run) =>
      withScratchFolder(async (folder) => {
        const { path } = await downloadTo(object, join(folder, 'lines'));
        const input = createReadStream(path);
        try {
          return await run(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }));
        } finally {
          input.destroy();
        }
      }),
    // By address alone: a batch that is delivered again may replace its file by one with more lines.
    readCapture: (uri) => linesOf(capturedPrediction, uri),
    readLabels: ({ uri }) => linesOf(groundTruthLabel, uri),
    writeProfile: (profile) =>
      put(`monitoring/${profile.project}/v${profile.modelVersion}/reference.json`, JSON.stringify(profile)),
    readProfile: read,
    writeEvaluation: (evaluation, project) =>
      putPart(
        { project, modelVersion: evaluation.modelVersion, windowId: evaluation.window.windowId },
        'evaluation',
        evaluation,
      ),
    readEvaluation: read,
    writePredicted: (window, predicted) => putPart(window, 'predicted', predicted),
    readPredicted: read,
    writeWindowLabels: (window, labels) => putPart(window, 'labels', labels),
    readWindowLabels: read,
  };
}

/** Throws InvalidLine, naming the file, for a line that the contract of predictions does not allow. */
async function linesOf<Schema extends z.ZodType>(schema: Schema, uri: string): Promise<z.output<Schema>[]> {
  const lines = (await getText(uri)).split('\n').filter((line) => line !== '');
  return lines.map((line) => parseOrThrow(schema, JSON.parse(line), 'InvalidLine', `A line of ${uri}`));
}
