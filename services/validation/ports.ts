import type * as z from 'zod';
import type { DatasetManifest, getDatasetVersion } from '#services/datasets/contract.ts';
import type { DataContract, ProjectRevision } from '#services/projects/contract.ts';
import type { JobRunner, ProcessingJob } from '#shared/aws/processing-jobs.ts';
import type { DomainEvent, EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type {
  ContractSuggestion,
  DatasetProfile,
  listContractSuggestions,
  ValidationReport,
} from './contract.ts';
import type { CheckPlan, StoredOutcome } from './domain/check-plan.ts';
import type { ModelVersion, RegisteredModelVersion, ServingVersion } from './domain/consumers.ts';
import type { CheckFunction, EngineName } from './domain/sizing.ts';

/** Why a version is checked. */
export type Occasion = 'upload' | 'contract' | 'release' | 'erasure';

/** A person's word that rows may leave quarantine. */
export interface Release {
  readonly releaseId: string;
  /** `range`, `range:age`; empty is all. */
  readonly checks: readonly string[];
  readonly releasedBy: string;
  readonly releasedAt: string;
  readonly reason: string;
}

/** A check of a version that somebody or something asked for. Ids come from the cause, so that a repeated event asks for nothing new. */
export interface CheckRequest {
  readonly checkId: string;
  readonly project: string;
  readonly datasetVersion: number;
  readonly occasion: Occasion;
  readonly requestedAt: string;
  /** What the outcome follows from. */
  readonly cause: EventMetadata;
  /** Absent: that of the report before. */
  readonly projectRevision?: number | undefined;
  readonly release?: Release | undefined;
}

/**
 * A check that is not done. `planned`: nothing works on it. `running`: a function or a job does. `cleaning`: its outcome is
 * published, and what it replaced is still to be deleted.
 */
export interface Check extends CheckRequest {
  readonly status: 'planned' | 'running' | 'cleaning';
  /** How often something was set to work that did not answer. */
  readonly attempts: number;
  /** All that decides the outcome (`checkPlan`). */
  readonly plan?: StoredObject | undefined;
  /** The plan before this one: an object that it named was gone when the rows were to be read. */
  readonly stalePlan?: StoredObject | undefined;
  readonly engine?: { readonly name: EngineName; readonly jobName?: string | undefined } | undefined;
  readonly dispatchedAt?: string | undefined;
  /** Of a check that is `cleaning`: objects that its outcome replaced. */
  readonly replaced?: readonly StoredObject[] | undefined;
  /** Counts changes, so that of two that meet one is refused. */
  readonly revision: number;
}

export interface Projects {
  /** The newest revision, or the one asked for. */
  revision(project: string, revision?: number): Promise<ProjectRevision>;
  /** What is wrong with a contract for the project; empty where nothing is. */
  contractViolations(project: string, contract: DataContract): Promise<readonly string[]>;
}

export interface Datasets {
  version(project: string, datasetVersion: number): Promise<z.infer<typeof getDatasetVersion.output>>;
  manifest(manifest: StoredObject): Promise<DatasetManifest>;
}

/** Which JSON documents the service keeps, at their content address below the version that they are about. */
export interface Documents {
  writeReport(report: ValidationReport): Promise<StoredObject>;
  readReport(report: StoredObject): Promise<ValidationReport>;
  writePlan(plan: CheckPlan): Promise<StoredObject>;
  readPlan(plan: StoredObject): Promise<CheckPlan>;
  readProfile(profile: StoredObject): Promise<DatasetProfile>;
  writeSuggestion(suggestion: ContractSuggestion): Promise<StoredObject>;
  readSuggestion(suggestion: StoredObject): Promise<ContractSuggestion>;
  writeContract(project: string, datasetVersion: number, contract: DataContract): Promise<StoredObject>;
  /** The names of a job's objects, as SageMaker reads them. */
  writeInputManifests(plan: CheckPlan): Promise<ProcessingJob['objects']>;
}

/** What was found out about a version, the newest check of it. */
export interface ValidationRecord {
  readonly project: string;
  readonly datasetVersion: number;
  readonly verdict: ValidationReport['verdict'];
  readonly report: StoredObject;
  /** Absent in records of releases before contracts were suggested. */
  readonly projectRevision?: number;
  readonly contractSha256?: string;
  /** When the platform came to know the newest rows of the version. */
  readonly newestRowsAt?: string;
  /** Of the newest ValidationCompleted: what is decided about the version goes on in its journey. */
  readonly journey?: EventMetadata;
  /** When retention removed the rows. */
  readonly expiredAt?: string;
}

export interface ProfileRecord {
  readonly project: string;
  readonly datasetVersion: number;
  readonly profile: StoredObject;
}

export interface ValidationStore {
  find(project: string, datasetVersion: number): Promise<ValidationRecord | undefined>;
  /** The newest version that may be trained on: Pass or Warn, and its rows are there; of those older than `before`, where given. */
  newestTrainable(project: string, before?: number): Promise<ValidationRecord | undefined>;
  /** Whatever its verdict. */
  newest(project: string): Promise<ValidationRecord | undefined>;
  oldestTrainable(project: string): Promise<ValidationRecord | undefined>;
  /** Records of versions from this one on, oldest first. */
  from(project: string, datasetVersion: number): AsyncIterable<ValidationRecord>;
  findProfile(project: string, datasetVersion: number): Promise<ProfileRecord | undefined>;
  markExpired(project: string, datasetVersion: number, at: string): Promise<void>;
}

export type Consumed = { readonly consumer: string; readonly eventId: string };

export interface CheckStore {
  /** Throws AlreadyConsumed where the event asked for it before. */
  request(request: CheckRequest, consumed?: Consumed): Promise<void>;
  /** Checks of a version that are not done, in the order that they were asked for. */
  list(project: string, datasetVersion: number): Promise<readonly Check[]>;
  /** Changes a check that is as it was read; CheckChanged (conflict) where it is not. */
  change(check: Check, changes: Partial<Check>): Promise<Check>;
  /** Forgets a check that is done. */
  remove(check: Check): Promise<void>;
  saveJob(jobName: string, check: Check): Promise<void>;
  findJob(jobName: string): Promise<Check | undefined>;
  unfinished(): AsyncIterable<Check>;
}

type SuggestionHead = z.infer<typeof listContractSuggestions.response>['items'][number];
/** A suggestion and what became of it. */
export interface SuggestionRecord extends SuggestionHead {
  readonly project: string;
  readonly document: StoredObject;
  /** When the document was deleted, because it was made of rows that were erased. */
  readonly erasedAt?: string | undefined;
  /** Of the SchemaSuggested that told of it. */
  readonly metadata: EventMetadata;
}

/** Data that has no contract yet: the newest version, what was suggested for it, and the journey that waits. */
export interface WaitingData {
  readonly project: string;
  readonly datasetVersion: number;
  readonly suggestionId: string;
  readonly metadata: EventMetadata;
}

export interface SuggestionStore {
  find(project: string, suggestionId: string): Promise<SuggestionRecord | undefined>;
  list(project: string, pageToken?: string): Promise<Page<SuggestionRecord>>;
  /** All that was ever suggested by the data of a version. */
  ofVersion(project: string, datasetVersion: number): AsyncIterable<SuggestionRecord>;
  /** Says of a suggestion that waits no more that its document is gone. */
  markErased(suggestion: SuggestionRecord, at: string): Promise<void>;
  waiting(project: string): Promise<WaitingData | undefined>;
  allWaiting(): AsyncIterable<WaitingData>;
  /** Throws SuggestionDecided (conflict) where it waits no more. */
  decide(decided: SuggestionRecord, event: DomainEvent): Promise<void>;
}

/** All that the end of a check changes, at once. CheckChanged (conflict) where the check is not as it was read. */
export interface Outcomes {
  complete(outcome: {
    readonly check: Check;
    /** Whether what the outcome replaces is still to be deleted. */
    readonly cleaning: boolean;
    readonly record?: ValidationRecord | undefined;
    readonly profile?: StoredObject | undefined;
    readonly suggestion?: SuggestionRecord | undefined;
    /** The suggestion that waits no more. */
    readonly superseded?: SuggestionRecord | undefined;
    /** What the project's data waits for from now on; null: for nothing. Undefined leaves it as it is. */
    readonly waiting?: WaitingData | null | undefined;
    readonly events: readonly DomainEvent[];
  }): Promise<void>;
}

/** Sets things to work, without waiting for them. Twice is as good as once. */
export interface Dispatcher {
  /** Lets the checks of a version go on. */
  wake(project: string, datasetVersion: number): Promise<void>;
  invoke(engine: CheckFunction, check: Check): Promise<void>;
}

/** Checks as SageMaker's Processing jobs. */
export interface ProcessingJobs extends Omit<JobRunner, 'create'> {
  /** A job of this name that exists is the one that was wanted. */
  create(
    job: Pick<ProcessingJob, 'jobName' | 'resources' | 'objects'> & { readonly check: Check },
  ): Promise<void>;
  /** What the program of a job wrote. */
  outcome(check: Check): Promise<StoredOutcome>;
}

/** Checks rows where it runs: brings all to local disk, and keeps what comes of it. */
export interface RowChecker {
  check(plan: CheckPlan): Promise<StoredOutcome>;
}

/** Copies of a dataset's rows that the service holds. */
export interface Copies {
  /** Deletes, in all their S3 versions, what was kept about a version, but for objects of these keys; and these former objects. */
  deleteAllBut(
    version: { readonly project: string; readonly datasetVersion: number },
    kept: readonly StoredObject[],
    former: readonly StoredObject[],
  ): Promise<void>;
}

/** What is asked of a quarantine file. */
export interface QuarantineQuestion {
  quarantine: StoredObject;
  offset: number;
  limit: number;
  check?: string | undefined;
  /** Columns whose values nobody gets to see. */
  masked: string[];
  /** Where rows that came again are looked for: the newest rows that passed; and when the version's uploads came. */
  repairs?:
    | {
        primaryKey: string;
        validated: StoredObject;
        uploads: { sha256: string; availableAt: string }[];
      }
    | undefined;
}

export interface QuarantinePage {
  quarantinedRows: number;
  /** Rows that fail the check that was asked for. */
  matchingRows: number;
  repairedRows: number;
  items: {
    row: number;
    objectSha256: string;
    reasons: string[];
    /** When a row of the same key came that passed. */
    repairedAt?: string | undefined;
    values: Record<string, string | null>;
  }[];
}

export interface QuarantineRows {
  read(question: QuarantineQuestion): Promise<QuarantinePage>;
}

export interface ConsumerStore {
  saveVersion(version: RegisteredModelVersion, consumed: Consumed): Promise<void>;
  /** What is older than what is known changes nothing. */
  saveServing(serving: ServingVersion, consumed: Consumed): Promise<void>;
  list(project: string): Promise<readonly ModelVersion[]>;
}
