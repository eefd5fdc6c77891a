import type * as z from 'zod';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { ObjectVersionRef } from '#shared/contracts/object-versions.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { CapturedPrediction, rewrittenCaptures } from '../contract.ts';
import type { ErasedEntities } from '../domain/erased-lines.ts';

export interface ErasableCaptures {
  /** Takes predictions out of the items that hold them; where these are gone already nothing changes. */
  erasePredictions(requestId: string, inferenceIds: ReadonlySet<string>): Promise<void>;
}

export type RewrittenFile = z.infer<typeof rewrittenCaptures>['files'][number];

/** What an erasure does to one capture file, written down before it is done. */
export interface FileErasure {
  readonly file: RewrittenFile;
  readonly erased: number;
  readonly isDone: boolean;
}

export interface CaptureErasures {
  /** From now on `of` tells of it. Nothing where it has begun before. */
  begin(project: string, entities: ErasedEntities): Promise<void>;
  /** Erasures that predictions which are on their way into files may still be of. Read consistently. */
  of(project: string): Promise<readonly ErasedEntities[]>;
  /** The key of the last file that was looked at. */
  progress(project: string, erasureId: string): Promise<string | undefined>;
  noteProgress(project: string, erasureId: string, key: string): Promise<void>;
  file(project: string, erasureId: string, uri: string): Promise<FileErasure | undefined>;
  noteFile(project: string, erasureId: string, erasure: FileErasure): Promise<void>;
  files(project: string, erasureId: string): Promise<readonly FileErasure[]>;
  /** Throws AlreadyConsumed where the request was answered before. */
  complete(event: DomainEvent, requestEventId: string): Promise<void>;
}

/** The captures bucket. */
export interface CaptureObjects {
  /** Addresses of a project's capture files behind a key, in order. */
  list(
    project: string,
    after: string | undefined,
  ): AsyncIterable<{ readonly key: string; readonly uri: string }>;
  read(uri: string): Promise<readonly CapturedPrediction[]>;
  write(uri: string, lines: readonly CapturedPrediction[]): Promise<StoredObject>;
  versions(uri: string): Promise<readonly ObjectVersionRef[]>;
  removeVersions(versions: readonly ObjectVersionRef[]): Promise<void>;
  writeDocument(project: string, erasureId: string, document: unknown): Promise<StoredObject>;
}
