import type { EvaluationDataset } from '../domain/evaluation-dataset.ts';
import type { PlacedRecord, RecordBlock } from '../domain/record-blocks.ts';

/** Where records are: `from` is the position of the first. */
export interface BlockReference {
  readonly blockId: string;
  readonly from: number;
}

/** A dataset as it was read; a change replaces only what it read. */
export interface DatasetState {
  readonly dataset: EvaluationDataset;
  readonly revision: number;
  readonly blocks: readonly BlockReference[];
  /** Of the next record that is new. */
  readonly nextPosition: number;
}

export interface EvaluationDatasetStore {
  /** Consistent. */
  read(datasetId: string): Promise<DatasetState | undefined>;
  /** Undefined where the block was replaced since its dataset was read. */
  readBlock(datasetId: string, blockId: string): Promise<readonly PlacedRecord[] | undefined>;
  create(dataset: EvaluationDataset): Promise<void>;
  /** Says whether it was written: not where somebody wrote in between. `blocks` are all; left out, they stay as they are. */
  replace(
    before: DatasetState,
    after: {
      readonly dataset: EvaluationDataset;
      readonly blocks?: readonly RecordBlock[];
      readonly nextPosition?: number;
    },
  ): Promise<boolean>;
  delete(datasetId: string): Promise<void>;
  /** Eventually consistent. */
  all(): Promise<readonly EvaluationDataset[]>;
}
