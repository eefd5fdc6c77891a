import type { EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { EngineName } from './sizing.ts';

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
  /** Absent: the manifest that the version has when the check is planned. */
  readonly manifest?: StoredObject | undefined;
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
  readonly engine?: { readonly name: EngineName; readonly jobName?: string | undefined } | undefined;
  readonly dispatchedAt?: string | undefined;
  /** Of a check that is `cleaning`: objects that its outcome replaced. */
  readonly replaced?: readonly StoredObject[] | undefined;
  /** Counts changes, so that of two that meet one is refused. */
  readonly revision: number;
}

/** The check of a version that goes on now, of those in the order that they were asked for: one at a time. */
export function currentCheck(checks: readonly Check[]): Check | undefined {
  return checks.find(({ status }) => status !== 'planned') ?? checks[0];
}

/** So often a check is set to work before its version is called unreadable. */
export const maxAttempts = 4;
