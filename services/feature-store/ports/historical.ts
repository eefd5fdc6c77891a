import type { ProjectRevision } from '#services/projects/contract.ts';
import type { ValidationReport } from '#services/validation/contract.ts';
import type { JobRunner, ProcessingJob } from '#shared/aws/processing-jobs.ts';
import type { DomainEvent, EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { FeatureServiceVersion, FeatureViewVersion, Retrieval } from '../contract.ts';
import type { RetrievalOutcome, RetrievalPlan } from '../domain/retrieval-plan.ts';
import type { RetrievalEngine, RetrievalFunction } from '../domain/retrieval-size.ts';

/** A retrieval and the work on it. */
export interface RetrievalRecord extends Retrieval {
  /** JSON document (`retrievalPlan`). */
  readonly request: StoredObject;
  /** Of HistoricalFeaturesRequested: what its outcome follows from. */
  readonly cause: EventMetadata;
  /** `planned`: nothing works on it; `running`: a function or a job does; `ended`. */
  readonly work: 'planned' | 'running' | 'ended';
  /** How often something was set to work that did not answer. */
  readonly attempts: number;
  /** The document before this one: an object that it named was gone when it was to be read. */
  readonly staleRequest?: StoredObject | undefined;
  readonly engine?: { readonly name: RetrievalEngine; readonly jobName?: string | undefined } | undefined;
  readonly dispatchedAt?: string | undefined;
  /** Counts changes, so that of two that meet one is refused. */
  readonly revision: number;
}

export interface RetrievalStore {
  add(retrieval: RetrievalRecord, event: DomainEvent): Promise<void>;
  find(project: string, retrievalId: string): Promise<RetrievalRecord | undefined>;
  /** Newest first. */
  list(project: string, pageToken?: string): Promise<Page<RetrievalRecord>>;
  /** Changes one that is as it was read, with the event that tells of it; RetrievalChanged (conflict) where it is not. */
  change(
    retrieval: RetrievalRecord,
    changes: Partial<RetrievalRecord>,
    event?: DomainEvent,
  ): Promise<RetrievalRecord>;
  saveJob(jobName: string, retrieval: RetrievalRecord): Promise<void>;
  findJob(jobName: string): Promise<RetrievalRecord | undefined>;
  unfinished(): AsyncIterable<RetrievalRecord>;
}

/** JSON documents about a retrieval, in the data bucket. */
export interface RetrievalDocuments {
  writePlan(plan: RetrievalPlan): Promise<StoredObject>;
  readPlan(plan: StoredObject): Promise<RetrievalPlan>;
  /** The names of a job's objects, as SageMaker reads them. */
  writeInputManifests(plan: RetrievalPlan): Promise<ProcessingJob['objects']>;
}

/** Retrievals as SageMaker's Processing jobs. */
export interface RetrievalJobs extends Omit<JobRunner, 'create'> {
  create(
    job: Pick<ProcessingJob, 'jobName' | 'resources' | 'objects'> & { readonly retrieval: RetrievalRecord },
  ): Promise<void>;
  /** What the program of a job found. */
  outcome(retrieval: RetrievalRecord, jobName: string): Promise<RetrievalOutcome>;
}

/** Sets things to work, without waiting for them. Twice is as good as once. */
export interface RetrievalDispatcher {
  /** Lets a retrieval go on. */
  wake(project: string, retrievalId: string): Promise<void>;
  invoke(engine: RetrievalFunction, retrieval: RetrievalRecord): Promise<void>;
}

/** Retrieves where it runs. Throws OutOfRoom (unavailable). */
export interface Retriever {
  retrieve(plan: RetrievalPlan): Promise<RetrievalOutcome>;
}

/** Files of entity rows that people send. */
export interface EntityFiles {
  /** Where to send one to; it is kept for a day. */
  create(project: string, fileId: string, now: Date): Promise<{ url: string; expiresAt: string }>;
  find(project: string, fileId: string): Promise<{ uri: string; bytes: number } | undefined>;
  /** Deletes those that are older than a day. */
  dropExpired(now: Date): Promise<void>;
}

/** What is declared of features; the newest where no version is named. */
export interface DeclaredFeatures {
  service(project: string, service: string, version?: number): Promise<FeatureServiceVersion | undefined>;
  view(project: string, view: string, version?: number): Promise<FeatureViewVersion | undefined>;
}

/** What other services know of datasets. */
export interface EntityDatasets {
  revision(project: string, revision: number): Promise<ProjectRevision>;
  validation(project: string, datasetVersion?: number): Promise<ValidationReport>;
}
