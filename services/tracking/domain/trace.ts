import { AppError } from '#shared/kernel/errors.ts';
import type { Span } from './spans.ts';

export const traceStates = ['STATE_UNSPECIFIED', 'OK', 'ERROR', 'IN_PROGRESS'] as const;
export type TraceState = (typeof traceStates)[number];

/** The last time that a trace may have, some 30,000 years from now: the index has 15 digits. */
export const lastMs = 999_999_999_999_999;

/** What a trace is without its spans (MLflow's TraceInfo), and what is linked to it. */
export interface Trace {
  readonly traceId: string;
  readonly experimentId: string;
  readonly clientRequestId?: string;
  /** Milliseconds since 1970. */
  readonly requestTimeMs: number;
  readonly executionDurationMs?: number;
  readonly state: TraceState;
  readonly requestPreview?: string;
  readonly responsePreview?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly assessments: readonly Assessment[];
  /** Runs that the trace was linked to after it was made; the run it was made in is in `metadata`. */
  readonly runIds: readonly string[];
  /** `name/version` of prompts that it was linked to. */
  readonly prompts: readonly string[];
}

/** Spans of one trace that came in one request, with the attributes of what sent them. */
export interface SpanBatch {
  readonly traceId: string;
  readonly spans: readonly Span[];
  readonly resource: Readonly<Record<string, unknown>>;
}

/** Names in MLflow's metadata and tags of traces (mlflow/tracing/constant.py). */
export const traceMetadata = {
  sourceRun: 'mlflow.sourceRun',
  sizeStats: 'mlflow.trace.sizeStats',
  tokenUsage: 'mlflow.trace.tokenUsage',
  cost: 'mlflow.trace.cost',
  user: 'mlflow.trace.user',
  session: 'mlflow.trace.session',
  /** Says that a client told what the whole trace is: what spans say does not change it any more. */
  finalized: 'mlflow.trace.infoFinalized',
} as const;
export const traceTag = {
  name: 'mlflow.traceName',
  artifactLocation: 'mlflow.artifactLocation',
  spansLocation: 'mlflow.trace.spansLocation',
} as const;
/** Value of the tag `spansLocation`: this server has the spans, so clients need not put them into an artifact. */
export const trackingStore = 'TRACKING_STORE';

export const traceNotFound = (traceId: string): AppError =>
  new AppError('not_found', 'TraceNotFound', `Trace with ID '${traceId}' not found.`);

/** Where clients put files of a trace: below the artifacts of its experiment. */
export const artifactLocationOf = (experimentLocation: string, traceId: string): string =>
  `${experimentLocation.replace(/\/$/, '')}/traces/${traceId}/artifacts`;

/** What somebody or something says of a trace (MLflow's Assessment). */
export interface Assessment {
  readonly assessmentId: string;
  readonly name: string;
  /** The span that it is about; the whole trace where there is none. */
  readonly spanId?: string;
  readonly source: { readonly sourceType: string; readonly sourceId: string };
  /** Milliseconds since 1970. */
  readonly createTimeMs: number;
  readonly lastUpdateTimeMs: number;
  readonly said: Said;
  readonly rationale?: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Id of the assessment that this one replaces, which is not valid any more. */
  readonly overrides?: string;
  readonly valid: boolean;
}

export type Said =
  | { readonly kind: 'feedback'; readonly value: unknown; readonly error?: AssessmentError }
  | { readonly kind: 'expectation'; readonly value: unknown }
  | { readonly kind: 'issue'; readonly issueName: string };

export interface AssessmentError {
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly stackTrace?: string;
}
