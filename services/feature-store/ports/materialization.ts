import type * as z from 'zod';
import type { DomainEvent, EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type {
  FeatureViewSettings,
  FeatureViewVersion,
  Materialization,
  materializationExecutionInput,
  viewState,
} from '../contract.ts';
import type * as rules from '../domain/materializer.ts';
import type { EntityKey } from '../domain/online-key.ts';
import type { WindowState } from '../domain/window-state.ts';
import type { OnlineRow, OnlineStateWriter, OnlineWriter, ViewKey } from './online.ts';

export type ViewState = z.output<typeof viewState>;
/** What the rules are told of, with the fact that asked. */
export type MaterializationRequest = rules.MaterializationRequest<EventMetadata>;
export type Materializer = rules.Materializer<EventMetadata>;
export type MaterializationExecution = z.output<typeof materializationExecutionInput>;

/** What a materialization is going to write; decided once. */
export interface MaterializationPlan {
  /** In the data bucket, with the part files. */
  readonly folder: string;
  readonly parts: number;
  /** Entities that are put or deleted. */
  readonly rows: number;
  /** Parquet of what is online when all parts are written: key, rank, digest. */
  readonly state: StoredObject;
  /** Parquet of what may be online while they are: key, greatest rank, digest. */
  readonly uncertain: StoredObject;
  readonly entities: number;
  readonly newestEventAt?: string;
  /** When a row that is known becomes visible. */
  readonly nextVisibleAt?: string;
  /** What the rows came from, where it is a dataset. */
  readonly dataset?: string;
  readonly datasetVersion?: number;
}

/** A materialization as it is kept. */
export interface MaterializationRun
  extends Omit<
    Materialization,
    'progress' | 'datasetVersion' | 'newestEventAt' | 'completedAt' | 'written' | 'failure'
  > {
  /** Counts its executions. */
  readonly attempt: number;
  readonly metadata: EventMetadata;
  readonly plan?: MaterializationPlan;
  readonly completedAt?: string;
  readonly written?: { readonly put: number; readonly deleted: number; readonly skipped: number };
  readonly failure?: string;
  /** Materializations whose files are of no use since this one ended well. */
  readonly leftovers?: readonly string[];
}

/** What a part wrote. */
export interface PartOutcome {
  readonly rows: number;
  readonly put: number;
  readonly deleted: number;
  readonly skipped: number;
}

export interface MaterializationChange {
  /** As it is to be, with the revision that it was read with. */
  readonly materializer: Materializer;
  readonly revision: number;
  readonly runs: readonly MaterializationRun[];
  readonly state?: ViewState;
  readonly events: readonly DomainEvent[];
  readonly consumed?: { readonly consumer: string; readonly eventId: string };
}

export interface MaterializationStore {
  /** A version of a view that was never materialized has revision 0. */
  materializer(key: ViewKey): Promise<{ readonly materializer: Materializer; readonly revision: number }>;
  /** All in one transaction. Throws MaterializerChanged (conflict) where another change came first, and AlreadyConsumed. */
  save(change: MaterializationChange): Promise<void>;
  /** Materializers that are to be looked at by then, the most urgent first. */
  due(until: string): AsyncIterable<Materializer>;
  find(project: string, view: string, materializationId: string): Promise<MaterializationRun | undefined>;
  /** Newest first. */
  list(project: string, view: string, pageToken: string | undefined): Promise<Page<MaterializationRun>>;
  /** A part that was written before keeps its first outcome. */
  savePart(run: MaterializationRun, part: number, outcome: PartOutcome): Promise<void>;
  isWritten(run: MaterializationRun, part: number): Promise<boolean>;
  written(run: MaterializationRun): Promise<PartOutcome & { readonly parts: number }>;
}

/** Which views are made of which dataset. */
export interface DatasetReaders {
  note(dataset: string, views: readonly ViewKey[]): Promise<void>;
  of(dataset: string): AsyncIterable<ViewKey>;
}

/** What projects declare. */
export interface DeclaredViews {
  /** The newest version where none is named. */
  version(project: string, view: string, version?: number): Promise<FeatureViewVersion | undefined>;
  /** What the newest revision says; undefined where it does not declare the view. */
  settings(project: string, view: string): Promise<FeatureViewSettings | undefined>;
}

/** The newest validated rows of datasets. */
export interface ValidatedRows {
  newest(
    dataset: string,
  ): Promise<{ readonly datasetVersion: number; readonly validated: StoredObject } | undefined>;
}

/** One entity to be changed online. */
export interface EntityChange {
  readonly key: EntityKey;
  /** Whatever stands there up to this rank goes first. */
  readonly ceiling?: string;
  readonly rank?: string;
  /** Values of the view's features in order, or the state of its windows. */
  readonly values?: OnlineRow['values'];
  readonly state?: WindowState;
}

export interface PlanRows {
  readonly view: FeatureViewVersion;
  readonly run: MaterializationRun;
  readonly held?: StoredObject;
  readonly uncertain?: StoredObject;
}

/** Compares what should be online with what is, and keeps the difference as files. */
export interface MaterializationPlanner {
  plan(input: PlanRows): Promise<MaterializationPlan>;
}

/** Files of materializations. */
export interface MaterializationFiles {
  part(view: FeatureViewVersion, plan: MaterializationPlan, part: number): Promise<readonly EntityChange[]>;
  /** Deletes what materializations left, in all S3 versions, but not the object that is named. */
  remove(key: ViewKey, materializationIds: readonly string[], kept: StoredObject): Promise<void>;
}

export type MaterializedWriter = OnlineWriter & OnlineStateWriter;

/** Online values of any view, whatever store it names. */
export interface MaterializedWriters {
  /** Of a version of a view, where it can be written: its group is created first. Throws FeatureGroupFailed, FeatureGroupPending. */
  of(view: FeatureViewVersion): Promise<MaterializedWriter>;
}

export interface MaterializationMachine {
  /** Starts an execution; one of this name is left alone. */
  start(
    name: string,
    input: { readonly metadata: EventMetadata; readonly input: MaterializationExecution },
  ): Promise<void>;
}
