import type * as z from 'zod';
import type { DatasetVersionCreated, DatasetVersionRejected, uploadSource } from '#events/datasets.ts';
import type { ProjectRevision } from '#services/projects/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Column, StoredObject } from '#shared/contracts/parts.ts';
import type { ReadingSettings } from '#shared/data-files/detect-reading.ts';
import type { FileReading } from '#shared/data-files/reading.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { DatasetManifest, datasetVersion, listUploads } from './contract.ts';
import type { FolderObject } from './domain/folder-plan.ts';

export type DatasetVersion = z.infer<typeof datasetVersion>;
export type UploadSource = z.infer<typeof uploadSource>;
export type Rejection = z.infer<typeof DatasetVersionRejected.data>['reasons'][number];
export type Upload = z.infer<typeof listUploads.response>['items'][number];

/** A file of the uploads bucket on local disk. */
export interface LocalFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export type Inspection =
  | {
      readonly readable: true;
      readonly columns: readonly Column[];
      readonly rows: number;
      readonly reading: FileReading;
    }
  | { readonly readable: false; readonly rejection: Rejection };

/** How a file is to be read. */
export interface InspectionRequest {
  readonly settings: ReadingSettings;
  readonly partition?: Readonly<Record<string, string>> | undefined;
  /** Most bytes that it may have decompressed. */
  readonly maxBytes: number;
  /** Files that are read at the same time share the function's memory. */
  readonly atOnce: number;
}

/** One write of an object, as S3 names it. `etag` where the bucket keeps no versions. */
export type ObjectWrite = UploadSource & { readonly etag?: string | undefined };

/** An object at its content address, and how many removals of objects had begun before it was put there. */
export type KeptObject = StoredObject & { readonly removals: number };

export interface UploadFiles {
  /** Size of the uploaded object and when it was written; undefined when it is gone. */
  describe(source: ObjectWrite): Promise<{ bytes: number; writtenAt: Date } | undefined>;
  /** Brings the object to local disk for as long as `run` takes. Throws ObjectReplaced (conflict) where that write is no longer there. */
  withLocalFile<Result>(source: ObjectWrite, run: (file: LocalFile) => Promise<Result>): Promise<Result>;
  /** Reads the whole file: its columns, its rows, or why it cannot be read. */
  inspect(file: LocalFile, request: InspectionRequest): Promise<Inspection>;
  /** Puts the file at its content address; the same content again changes nothing. */
  keep(file: LocalFile, project: string, reading: FileReading): Promise<KeptObject>;
}

/** The uploads bucket as it is now, whatever events were told or lost. */
export interface Incoming {
  /** The newest write of each key below the prefix that was not deleted, a page at a time. */
  list(prefix: string): AsyncIterable<readonly ListedObject[]>;
  /** A small object, as text. */
  text(object: ListedObject): Promise<string>;
  readonly bucket: string;
}
export type ListedObject = Omit<FolderObject, 'path'>;

/** What is known of a key of the uploads bucket: its newest handled write, and who asked for its address. */
export interface KeyRecord {
  readonly key: string;
  readonly sequencer?: string;
  /** S3's version of that write, and when it was written. */
  readonly versionId?: string;
  readonly writtenAt?: string;
  readonly requestedBy?: string;
  /** An upload in parts that the platform began there: S3's id of it, and how many bytes it will have. */
  readonly multipart?: { readonly uploadId: string; readonly bytes: number };
}

/** What became of one write of one key. `uploadId` makes a repeated event change nothing. */
export interface HandledUpload {
  readonly uploadId: string;
  readonly project: string;
  readonly upload: Upload;
  /** The key as it was read before; the commit fails with UploadRaced when another write was handled meanwhile. */
  readonly keyBefore: KeyRecord;
  /** What is known of the key from now on. */
  readonly keyAfter: KeyRecord;
}

/** What a version was planned on. */
export interface VersionBasis {
  readonly newest: DatasetVersion | undefined;
  /** How many removals of objects had begun when its files were kept. */
  readonly removals: number;
}

export interface DatasetStore {
  newest(project: string): Promise<DatasetVersion | undefined>;
  version(project: string, datasetVersion: number): Promise<DatasetVersion | undefined>;
  versions(project: string, pageToken: string | undefined): Promise<Page<DatasetVersion>>;
  uploads(project: string, pageToken: string | undefined): Promise<Page<Upload>>;
  key(key: string): Promise<KeyRecord>;
  /** Whether what became of this upload was committed. */
  isHandled(uploadId: string): Promise<boolean>;
  /** Whether this claimant may read the upload now: nobody else began to within a function's time. The same claimant may again. */
  claim(uploadId: string, claimant: string): Promise<boolean>;
  rememberRequester(record: KeyRecord): Promise<void>;
  /**
   * Throws VersionTaken or UploadRaced (conflict) where somebody was faster, ObjectsRemoved (unavailable) where objects were removed since the
   * upload's were kept: they may have been among them.
   */
  commitVersion(
    version: DatasetVersion,
    handled: HandledUpload,
    event: CreatedEvent,
    basis: VersionBasis,
  ): Promise<void>;
  commitUpload(handled: HandledUpload, event?: DomainEvent): Promise<void>;
}
/** Keeps restored versions. */
export interface RestorationStore {
  /**
   * Throws VersionTaken (conflict) where another version came meanwhile, or the older one was erased from or expired; ObjectsRemoved
   * (unavailable) where objects were removed.
   */
  commit(restoration: {
    readonly version: DatasetVersion;
    readonly event: CreatedEvent;
    /** As it was read. */
    readonly older: DatasetVersion;
    readonly basis: VersionBasis;
  }): Promise<void>;
}
type CreatedEvent = DomainEvent<z.infer<typeof DatasetVersionCreated.data>>;

export interface Manifests {
  read(manifest: StoredObject): Promise<DatasetManifest>;
  write(manifest: DatasetManifest): Promise<StoredObject>;
}

export interface Projects {
  find(project: string): Promise<ProjectRevision | undefined>;
}

export interface UploadAddresses {
  /** An address that takes exactly `bytes` bytes by HTTP PUT for `validSeconds`. */
  sign(upload: { key: string; bytes: number; validSeconds: number }): Promise<{
    url: string;
    headers: Record<string, string>;
    bucket: string;
  }>;
}

export interface UploadedPart {
  readonly partNumber: number;
  readonly bytes: number;
  readonly etag: string;
}

/** Uploads in parts (Amazon S3). All but `begin` and `signPart` throw UploadNotFound (not_found) where S3 knows of none. */
export interface MultipartUploads {
  readonly bucket: string;
  begin(key: string): Promise<string>;
  /** An address that takes exactly `bytes` bytes by HTTP PUT for `validSeconds`. */
  signPart(part: {
    key: string;
    uploadId: string;
    partNumber: number;
    bytes: number;
    validSeconds: number;
  }): Promise<string>;
  parts(upload: { key: string; uploadId: string }): Promise<readonly UploadedPart[]>;
  complete(upload: { key: string; uploadId: string; parts: readonly UploadedPart[] }): Promise<void>;
}
