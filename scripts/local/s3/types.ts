import type { ChecksumAlgorithm } from './checksums.ts';

/** A file below the bucket's content folder and how much of the object it holds. */
export interface ContentFile {
  readonly file: string;
  readonly sizeBytes: number;
}

/** A checksum in base64; COMPOSITE ones are made of the checksums of the parts and end in `-<parts>`. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** How the object is said to be encrypted; nothing is encrypted on a laptop's disk. */
export interface Encryption {
  readonly algorithm: string;
  readonly keyId?: string;
}

/** What a writer says about an object, kept and given back as it is. */
export interface ObjectDescription {
  /** Response headers by lower-case name: content-type, cache-control, … */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata without the prefix `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly encryption: Encryption;
}

/** One version of an object. */
export interface ObjectVersion extends ObjectDescription {
  readonly kind: 'object';
  readonly key: string;
  /** `null` where the bucket was not versioned. */
  readonly versionId: string;
  readonly lastModifiedMs: number;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly content: readonly ContentFile[];
  readonly checksum?: Checksum;
  /** Of a multipart upload. */
  readonly parts?: readonly {
    readonly partNumber: number;
    readonly sizeBytes: number;
    readonly checksum?: string;
  }[];
}

/** What a delete without version leaves in a versioned bucket. */
export interface DeleteMarker {
  readonly kind: 'marker';
  readonly key: string;
  readonly versionId: string;
  readonly lastModifiedMs: number;
}

export type Version = ObjectVersion | DeleteMarker;

/** A multipart upload under way. */
export interface Upload {
  readonly uploadId: string;
  readonly key: string;
  readonly initiatedMs: number;
  readonly description: ObjectDescription;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: Checksum['type'] };
}

export interface UploadedPart extends ContentFile {
  readonly partNumber: number;
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly checksum?: string;
}

/** An EventBridge notification that is owed until it is known to be published. */
export interface OwedEvent {
  /** Hexadecimal, growing with every change of the bucket. */
  readonly sequencer: string;
  readonly detailType: 'Object Created' | 'Object Deleted';
  readonly detail: Readonly<Record<string, unknown>>;
  readonly timeMs: number;
}

/** The settings of a bucket. */
export interface BucketSettings {
  readonly createdAtMs: number;
  readonly versioning: 'Off' | 'Enabled' | 'Suspended';
  readonly eventBridge: boolean;
  readonly encryption: Encryption;
  readonly tags: Readonly<Record<string, string>>;
  /** As given in the template; kept and described, never carried out: nothing expires on a laptop. */
  readonly lifecycleRules: readonly unknown[];
  readonly publicAccessBlock?: Readonly<Record<string, unknown>>;
  readonly objectLock: boolean;
  readonly policy?: unknown;
}
