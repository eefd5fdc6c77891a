import { randomBytes } from 'node:crypto';
import type { Span } from '#services/tracking/domain/spans.ts';
import { mlflowTraceId } from '#services/tracking/domain/spans.ts';
import type { SpanBatch, Trace } from '#services/tracking/domain/trace.ts';
import type { Heads } from '#services/tracking/ports/heads.ts';
import type { TraceFiles } from '#services/tracking/ports/traces.ts';
import { createTraceStore } from '#services/tracking/store/traces-store.ts';
import type { Table } from '#shared/aws/table.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from './memory-table.ts';

const experiments: Readonly<Record<string, { project: string; lifecycleStage: 'active' | 'deleted' }>> = {
  1: { project: 'wine', lifecycleStage: 'active' },
  2: { project: 'wine', lifecycleStage: 'active' },
  3: { project: 'beer', lifecycleStage: 'active' },
  4: { project: 'wine', lifecycleStage: 'deleted' },
};

/** Experiments 1, 2 and 4 (deleted) of project wine and 3 of beer; run r1 is in experiment 1. */
export const traceHeads: Heads = {
  async experiment(experimentId) {
    const found = experiments[experimentId];
    if (!found) return undefined;
    const artifactLocation = `mlflow-artifacts:/${experimentId}`;
    return { experimentId, name: `experiment ${experimentId}`, artifactLocation, ...found };
  },
  async run(runId) {
    if (runId !== 'r1') return undefined;
    const artifactUri = 'mlflow-artifacts:/1/r1/artifacts';
    return { runId, experimentId: '1', project: 'wine', artifactUri, lifecycleStage: 'active' };
  },
};

/** The use cases of traces over a table and files in memory; `between` puts another table in front of it. */
export function createTraces(between: (table: Table) => Table = (table) => table) {
  const table = createMemoryTable();
  const kept = new Map<string, Uint8Array>();
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const files: TraceFiles = {
    put: async (path, content) => void kept.set(path, content),
    read: async (path) => kept.get(path)!,
    removeUnder: async (prefix) => {
      for (const path of kept.keys()) if (path.startsWith(prefix)) kept.delete(path);
    },
  };
  const store = createTraceStore(between(table), files, pause);
  return { table, files: kept, clock, pauses, deps: { store, heads: traceHeads, clock, pause } };
}

const base64 = (number: number, bytes: number): string => {
  const id = Buffer.alloc(bytes);
  id.writeUInt32BE(number, bytes - 4);
  return id.toString('base64');
};

/** The id of the trace with this number. */
export const traceIdOf = (trace: number): string => mlflowTraceId(base64(trace, 16));

/** A span of a trace by numbers; it lasts 10 ms. */
export function span(
  trace: number,
  id: number,
  { parent, startMs = 1000, ...parts }: Partial<Span> & { parent?: number; startMs?: number } = {},
): Span {
  return {
    trace_id: base64(trace, 16),
    span_id: base64(id, 8),
    ...(parent === undefined ? {} : { parent_span_id: base64(parent, 8) }),
    name: `span ${id}`,
    start_time_unix_nano: `${startMs}000000`,
    end_time_unix_nano: `${startMs + 10}000000`,
    ...parts,
  };
}

export const batchOf = (
  trace: number,
  spans: readonly Span[],
  resource: SpanBatch['resource'] = {},
): SpanBatch => ({ traceId: traceIdOf(trace), spans, resource });

/** What a client tells of a trace at its end. */
export const told = (trace: number, parts: Partial<Trace> = {}): Trace => ({
  traceId: traceIdOf(trace),
  experimentId: '1',
  requestTimeMs: 1000,
  executionDurationMs: 25,
  state: 'OK',
  metadata: {},
  tags: {},
  assessments: [],
  runIds: [],
  prompts: [],
  ...parts,
});

/** A text that no compression makes shorter. */
export const incompressible = (bytes: number): string =>
  randomBytes(Math.ceil((bytes * 3) / 4)).toString('base64');
