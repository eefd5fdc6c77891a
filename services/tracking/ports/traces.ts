import type { Span } from '../domain/spans.ts';
import type { SpanBatch, Trace } from '../domain/trace.ts';

/** Which traces a list is about, and how far it goes. */
export interface TraceRange {
  readonly experimentIds: readonly string[];
  readonly newestFirst: boolean;
  /** Milliseconds since 1970, both included. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TraceStore {
  /** Reads consistently: what was written before is seen. */
  read(traceId: string): Promise<Trace | undefined>;
  /** The traces of these ids that there are, in the order of the ids. */
  readAll(traceIds: readonly string[]): Promise<readonly Trace[]>;
  /**
   * Replaces a trace by what `change` makes of it (of nothing, where there is none), and answers that. Another writer in between makes
   * it start again from what that one wrote, so that nothing is lost. What `change` throws is thrown. Throws TraceBusy (throttled),
   * TraceTooLarge.
   */
  change(traceId: string, change: (existing: Trace | undefined) => Trace | Promise<Trace>): Promise<Trace>;
  /** Keeps spans of a trace; the same batch again changes nothing. */
  keepSpans(experimentId: string, batch: SpanBatch, receivedAtMs: number): Promise<void>;
  /** All spans of a trace, in the order of MLflow's answers. */
  spans(traceId: string): Promise<readonly Span[]>;
  /**
   * Traces by request time, those of one millisecond by id; reads on only while it is asked for more. Eventually consistent: a trace
   * may be missing, or be older than it is, for about a second after it was written.
   */
  list(range: TraceRange): AsyncIterable<Trace>;
  /** Removes a trace with its spans and its files. */
  remove(trace: Trace): Promise<void>;
}

/** Where spans are kept that are too big for the table, beside what clients put there: `<experimentId>/traces/<traceId>/…`. */
export interface TraceFiles {
  put(path: string, content: Uint8Array): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  /** Removes for good, older versions too, what has a path that begins so. */
  removeUnder(prefix: string): Promise<void>;
}
