import type * as z from 'zod';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Column, StoredObject } from '#shared/contracts/parts.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { datasetDiff, datasetVersion, erasure, listDatasetTags, ManifestObject } from '../contract.ts';

export type Version = z.infer<typeof datasetVersion>;
export type Tag = z.infer<typeof listDatasetTags.response>['items'][number];
export type DatasetDiff = z.infer<typeof datasetDiff>;
export type Erasure = z.infer<typeof erasure>;

/** Why a version is kept whatever its age. `revision` counts changes; 0 where nothing was ever marked. */
export interface Marks {
  readonly tags: readonly string[];
  readonly isTrainedOn: boolean;
  readonly revision: number;
}

/** What was made of a version: it outlives the version's rows. */
export interface VersionUse {
  readonly project: string;
  readonly datasetVersion: number;
  readonly kind: 'training-set' | 'model-version';
  readonly id: string;
  readonly at: string;
}

export interface TagMove {
  readonly project: string;
  readonly tag: string;
  /** As it was read; the move fails with TagRaced where it is another by now. */
  readonly before: Tag | undefined;
  /** Absent takes the tag away. */
  readonly after?: Tag;
}

export interface VersionStore {
  newest(project: string): Promise<Version | undefined>;
  version(project: string, datasetVersion: number): Promise<Version | undefined>;
  /** All versions, by number. */
  each(project: string, order: 'newestFirst' | 'oldestFirst'): AsyncIterable<Version>;
  marks(project: string, datasetVersion: number): Promise<Marks>;
  tag(project: string, tag: string): Promise<Tag | undefined>;
  tags(project: string, pageToken: string | undefined): Promise<Page<Tag>>;
  /** Throws TagRaced (conflict) where tag, marks or version changed meanwhile. */
  moveTag(move: TagMove, event: DomainEvent): Promise<void>;
  /** Keeps what was made of a version; a training set marks it as trained on. Throws AlreadyConsumed for a repeated event. */
  recordUse(use: VersionUse, consumed: { consumer: string; eventId: string }): Promise<void>;
  uses(project: string, datasetVersion: number): Promise<readonly VersionUse[]>;
}

/** Objects that nothing names any more: decided on in a transaction, then deleted, however often that is begun anew. */
export interface Removal {
  readonly removalId: string;
  /** JSON: the `ObjectVersionRef`s. */
  readonly plan: StoredObject;
}

export interface ExpiringVersion {
  readonly version: Version;
  readonly marks: Marks;
  readonly event: DomainEvent;
}

export interface RemovalStore {
  pending(project: string): Promise<Removal | undefined>;
  /** How many have begun so far, and whether one is under way. */
  state(project: string): Promise<{ readonly removals: number; readonly isRemoving: boolean }>;
  /**
   * Marks versions as expired and begins the removal of their objects. Throws VersionsChanged (conflict) where a version came, was
   * marked, erased or expired meanwhile, or where another removal or an erasure is under way.
   */
  expire(
    project: string,
    decided: {
      readonly newest: Version;
      readonly expiring: readonly ExpiringVersion[];
      readonly expiredAt: string;
      readonly removal: Removal;
    },
  ): Promise<void>;
  finish(project: string, removal: Removal): Promise<void>;
}

/** Small JSON documents of a project in the data bucket. */
export interface Documents {
  write(project: string, path: string, document: unknown): Promise<StoredObject>;
  read(object: StoredObject): Promise<unknown>;
}

/** What a version's rows are compared by. Two diffs of the same inputs are the same. */
export interface DiffInputs {
  readonly project: string;
  readonly from: Version;
  readonly to: Version;
  /** Of the contract; undefined where a version lacks the column. */
  readonly primaryKey?: string | undefined;
  readonly missingValues: readonly string[];
  readonly sensitiveColumns: readonly string[];
}

/** A diff that somebody asked for. */
export interface DiffRecord {
  readonly requestId: string;
  /** Digest of what it was computed of: another one now makes it stale. */
  readonly inputs: string;
  readonly status: 'running' | 'failed' | 'done';
  /** When it was asked for, or failed. */
  readonly at: string;
  readonly reason?: string;
  readonly result?: StoredObject;
}

export interface DiffStore {
  find(project: string, from: number, to: number): Promise<DiffRecord | undefined>;
  /** Throws DiffRaced (conflict) where somebody asked at the same time. */
  request(
    pair: { project: string; from: number; to: number },
    record: DiffRecord,
    before: DiffRecord | undefined,
    event: DomainEvent,
  ): Promise<void>;
  /** Keeps the outcome of a request, unless another one took its place: then it is nobody's. */
  settle(pair: { project: string; from: number; to: number }, record: DiffRecord): Promise<void>;
  /** All of a project with a result or without. */
  each(project: string): AsyncIterable<DiffRecord & { readonly from: number; readonly to: number }>;
  forget(project: string, pairs: readonly { from: number; to: number }[]): Promise<void>;
}

