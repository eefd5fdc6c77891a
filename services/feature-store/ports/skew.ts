import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { FeatureServiceVersion, FeatureViewVersion, SkewReport } from '../contract.ts';
import type { ComparedInference, KeptSkewReport } from '../domain/skew.ts';
import type { Period } from './capture-files.ts';

/** Up to when it was looked at, and when it is due again. */
export interface SkewState {
  readonly checkId: string;
  /** ISO times. */
  readonly checkedTo: string;
  readonly dueAt: string;
}

export interface SkewStore {
  state(project: string): Promise<SkewState | undefined>;
  /** Throws SkewCheckRequested (conflict) where another was requested meanwhile: `before` is what was read. */
  request(
    project: string,
    state: SkewState,
    before: SkewState | undefined,
    event: DomainEvent,
  ): Promise<void>;
  /** Saves reports and the facts of them; the same again changes nothing. Throws AlreadyConsumed. */
  save(
    reports: readonly { readonly report: KeptSkewReport; readonly object: StoredObject }[],
    events: readonly DomainEvent[],
    consumed: { readonly consumer: string; readonly eventId: string },
  ): Promise<void>;
  /** Newest first. */
  page(project: string, pageToken: string | undefined): Promise<Page<KeptReport>>;
  /** Where examples went by an erasure. */
  replace(project: string, reportId: string, object: StoredObject): Promise<void>;
}

export interface KeptReport {
  readonly reportId: string;
  readonly object: StoredObject;
}

/** Documents below `feature-store/<project>/` of the data bucket. */
export interface Documents {
  write(project: string, path: string, document: unknown): Promise<StoredObject>;
  read(object: StoredObject): Promise<unknown>;
  /** For good, with what it was before. */
  remove(object: StoredObject): Promise<void>;
}

export interface ServedInferences {
  readonly service: string;
  readonly version: number;
  readonly inferences: number;
}

/** The predictions of a period that features were read for, on local disk. */
export interface ServedPeriod {
  readonly services: readonly ServedInferences[];
  /** At most so many of a service version, chosen evenly by the hash of their ids, with what the offline store has for them. */
  compare(
    service: FeatureServiceVersion,
    definitions: readonly FeatureViewVersion[],
    most: number,
  ): AsyncIterable<ComparedInference>;
}

export interface SkewComparer {
  withServed<Result>(
    project: string,
    period: Period,
    run: (served: ServedPeriod) => Promise<Result>,
  ): Promise<Result>;
}

export interface SkewMeter {
  mismatchRate(project: string, service: SkewReport['featureService'], rate: number): void;
}
