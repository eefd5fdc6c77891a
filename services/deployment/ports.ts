import type * as z from 'zod';
import type { ModelSignature } from '#events/registry.ts';
import type { ReleaseExecutionInput, RoutingRecord } from '#services/deployment/contract.ts';
import type { TrainingSet } from '#services/feature-store/contract.ts';
import type { ProjectDefinition } from '#services/projects/contract.ts';
import type { contentManifest, ModelVersion } from '#services/registry/contract.ts';
import type { DomainEvent, EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { CanaryAlarm } from './domain/canary-alarms.ts';

/** One release: a registered version on its way into service, or out of it. */
export interface Release {
  readonly releaseId: string;
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly status: 'open' | 'deploying' | 'canary' | 'completed' | 'rolled_back' | 'rejected';
  readonly openedAt: string;
  readonly closedAt?: string;
  readonly reason?: string;
  /** These three are absent where a client's version cannot be served: such a release is rejected. */
  readonly artifact?: StoredObject;
  readonly trainingImage?: string;
  readonly signature?: ModelSignature;
  /** Manifest of what a client registered, which `artifact` was made of. */
  readonly registered?: StoredObject;
  readonly deployment: ProjectDefinition['deployment'];
  /** What served before the canary: where a rollback leads. */
  readonly routingBefore?: RoutingRecord['versions'];
  readonly alarmNames?: readonly string[];
}

/** One SageMaker endpoint that a release made. */
export interface Endpoint {
  readonly endpointName: string;
  readonly project: string;
  readonly releaseId: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly status: 'creating' | 'in_service' | 'failed' | 'retired';
  readonly graceSeconds: number;
  readonly changedAt: string;
  /** Of the state that waits for the endpoint; gone once answered. */
  readonly taskToken?: string;
}

export interface RoutingChange {
  readonly before: RoutingRecord | undefined;
  readonly versions: RoutingRecord['versions'];
  readonly reason: string;
  readonly actor: string;
  readonly at: string;
}

/** One atomic change of what deployment owns. */
export interface ReleaseChange {
  readonly release?: Release;
  /** Refuses when the release is not in this status any more. */
  readonly releaseWas?: Release['status'];
  readonly endpoint?: Endpoint;
  /** The token that was answered; throws SomebodyElseWaits when another waits for the endpoint by now. */
  readonly endpointToken?: string;
  readonly routing?: RoutingChange;
  /** Takes the project’s lease for the release, or gives it back. Throws RolloutInProgress when another holds it. */
  readonly lease?:
    | { readonly project: string; readonly take: string }
    | { readonly project: string; readonly giveBack: string };
  readonly watchAlarms?: {
    readonly alarmNames: readonly string[];
    readonly releaseId: string;
    readonly project: string;
  };
  readonly forgetAlarms?: readonly string[];
  /** Somebody asked for this release; throws ReleaseRequestedMeanwhile where `after` is not the one that was asked for last. */
  readonly requested?: {
    readonly project: string;
    readonly modelVersion: number;
    readonly releaseId: string;
    readonly after: string | undefined;
  };
  readonly events: readonly DomainEvent[];
}

export interface AlarmWatch {
  readonly alarmName: string;
  readonly project: string;
  readonly releaseId: string;
  readonly taskToken?: string;
}

export interface LedgerEntry {
  readonly at: string;
  readonly revision: number;
  readonly shares: { modelVersion: number; artifactSha256: string; share: number }[];
  readonly reason: string;
  readonly actor: string;
}

export interface ReleaseStore {
  readRelease(project: string, releaseId: string): Promise<Release | undefined>;
  listReleases(project: string, limit: number): Promise<readonly Release[]>;
  /** All of one version, newest first. */
  releasesOf(project: string, modelVersion: number): Promise<readonly Release[]>;
  /** The release of a version that somebody asked for last. */
  readRequest(project: string, modelVersion: number): Promise<string | undefined>;
  readRouting(project: string): Promise<RoutingRecord | undefined>;
  /** Which release holds the project’s lease. */
  readLease(project: string): Promise<string | undefined>;
  readEndpoint(endpointName: string): Promise<Endpoint | undefined>;
  listEndpoints(): Promise<readonly Endpoint[]>;
  readAlarmWatch(alarmName: string): Promise<AlarmWatch | undefined>;
  saveAlarmToken(alarmNames: readonly string[], taskToken: string): Promise<void>;
  listLedger(
    project: string,
    pageToken?: string,
  ): Promise<{ items: readonly LedgerEntry[]; nextPageToken?: string }>;
  commit(change: ReleaseChange): Promise<void>;
}

export type EndpointState =
  | { readonly status: 'in_service' }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'changing' }
  | { readonly status: 'absent' };

/** A release of a version that can be served. */
export type ServableRelease = Release & Required<Pick<Release, 'artifact' | 'trainingImage' | 'signature'>>;

/** SageMaker hosting. Creating what exists already is no error. */
export interface Hosting {
  create(endpointName: string, release: ServableRelease): Promise<void>;
  describe(endpointName: string): Promise<EndpointState>;
  /** Deletes endpoint, configuration and model; what is gone already is no error. */
  remove(endpointName: string): Promise<void>;
}

export interface Alarms {
  create(alarms: readonly CanaryAlarm[]): Promise<void>;
  /** State per alarm that exists. */
  states(alarmNames: readonly string[]): Promise<ReadonlyMap<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'>>;
  remove(alarmNames: readonly string[]): Promise<void>;
}

export interface Artifacts {
  /** SHA-256 of the bytes that are stored now. */
  digest(uri: string): Promise<string>;
}

export type ContentManifest = z.output<typeof contentManifest>;

/** What clients registered, by its manifest, and archives of it for serving. */
export interface ClientFiles {
  manifest(claim: StoredObject): Promise<ContentManifest>;
  /** Throws ContentChanged where the bytes are not the registered ones. */
  text(manifest: ContentManifest, path: string): Promise<string>;
  /** A `model.tar.gz` of one file, a model of XGBoost, and the features that it names. Throws ContentChanged. */
  pack(
    project: string,
    manifest: ContentManifest,
    path: string,
  ): Promise<{ artifact: StoredObject; featureNames?: readonly string[] | undefined }>;
  /** Paths of objects whose bytes are others now, or gone. */
  changedSince(manifest: ContentManifest): Promise<readonly string[]>;
}

/** What others know of how a project's models are served. */
export interface ServingFacts {
  newestTrainingSet(project: string): Promise<TrainingSet | undefined>;
  /** The serving image, by digest. */
  image(): Promise<string>;
}

/** The registry. */
export interface Versions {
  find(project: string, modelVersion: number): Promise<ModelVersion | undefined>;
}

export interface ReleaseStarter {
  /** Begins the release of a version; again for the same fact, nothing happens. */
  begin(metadata: EventMetadata, version: ReleaseExecutionInput['version']): Promise<void>;
  /** Stops the execution of a release; one that has ended, or is not there, stays as it is. */
  stop(releaseId: string, reason: string): Promise<void>;
}

export interface Projects {
  /** Undefined where no such project was applied. */
  newestRevision(project: string): Promise<number | undefined>;
  definition(project: string, revision: number): Promise<ProjectDefinition>;
}

/** Answers states that wait (shared/aws/task-tokens.ts). */
export interface TaskTokens {
  succeed(taskToken: string, output: unknown): Promise<void>;
  fail(taskToken: string, code: string, cause: string): Promise<void>;
}
