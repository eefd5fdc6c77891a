import type { FeatureStatus, FeatureValue, PinnedView } from '../contract.ts';
import type { EntityKey } from '../domain/online-key.ts';
import type { RowOrder } from '../domain/rank.ts';
import type { WindowState } from '../domain/window-state.ts';

/** Which values are meant: those of a version of a view. */
export interface ViewKey {
  readonly project: string;
  readonly view: string;
  readonly version: number;
}

/** The newest row of an entity, of a view with a schema. */
export interface OnlineRow extends RowOrder {
  readonly key: EntityKey;
  readonly values: Readonly<Record<string, FeatureValue>>;
}

/** What a view answers about an entity at an instant. */
export interface OnlineAnswer {
  readonly status: FeatureStatus;
  /** Microseconds; absent where there is no row. */
  readonly eventAt?: number;
  /** By feature; all null unless the status is PRESENT. */
  readonly values: Readonly<Record<string, FeatureValue>>;
}

/** How many of the writes took place, and how many were left alone because a newer row was there. */
export interface Written {
  readonly put: number;
  readonly skipped: number;
}

/** Writes rows of a view with a schema: the DynamoDB table, or a SageMaker Feature Store group. Both keep the row of the greatest rank. */
export interface OnlineWriter {
  put(
    view: ViewKey,
    rows: readonly OnlineRow[],
    settings: { readonly ttlSeconds?: number },
  ): Promise<Written>;
  /** Deletes the entities whose row is not newer than the given one; entities that are gone are no error. */
  delete(view: ViewKey, rows: readonly (RowOrder & { readonly key: EntityKey })[]): Promise<number>;
}

/** The windows of an entity, of a view with aggregations, as a batch found them. */
export interface OnlineState {
  readonly key: EntityKey;
  readonly state: WindowState;
  /** Of the newest row that is in. */
  readonly newestRank: string;
}

/** Writes windows of views with aggregations over a dataset or captures. Those of streams are written record by record. */
export interface OnlineStateWriter {
  /** Throws WindowStateTooLarge (precondition_failed) before anything is written. */
  putStates(view: ViewKey, states: readonly OnlineState[]): Promise<Written>;
}

/** Reads values of entities. Throws OnlineStoreBusy (unavailable) where part of the keys stayed unprocessed. */
export interface OnlineReader {
  /** An answer per view and entity: `answers[view][entity]`. */
  read(
    project: string,
    lookups: readonly { readonly view: PinnedView; readonly keys: readonly EntityKey[] }[],
    atMicroseconds: number,
  ): Promise<readonly (readonly OnlineAnswer[])[]>;
}