export interface DiffEngine {
  /** Compares the rows of two versions. Throws AppErrors that say why they cannot be read. */
  compare(
    inputs: DiffInputs,
    objects: { readonly from: readonly ManifestObject[]; readonly to: readonly ManifestObject[] },
  ): Promise<DatasetDiff>;
}

/** The rows that an erasure is about. */
export interface ErasedKeys {
  readonly primaryKey: string;
  /** Type of the column where the contract names one: `7` and `7.0` are one key of integers. */
  readonly type: Column['type'];
  readonly primaryKeys: readonly string[];
}

/** What an object is without the rows of the keys. */
export type RewrittenObject =
  | { readonly rowsErased: 0 /** It has no such column. */; readonly lacksKey?: true }
  | { readonly rowsErased: number /** Absent where no row is left. */; readonly after?: ManifestObject };

export interface ObjectRewriter {
  /** Writes the object without these rows to its new content address, in its own format where that can be; the same again changes nothing. */
  withoutRows(project: string, object: ManifestObject, keys: ErasedKeys): Promise<RewrittenObject>;
}

/** One object of an erasure's work plan. */
export interface ErasedObject {
  /** Digest of content, reading and partition: what it is rewritten by. */
  readonly objectId: string;
  readonly before: ManifestObject;
  readonly rowsErased: number;
  readonly after?: ManifestObject;
  readonly lacksKey?: true;
}

/** One version of an erasure's work plan: rewritten. */
export interface ErasedVersion {
  readonly datasetVersion: number;
  readonly rowsErased: number;
  readonly contentSha256Before: string;
  readonly manifestBefore: StoredObject;
  readonly contentSha256: string;
  readonly manifest: StoredObject;
  /** Keys of the uploads bucket that brought rows of the keys to it. */
  readonly uploadKeys: readonly string[];
}

/** An erasure with what is never shown. */
export interface ErasureRecord extends Erasure {
  readonly keyDigests: readonly string[];
  /** The document with the keys themselves, until it is deleted. */
  readonly keysDocument?: StoredObject;
  readonly type: Column['type'];
}

export interface RunningErasure {
  readonly erasureId: string;
  /** When its worker was last asked to go on. */
  readonly since: string;
  /** How often it was asked to without having come further. */
  readonly idleResumptions?: number | undefined;
  /** Steps of its work plan that were done when it was last asked to. */
  readonly steps?: number | undefined;
  readonly lastError?: string | undefined;
}

export interface ErasureStore {
  find(project: string, erasureId: string): Promise<ErasureRecord | undefined>;
  page(project: string, pageToken: string | undefined): Promise<Page<ErasureRecord>>;
  /** The one that works on the project now. */
  running(project: string): Promise<RunningErasure | undefined>;
  /** Throws ErasureRunning (conflict). */
  request(project: string, erasure: ErasureRecord, event: DomainEvent): Promise<void>;
  /** Asks its worker once more to go on. */
  resume(project: string, running: RunningErasure, event: DomainEvent): Promise<void>;
  /** Lets one that failed go on where it stopped. Throws ErasureRunning (conflict). */
  reopen(project: string, erasure: ErasureRecord, at: string, event: DomainEvent): Promise<void>;
  /** Keeps why its worker stopped this time. */
  noteError(project: string, erasureId: string, error: string): Promise<void>;
  objects(project: string, erasureId: string): Promise<readonly ErasedObject[]>;
  recordObject(project: string, erasureId: string, object: ErasedObject): Promise<void>;
  versions(project: string, erasureId: string): Promise<readonly ErasedVersion[]>;
  /** Gives the version its new content. Throws VersionsChanged (conflict) where it is another by now. */
  rewriteVersion(
    project: string,
    erasureId: string,
    rewrite: {
      readonly before: Version;
      readonly after: Version;
      readonly isNewest: boolean;
      readonly record: ErasedVersion;
    },
  ): Promise<void>;
  /** Begins the removal of what the rows were in. Throws VersionsChanged (conflict) where the newest version is another than was swept. */
  beginRemoval(project: string, newest: Version, removal: Removal): Promise<void>;
  /** Ends the erasure, done or failed. Throws VersionsChanged (conflict) where `swept` is not the newest version any more. */
  close(
    project: string,
    erasure: ErasureRecord,
    ended: { readonly swept?: Version; readonly events: readonly DomainEvent[] },
  ): Promise<void>;
  /** Forgets the address of keys that were deleted. */
  forgetKeys(project: string, erasureId: string): Promise<void>;
}

/** What of the rows lies in the uploads bucket. */
export interface UploadCopies {
  readonly bucket: string;
  /** SHA-256 of the current object, and of those below it where the key ends a folder's upload. Empty where nothing is there. */
  hashes(key: string): Promise<readonly { readonly key: string; readonly sha256: string }[]>;
}
