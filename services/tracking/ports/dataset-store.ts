import type { Dataset, DatasetInput, DatasetSummary } from '../domain/dataset.ts';

/** Datasets of experiments; each is stored once, however many runs used it. */
export interface DatasetStore {
  /** Keeps what is not there yet: descriptions, and what datasets were used for. */
  save(experimentId: string, inputs: readonly DatasetInput[]): Promise<void>;
  /** Descriptions of datasets by experiment, name and digest, in any order; those that are not there are left out. */
  readAll(
    wanted: readonly (Pick<Dataset, 'name' | 'digest'> & { readonly experimentId: string })[],
  ): Promise<readonly (Dataset & { readonly experimentId: string })[]>;
  /** At most `most` datasets of an experiment by what they were used for. */
  summaries(experimentId: string, most: number): Promise<readonly DatasetSummary[]>;
}

/** Where descriptions lie that are too big for the table. */
export interface LargeTexts {
  put(key: string, text: string): Promise<string>;
  get(uri: string): Promise<string>;
}
