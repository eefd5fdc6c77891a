import type { ServedVersion } from '#services/deployment/contract.ts';
import type { ProjectDefinition } from '#services/projects/contract.ts';
import type { ModelVersion } from '#services/registry/contract.ts';
import type { Actor, DomainEvent, EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { ContainerImage } from './domain/container-image.ts';
import type { GovernorState, Trigger } from './domain/governor.ts';
import type { JobOutcome } from './domain/job.ts';

/** Who or what asked for a training: a person by the API, or a fact. */
export interface Origin {
  readonly actor: Actor;
  readonly cause?: EventMetadata;
}

/** One training, from the governor's yes to its end. `trainingId` names the execution too. */
export interface Training {
  readonly trainingId: string;
  readonly project: string;
  readonly projectRevision: number;
  readonly trigger: Trigger;
  readonly reasons: readonly string[];
  readonly datasetVersion: number;
  readonly requestedBy: string;
  readonly status: 'requested' | 'running' | 'completed' | 'failed';
  readonly requestedAt: string;
  /** Metadata of TrainingRequested: what the execution and all that it publishes follow from. */
  readonly metadata: EventMetadata;
  readonly endedAt?: string;
  readonly jobName?: string;
  readonly modelVersion?: number;
  readonly error?: string;
}

interface WaitedForJob {
  readonly jobName: string;
  readonly project: string;
  readonly trainingId: string;
  /** Of the execution that waits. It is answered once; then the job is settled. */
  readonly taskToken: string;
  readonly startedAt: string;
  readonly settled: boolean;
}

/** A SageMaker job that an execution waits for. */
export type Job =
  | (WaitedForJob & { readonly kind: 'training' })
  | (WaitedForJob & { readonly kind: 'transform'; readonly candidate: 'challenger' | 'champion' });

/** The governor's memory of a project with the revision that a change of it must name. */
export interface RememberedGovernor {
  readonly state: GovernorState<Origin>;
  readonly revision: number;
}

export interface Consumed {
  readonly consumer: string;
  readonly eventId: string;
}

export interface GovernorChange {
  readonly project: string;
  readonly state: GovernorState<Origin>;
  /** Revision that was read. GovernorChanged (conflict) is thrown when it is another by now. */
  readonly revision: number;
  readonly training?: Training;
  readonly events: readonly DomainEvent[];
  readonly consumed?: Consumed;
}

export interface TrainingStore {
  readGovernor(project: string): Promise<RememberedGovernor>;
  /** Writes the governor's memory, a training and the facts about them at once. */
  saveGovernor(change: GovernorChange): Promise<void>;
  /** Projects with a flight or something that waits. */
  listBusyProjects(): Promise<readonly string[]>;
  readTraining(trainingId: string): Promise<Training | undefined>;
  /** Marks a requested training as running; one that ended stays ended. */
  markRunning(trainingId: string, jobName: string, events: readonly DomainEvent[]): Promise<void>;
  listTrainings(project: string, pageToken: string | undefined): Promise<Page<Training>>;
  /** Remembers who waits for the job from now on: a job that was settled for somebody before is open again. */
  saveJob(job: Job): Promise<void>;
  readJob(jobName: string): Promise<Job | undefined>;
  /** Does nothing where somebody else waits for the job by now. */
  markSettled(job: Job): Promise<void>;
  /** Jobs that nobody answered yet, the oldest first. */
  listJobsInFlight(): Promise<readonly Job[]>;
}

/** What other services know. */
export interface Neighbours {
  /** The newest revision, or the one named. */
  project(
    project: string,
    revision?: number,
  ): Promise<{ readonly revision: number; readonly definition: ProjectDefinition }>;
  champion(project: string): Promise<ModelVersion | undefined>;
  /** How a version is served, or was; undefined for one that never had an endpoint. */
  served(project: string, modelVersion: number): Promise<ServedVersion | undefined>;
  /** The newest dataset version that may be trained on. */
  newestValidatedDataset(project: string): Promise<number | undefined>;
}

export type ExecutionStatus = 'running' | 'succeeded' | 'failed' | 'absent';

/** The training machine. */
export interface TrainingMachine {
  /** Starts the execution of that name; one that has been started before is left alone. */
  start(name: string, input: unknown): Promise<void>;
  status(name: string): Promise<{ readonly status: ExecutionStatus; readonly cause?: string }>;
}

/** Answers executions that wait. A token that nobody waits for any more is no error. */
export interface TaskTokens {
  succeed(taskToken: string, output: unknown): Promise<void>;
  fail(taskToken: string, code: string, cause: string): Promise<void>;
}

/** A training job as it is asked for. URIs are of S3. */
export interface TrainingJobRequest {
  readonly jobName: string;
  readonly project: string;
  readonly trainingId: string;
  readonly trainingImage: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: { readonly train: string; readonly validation: string };
  readonly outputUri: string;
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeSizeGb: number;
  readonly maxRuntimeSeconds: number;
  /** Present for managed spot training. */
  readonly spot?: { readonly maxWaitSeconds: number; readonly checkpointUri: string };
}

export interface TransformJobRequest {
  readonly jobName: string;
  readonly project: string;
  readonly trainingId: string;
  readonly trainingImage: string;
  readonly artifactUri: string;
  readonly inputUri: string;
  readonly outputPrefixUri: string;
  readonly instanceType: string;
}

/** SageMaker's jobs. Creating one that exists already is success. Throws TrainingJobRejected or TransformJobRejected for a request that is not valid. */
export interface JobRunner {
  createTrainingJob(request: TrainingJobRequest): Promise<void>;
  /** Creates the model of that name for it too. */
  createTransformJob(request: TransformJobRequest): Promise<void>;
  describe(job: Pick<Job, 'kind' | 'jobName'>): Promise<JobOutcome>;
  /** Asks a job to stop; one that ended or never was is left alone. */
  stop(job: Pick<Job, 'kind' | 'jobName'>): Promise<void>;
  /** Removes the model that a transform job needed. */
  removeModel(modelName: string): Promise<void>;
}

export interface ImageRegistry {
  /** Digest (`sha256:…`) of what the tag names now. Throws ImageNotFound where the registry has no such tag. */
  digest(image: ContainerImage): Promise<string>;
}

export interface ObjectHasher {
  /** Address, SHA-256 and size of an object, read whole. */
  fingerprint(uri: string): Promise<StoredObject>;
}
