import type { VersionContent } from '#events/registry.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { S3Location } from '#shared/kernel/s3-uri.ts';
import type { MlModel } from '#shared/mlflow/mlmodel.ts';
import type { ContentManifest } from '../domain/content-manifest.ts';

/** What a version's MLmodel file says, without what only its clients need. */
export type RecordedModel = Pick<MlModel, 'modelUuid' | 'signature' | 'pythonVersion'> & {
  readonly flavors: readonly string[];
};

/** The content of a version as it was found when it was registered, and whether it still is. */
export interface RecordedContent {
  readonly project: string;
  /** RegisteredModel.modelId: names change. */
  readonly modelId: string;
  readonly modelVersion: number;
  /** Where the client said that the files are, or where that led to. */
  readonly source: string;
  readonly content: VersionContent;
  /** Where the objects lie; absent where that was not to be found out. */
  readonly location?: S3Location;
  readonly mlmodel?: RecordedModel;
  readonly recordedAt: string;
  readonly quarantine?: { readonly at: string; readonly reason: string };
}

export interface Consumed {
  readonly consumer: string;
  readonly eventId: string;
}

export interface ContentStore {
  readContent(modelId: string, modelVersion: number): Promise<RecordedContent | undefined>;
  /** Of the versions with these numbers, both included. */
  contentsBetween(modelId: string, first: number, last: number): Promise<readonly RecordedContent[]>;
  /** Writes it once; throws ContentRecorded (already_exists) where the version has its content. */
  saveContent(recorded: RecordedContent, events: readonly DomainEvent[], consumed: Consumed): Promise<void>;
  /** Versions whose objects lie at exactly this location. */
  versionsAt(location: S3Location): Promise<readonly { modelId: string; modelVersion: number }[]>;
  /** Marks the version; throws AlreadyQuarantined (already_exists) where it was marked before. */
  saveQuarantine(recorded: RecordedContent, events: readonly DomainEvent[]): Promise<void>;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}

export interface HashedObject {
  readonly sha256: string;
  readonly bytes: number;
  /** S3's version of the object; absent in buckets that keep none. */
  readonly versionId?: string;
}

/** Objects behind versions, and what the registry writes of them. */
export interface ContentObjects {
  /** The object of this key, and all below it, in the order of keys; at most `limit`. */
  list(location: S3Location, limit: number): Promise<readonly ListedObject[]>;
  /** Reads an object through; undefined where it is gone. */
  hash(location: S3Location): Promise<HashedObject | undefined>;
  /** Version of the current object; undefined where there is none. */
  currentVersion(location: S3Location): Promise<string | undefined>;
  text(location: S3Location): Promise<string>;
  writeManifest(manifest: ContentManifest): Promise<StoredObject>;
  readManifest(manifest: StoredObject): Promise<ContentManifest>;
}

/** Tracking: where runs and logged models keep artifacts, and whose an experiment is. */
export interface Artifacts {
  find(
    of: 'experiment' | 'run' | 'logged-model',
    id: string,
  ): Promise<{ readonly project: string; readonly artifactUri: string } | undefined>;
}

/** Counts versions that were quarantined: the stage's alarm looks at it. */
export interface QuarantineMeter {
  record(version: { readonly project: string; readonly model: string; readonly modelVersion: number }): void;
}
