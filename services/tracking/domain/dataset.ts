import { invalidParameterValue } from './limits.ts';
import type { RunTag } from './run.ts';

/** A dataset that runs of an experiment used, as the first of them described it. */
export interface Dataset {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
}

export interface DatasetInput {
  readonly dataset: Dataset;
  readonly tags: readonly RunTag[];
}

/** A dataset of an experiment by what it was used for; without `context` where nobody said. */
export interface DatasetSummary {
  readonly experimentId: string;
  readonly name: string;
  readonly digest: string;
  readonly context?: string;
}

/** The tag of an input that says what the dataset was used for. */
export const datasetContextTag = 'mlflow.data.context';
export const contextOf = (tags: readonly RunTag[]): string | undefined =>
  tags.find(({ key }) => key === datasetContextTag)?.value;

const maxInputs = 1000;
const maxLengths = { name: 500, digest: 36, source: 65_535, schema: 1_048_575, profile: 16_777_215 } as const;
const maxTagKeyLength = 255;
const maxTagValueLength = 500;

/** Each dataset once, the first time it is named. Throws InvalidParameter. */
export function storableInputs(inputs: readonly DatasetInput[]): DatasetInput[] {
  if (inputs.length > maxInputs)
    throw invalidParameterValue(`A request can log at most ${maxInputs} datasets. Got ${inputs.length}.`);
  for (const { dataset, tags } of inputs) {
    for (const [member, limit] of Object.entries(maxLengths))
      assertLength(member, dataset[member as keyof typeof maxLengths], limit);
    for (const { key, value } of tags) {
      assertLength('key', key, maxTagKeyLength);
      assertLength('value', value, maxTagValueLength);
    }
  }
  const byKey = new Map<string, DatasetInput>();
  for (const input of inputs) {
    const key = datasetKey(input.dataset);
    if (!byKey.has(key)) byKey.set(key, input);
  }
  return [...byKey.values()];
}

/** Name and digest together say which dataset of an experiment it is. */
export const datasetKey = ({ name, digest }: Pick<Dataset, 'name' | 'digest'>): string =>
  JSON.stringify([name, digest]);

/** Bytes of what is described besides name and digest: runs keep it, so that an answer's size is known before it is read. */
export const descriptionBytes = ({ sourceType, source, schema, profile }: Dataset): number =>
  Buffer.byteLength(JSON.stringify([sourceType, source, schema, profile]));

function assertLength(name: string, text: string | undefined, limit: number): void {
  if (text === undefined || text.length <= limit || [...text].length <= limit) return;
  throw invalidParameterValue(`'${name}' exceeds the maximum length of ${limit} characters`);
}
