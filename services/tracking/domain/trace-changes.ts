import { jsonOrUndefined } from './spans.ts';
import { artifactLocationOf, type Trace, traceMetadata, traceTag } from './trace.ts';
import { withoutReserved } from './trace-tags.ts';

/** What a client tells of a trace as a whole; what came before, spans and others' tags and assessments, stays. */
export function traceToldOf(existing: Trace | undefined, told: Trace, experimentLocation: string): Trace {
  const artifactLocation = artifactLocationOf(experimentLocation, told.traceId);
  return {
    ...existing,
    ...told,
    metadata: { ...existing?.metadata, ...told.metadata, [traceMetadata.finalized]: 'true' },
    tags: {
      ...existing?.tags,
      ...withoutReserved(told.tags),
      [traceTag.artifactLocation]: artifactLocation,
    },
    assessments: [
      ...new Map(
        [...(existing?.assessments ?? []), ...told.assessments].map((one) => [one.assessmentId, one]),
      ).values(),
    ],
    runIds: existing?.runIds ?? [],
    prompts: existing?.prompts ?? [],
  };
}

/** A trace whose client will tell of its end. */
export const traceStartedOf = (
  told: Pick<Trace, 'traceId' | 'experimentId' | 'requestTimeMs' | 'metadata' | 'tags'>,
): Trace => ({
  ...told,
  tags: withoutReserved(told.tags),
  state: 'IN_PROGRESS',
  assessments: [],
  runIds: [],
  prompts: [],
});

/** The trace after its client told of its end; metadata and tags are added to what there is. */
export const traceEndedOf = (
  trace: Trace,
  end: Pick<Trace, 'state' | 'metadata' | 'tags'> & { readonly endTimeMs: number },
): Trace => ({
  ...trace,
  state: end.state,
  executionDurationMs: end.endTimeMs - trace.requestTimeMs,
  metadata: { ...trace.metadata, ...end.metadata },
  tags: { ...trace.tags, ...withoutReserved(end.tags) },
});

/** How many spans the trace has by the word of its client; undefined where it does not say. */
export function toldSpanCount(trace: Trace): number | undefined {
  const stats = jsonOrUndefined(trace.metadata[traceMetadata.sizeStats] ?? '');
  const count = (stats as { num_spans?: unknown } | undefined)?.num_spans;
  return typeof count === 'number' ? count : undefined;
}
