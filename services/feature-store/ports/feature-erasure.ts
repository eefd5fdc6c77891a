import type * as z from 'zod';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { FeatureViewVersion, featureErasure, JoinKey } from '../contract.ts';
import type { EntityKey } from '../domain/online-key.ts';

export type FeatureErasure = z.infer<typeof featureErasure>;

/** What this service did itself. */
export interface OwnErased {
  readonly onlineValuesDeleted: number;
  readonly recordsErased: number;
  readonly filesRewritten: number;
}

/** What predictions told of. */
export interface CapturesErased {
  readonly predictionsErased: number;
  readonly filesRewritten: number;
}

/** An erasure as it is kept: it is over when both sides are done. */
export interface FeatureErasureRecord extends FeatureErasure {
  readonly joinKeys: readonly JoinKey[];
  readonly keyDigests: readonly string[];
  /** The keys themselves; deleted a week after the erasure. */
  readonly keysDocument?: StoredObject | undefined;
  readonly own?: OwnErased;
  readonly captures?: CapturesErased;
}

export interface RunningFeatureErasure {
  readonly erasureId: string;
  /** When it was last asked for. */
  readonly since: string;
  /** How often it was asked to go on. */
  readonly resumptions: number;
}

export interface FeatureErasureStore {
  find(project: string, erasureId: string): Promise<FeatureErasureRecord | undefined>;
  /** Newest first. */
  page(project: string, pageToken: string | undefined): Promise<Page<FeatureErasureRecord>>;
  /** Those that were asked for since an ISO time, whatever became of them. None that was asked for before the call is missed. */
  since(project: string, time: string): Promise<readonly FeatureErasureRecord[]>;
  running(project: string): Promise<RunningFeatureErasure | undefined>;
  /** Throws FeatureErasureRunning (conflict). */
  request(erasure: FeatureErasureRecord, event: DomainEvent): Promise<void>;
  /** Asks for one again. Throws FeatureErasureChanged (conflict) where somebody else was quicker. */
  resume(
    project: string,
    running: RunningFeatureErasure,
    before: RunningFeatureErasure,
    event: DomainEvent,
  ): Promise<void>;
  /** Keeps what one side did. Throws FeatureErasureChanged (conflict) where the erasure is not running any more. */
  note(
    project: string,
    erasureId: string,
    done: Pick<FeatureErasureRecord, 'own' | 'captures'>,
  ): Promise<void>;
  /** Ends it. Throws FeatureErasureChanged (conflict) where it ended before. */
  close(erasure: FeatureErasureRecord, events: readonly DomainEvent[]): Promise<void>;
  forgetKeys(project: string, erasureId: string): Promise<void>;
  recordFile(project: string, erasureId: string, uri: string): Promise<ErasedRecordFile | undefined>;
  noteRecordFile(project: string, erasureId: string, file: ErasedRecordFile): Promise<void>;
  recordFiles(project: string, erasureId: string): Promise<readonly ErasedRecordFile[]>;
}

/** A file of landed records that lost some. */
export interface ErasedRecordFile {
  readonly uri: string;
  readonly erased: number;
  /** Of entities whose keys only the rows told. */
  readonly onlineValuesDeleted: number;
  readonly isDone: boolean;
}

/** Which views are about an entity. */
export interface EntityViews {
  /** Every version of every view that any revision of the project declared. */
  all(project: string): Promise<readonly FeatureViewVersion[]>;
}

/** A file of landed records of a stream. */
export interface LandedFile {
  readonly project: string;
  readonly view: string;
  readonly object: StoredObject;
  readonly format: 'jsonl' | 'parquet';
  readonly rows: number;
  readonly firstAvailableAt: string;
  readonly lastAvailableAt: string;
}

/** Which files a stream's records are in. */
export interface LandedFiles {
  list(project: string, view: string): Promise<readonly LandedFile[]>;
  /** Names one file in place of others, at once. Throws a conflict where one of them is not there any more. */
  replace(gone: readonly LandedFile[], file: LandedFile): Promise<void>;
}

/** Items of records, which tell one that is sent again. */
export interface RecordItems {
  /** Empties those that are there: that they came is still known, what they said is not. */
  forget(project: string, view: string, recordIds: readonly string[]): Promise<void>;
}

/** Rows of entities in files of landed records. */
export interface RecordRewriter {
  /** What is left of a file without the rows of the keys; undefined where it has none of them. Files lie on local disk while `run` runs. */
  without<Result>(
    file: LandedFile,
    match: KeyMatch,
    run: (rewritten: RewrittenRecords | undefined) => Promise<Result>,
  ): Promise<Result>;
}

/** Rows whose columns have the values of one of the keys. */
export interface KeyMatch {
  readonly joinKeys: readonly JoinKey[];
  readonly keys: readonly EntityKey[];
  /** The join keys of the view: whole keys of the rows are told by them. */
  readonly viewKeys: readonly JoinKey[];
}

export interface RewrittenRecords {
  readonly erased: number;
  readonly rows: number;
  /** Of the rows that are gone, each once. */
  readonly viewKeys: readonly EntityKey[];
  readonly recordIds: readonly string[];
  /** Stores the file at an address of its own. */
  keep(): Promise<StoredObject>;
}
