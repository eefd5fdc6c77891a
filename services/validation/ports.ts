import type { DatasetManifest } from '#services/datasets/contract.ts';
import type { ProjectDefinition, ProjectRevision } from '#services/projects/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { ValidationReport } from './contract.ts';
import type { RowCheck } from './domain/checks.ts';

export interface Projects {
  revision(project: string, revision: number): Promise<ProjectRevision>;
}

export interface Manifests {
  read(manifest: StoredObject): Promise<DatasetManifest>;
}

/** A version whose rows were checked, while its files are on local disk. */
export interface CheckedRows {
  readonly rows: number;
  readonly validRows: number;
  /** Per check, in the order that they were given: how many rows fail it. */
  readonly failingRows: readonly number[];
  /** Stores the valid rows as Parquet, typed as declared, with `_available_at`. */
  keepValid(): Promise<StoredObject>;
  /** Stores the rows that failed, as they were uploaded, with `_reasons`. */
  keepQuarantined(): Promise<StoredObject>;
}

export interface RowChecker {
  /** Checks all rows of a version. Throws ContentChanged where an object is not what the manifest says. */
  withCheckedRows<Result>(
    version: { manifest: DatasetManifest; definition: ProjectDefinition; checks: readonly RowCheck[] },
    run: (checked: CheckedRows) => Promise<Result>,
  ): Promise<Result>;
}

export type WriteReport = (report: ValidationReport) => Promise<StoredObject>;
export type ReadReport = (report: StoredObject) => Promise<ValidationReport>;

/** Where the report of a version lies. */
export interface ValidationRecord {
  readonly project: string;
  readonly datasetVersion: number;
  readonly verdict: ValidationReport['verdict'];
  readonly report: StoredObject;
}

export interface ValidationStore {
  find(project: string, datasetVersion: number): Promise<ValidationRecord | undefined>;
  /** The newest version that may be trained on: Pass or Warn. */
  newestTrainable(project: string): Promise<ValidationRecord | undefined>;
  /** Throws AlreadyConsumed when the event with this id was handled before. */
  save(record: ValidationRecord, event: DomainEvent, consumedEventId: string): Promise<void>;
}
