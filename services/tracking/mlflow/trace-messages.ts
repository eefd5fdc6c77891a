import { gzipSync } from 'node:zlib';
import { AppError } from '#shared/kernel/errors.ts';
import { RawAnswer } from '#shared/mlflow/handler.ts';
import { durationOnWire, timestampOnWire } from '#shared/mlflow/wire.ts';
import type { Trace, TraceState } from '../domain/trace.ts';
import type { WholeTrace } from '../use-cases/trace-spans.ts';
import { assessmentMessageOf, assessmentOfMessage } from './assessment-messages.ts';
import type { TraceInfoMessage } from './routes/traces.ts';

/** The trace that a client tells of. */
export function traceOfMessage(message: TraceInfoMessage, nowMs: number): Trace {
  const {
    client_request_id: clientRequestId,
    execution_duration: executionDurationMs,
    request_preview: requestPreview,
    response_preview: responsePreview,
  } = message;
  return {
    traceId: message.trace_id,
    experimentId: message.trace_location.mlflow_experiment.experiment_id,
    ...(clientRequestId === undefined ? {} : { clientRequestId }),
    requestTimeMs: message.request_time,
    ...(executionDurationMs === undefined ? {} : { executionDurationMs }),
    state: message.state,
    ...(requestPreview === undefined ? {} : { requestPreview }),
    ...(responsePreview === undefined ? {} : { responsePreview }),
    metadata: message.trace_metadata,
    tags: message.tags,
    assessments: message.assessments.map((one) => assessmentOfMessage(message.trace_id, one, nowMs)),
    runIds: [],
    prompts: [],
  };
}

/** A trace as clients read it (TraceInfoV3). */
export function traceInfoOf(trace: Trace): object {
  const { clientRequestId, executionDurationMs, requestPreview, responsePreview } = trace;
  return {
    trace_id: trace.traceId,
    ...(clientRequestId === undefined ? {} : { client_request_id: clientRequestId }),
    trace_location: {
      type: 'MLFLOW_EXPERIMENT',
      mlflow_experiment: { experiment_id: trace.experimentId },
    },
    request_time: timestampOnWire(trace.requestTimeMs),
    ...(executionDurationMs === undefined ? {} : { execution_duration: durationOnWire(executionDurationMs) }),
    state: trace.state,
    trace_metadata: trace.metadata,
    tags: trace.tags,
    assessments: trace.assessments.map((one) => assessmentMessageOf(trace.traceId, one)),
    ...(requestPreview === undefined ? {} : { request_preview: requestPreview }),
    ...(responsePreview === undefined ? {} : { response_preview: responsePreview }),
  };
}

export const wholeTraceOf = ({ trace, spans }: WholeTrace): object => ({
  trace_info: traceInfoOf(trace),
  spans,
});

type TraceStatus = Exclude<TraceState, 'STATE_UNSPECIFIED'> | 'TRACE_STATUS_UNSPECIFIED';
export const stateOfStatus = (status: TraceStatus): TraceState =>
  status === 'TRACE_STATUS_UNSPECIFIED' ? 'STATE_UNSPECIFIED' : status;
const statusOf = (state: TraceState): TraceStatus =>
  state === 'STATE_UNSPECIFIED' ? 'TRACE_STATUS_UNSPECIFIED' : state;

const keyTexts = (texts: Readonly<Record<string, string>>): object[] =>
  Object.entries(texts).map(([key, value]) => ({ key, value }));

/** A trace as clients before MLflow 3 read it (TraceInfo). */
export const traceInfoV2Of = (trace: Trace): object => ({
  request_id: trace.traceId,
  experiment_id: trace.experimentId,
  timestamp_ms: trace.requestTimeMs,
  execution_time_ms: trace.executionDurationMs ?? 0,
  status: statusOf(trace.state),
  request_metadata: keyTexts(trace.metadata),
  tags: keyTexts(trace.tags),
});

/** Smaller answers are not worth packing. */
const minPackedBytes = 100_000;
/** An answer of Lambda has at most 6 MB with its envelope, and bytes travel in base64. */
const maxTextBytes = 5_500_000;
const maxPackedBytes = 4_300_000;

/**
 * Spans may be big: they are packed for clients that take it, which all of MLflow's do. Throws AnswerTooLarge for what does not fit
 * even so.
 */
export function packedAnswer(answer: object, acceptEncoding: string | undefined): object {
  const text = JSON.stringify(answer);
  const bytes = Buffer.byteLength(text);
  if (bytes < minPackedBytes) return answer;
  if (acceptEncoding?.includes('gzip')) {
    const packed = gzipSync(text);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    if (packed.byteLength <= maxPackedBytes) return new RawAnswer(200, headers, packed);
  } else if (bytes <= maxTextBytes) return answer;
  throw new AppError(
    'invalid_input',
    'AnswerTooLarge',
    `These traces have ${bytes} bytes with their spans, more than one answer holds. Ask for fewer at once, or without spans (include_spans=False).`,
  );
}
