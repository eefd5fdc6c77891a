import type { StoredObject } from '#shared/contracts/parts.ts';
import type { FeatureViewVersion } from '../contract.ts';
import type { StreamRecord } from '../domain/stream-records.ts';

/** What became of records that were sent. */
export interface TakenRecords {
  readonly accepted: number;
  /** Those that had come before, and the second of two that came together. */
  readonly duplicates: number;
}

/** Keeps records of streams, with the online values that they change. */
export interface RecordStore {
  /**
   * Keeps each record once, in one transaction with the values of its entity in these versions of its view (the newest first). Throws
   * WindowStateTooLarge (precondition_failed), OnlineStoreBusy (unavailable).
   */
  take(versions: readonly FeatureViewVersion[], records: readonly StreamRecord[]): Promise<TakenRecords>;
}

/** A record as the table's stream hands it on. */
export interface LandingRecord {
  readonly project: string;
  readonly view: string;
  readonly recordId: string;
  /** The newest version of the view when the record came. */
  readonly viewVersion: number;
  /** When it happened and when it came: ISO 8601, in microseconds where there are any. */
  readonly eventAt: string;
  readonly availableAt: string;
  /** The line of the file. */
  readonly line: string;
}

/** A file with records of a view. */
export interface RecordFile {
  readonly project: string;
  readonly view: string;
  readonly object: StoredObject;
  readonly format: 'jsonl' | 'parquet';
  readonly firstAvailableAt: string;
  readonly lastAvailableAt: string;
  readonly rows: number;
  /** Addresses of files whose records are in this one now, and which are still to be removed. */
  readonly replaces?: readonly string[];
}

/** Which files a stream view's records are in. */
export interface RecordFiles {
  /** The same file again changes nothing. */
  add(files: readonly RecordFile[]): Promise<void>;
  /** In the order of their first record. */
  list(project: string, view: string): Promise<readonly RecordFile[]>;
  /** Names one file in place of others, at once. Throws RecordFilesChanged (conflict) where one of them is not there any more. */
  replace(gone: readonly RecordFile[], file: RecordFile): Promise<void>;
  /** Forgets which files are still to be removed. */
  settle(file: RecordFile): Promise<void>;
  remove(file: RecordFile): Promise<void>;
}

/** Makes one Parquet file of files of records: each record once, in the order of arrival, every column as text. */
export type MergeRecords = (
  files: readonly RecordFile[],
  columns: readonly string[],
) => Promise<{ readonly object: StoredObject; readonly rows: number }>;
