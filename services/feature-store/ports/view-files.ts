import type { StoredObject } from '#shared/contracts/parts.ts';
import type { ErasedKeys } from '#shared/kernel/erased-key.ts';
import type { FeatureViewVersion } from '../contract.ts';

/** Parquet of validated datasets and of compacted streams; JSON Lines of records as they landed and of captured predictions. */
export type SourceFormat = 'parquet' | 'jsonl';

/** Entities that an erasure took out of the feature store. Their rows in datasets, which others own, do not count if they were known before. */
export interface ErasedEntities extends ErasedKeys {
  readonly requestedAt: string;
}

/** Which objects a view's rows are in, and what they are called by. */
export interface ViewObjects {
  readonly objects: readonly { readonly object: StoredObject; readonly format: SourceFormat }[];
  /** The project whose dataset it is, where it is one. */
  readonly dataset?: string;
  readonly datasetVersion?: number;
  /** Of all objects' hashes, in the order of `objects`, and of what was erased: the same rows have the same. */
  readonly sourceSha256: string;
  /** Erasures of the project's entities; absent where there are none, or where rows themselves were erased. */
  readonly erased?: readonly ErasedEntities[];
}

/** A view's rows on local disk. */
export interface FetchedViewFiles extends Omit<ViewObjects, 'objects' | 'erased'> {
  readonly files: readonly {
    readonly path: string;
    readonly format: SourceFormat;
    readonly erased?: readonly ErasedEntities[];
  }[];
}

/** Where the rows of views are. */
export interface ViewFiles {
  /**
   * The newest validated rows of a dataset, what landed of a stream, or what was captured of predictions, by `asOf`. Nothing came yet: no
   * objects. Throws DatasetNotTrainable (precondition_failed) for a dataset without a version that may be trained on. `since`: captured
   * predictions from before are not needed.
   */
  list(view: FeatureViewVersion, asOf: string, since?: string): Promise<ViewObjects>;
  /** The same, brought to `folder`. Throws ObjectGone (unavailable) where an erasure replaced one meanwhile: ask again. */
  fetch(view: FeatureViewVersion, folder: string, asOf: string): Promise<FetchedViewFiles>;
}

/** Files of a stream's records, as the store that owns them lists them. */
export interface RecordFileList {
  list(
    project: string,
    view: string,
  ): Promise<
    readonly {
      readonly object: StoredObject;
      readonly format: SourceFormat;
      readonly firstAvailableAt: string;
    }[]
  >;
}
