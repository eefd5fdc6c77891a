import { PredictionBatchCaptured } from '#events/predictions.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { queryEnvironment } from '../env.ts';
import { createCaptureFiles } from '../store/capture-files.ts';

const files = createCaptureFiles(createTable(documentClient(), readEnvironment(queryEnvironment).TABLE_NAME));

/** Of every project: one that declares features later has its predictions as a source from the first on. */
export const handler = eventHandler(PredictionBatchCaptured, ({ detail: { data } }) => {
  const { project, modelVersion, capture, count, firstAt, lastAt } = data;
  return files.add({ project, modelVersion, object: capture, count, firstAt, lastAt });
});
