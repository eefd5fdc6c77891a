import { getText, putObject } from '#shared/aws/objects.ts';
import type { LargeTexts } from '../ports/dataset-store.ts';

/** Beside the artifacts of experiments, whose ids are numbers: no client can ask for what lies here. */
export const datasetsPrefix = 'mlflow/datasets/';

export const createLargeTexts = (bucket: string): LargeTexts => ({
  put: async (key, text) =>
    (await putObject({ bucket, key: `${datasetsPrefix}${key}` }, text, 'application/json')).uri,
  get: getText,
});
