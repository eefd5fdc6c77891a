import * as z from 'zod';
import { defineMlflowRoute, type MlflowApiVersion, maxBinaryBodyBytes } from '#shared/mlflow/route.ts';
import { bool, durationMs, int64, repeated, timestampMs } from '#shared/mlflow/wire.ts';
import { lastMs } from '../../domain/trace.ts';
import { assessmentMessage } from './assessments.ts';

const tooLate = `It must be at most ${lastMs} milliseconds since 1970`;
const texts = z.record(z.string(), z.string()).default({});
const v2: readonly MlflowApiVersion[] = ['2.0'];
const v3: readonly MlflowApiVersion[] = ['3.0'];
const both: readonly MlflowApiVersion[] = ['2.0', '3.0'];

const location = z.object({
  mlflow_experiment: z.object({ experiment_id: z.string() }).optional(),
});

const traceInfo = z.object({
  trace_id: z.string().regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'It must have 1 to 100 letters, digits, _ and -'),
  client_request_id: z.string().optional(),
  trace_location: location.required(),
  request_preview: z.string().optional(),
  response_preview: z.string().optional(),
  request_time: timestampMs,
  execution_duration: durationMs.optional(),
  state: z.enum(['STATE_UNSPECIFIED', 'OK', 'ERROR', 'IN_PROGRESS']).default('STATE_UNSPECIFIED'),
  trace_metadata: texts,
  tags: texts,
  assessments: repeated(assessmentMessage),
});
export type TraceInfoMessage = z.output<typeof traceInfo>;

/** OTLP's own address: any exporter of OpenTelemetry can be pointed at the platform. */
export const exportTraces = defineMlflowRoute({
  service: 'tracking',
  name: 'otlpExportTraces',
  method: 'POST',
  path: '/v1/traces',
  versions: [],
  role: 'scientist',
  message: z.object({}),
  rawBody: true,
  maxBodyBytes: maxBinaryBodyBytes,
});

export const startTraceV3 = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.startTraceV3',
  method: 'POST',
  path: '/mlflow/traces',
  versions: v3,
  role: 'scientist',
  message: z.object({ trace: z.object({ trace_info: traceInfo }) }),
});

export const getTraceInfoV3 = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.getTraceInfoV3',
  method: 'GET',
  path: '/mlflow/traces/{trace_id}',
  versions: v3,
  role: 'viewer',
  message: z.object({ trace_id: z.string() }),
});

export const getTrace = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.getTrace',
  method: 'GET',
  path: '/mlflow/traces/get',
  versions: v3,
  role: 'viewer',
  message: z.object({ trace_id: z.string(), allow_partial: bool.default(false) }),
});

/** Spans as MLflow's web page reads them; no operation of the protocol buffers. */
export const getTraceArtifact = defineMlflowRoute({
  service: 'tracking',
  name: 'getTraceArtifact',
  method: 'GET',
  path: '/mlflow/get-trace-artifact',
  versions: both,
  role: 'viewer',
  message: z.object({ request_id: z.string() }),
});

const maxBatch = 1000;
const batch = z.object({
  trace_ids: repeated(z.string()).pipe(z.array(z.string()).max(maxBatch)),
  experiment_ids: repeated(z.string()),
});

export const batchGetTraces = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.batchGetTraces',
  method: 'GET',
  path: '/mlflow/traces/batchGet',
  versions: v3,
  role: 'viewer',
  message: batch,
});

export const batchGetTraceInfos = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.batchGetTraceInfos',
  method: 'POST',
  path: '/mlflow/traces/batchGetInfos',
  versions: v3,
  role: 'viewer',
  message: batch,
});

const maxPage = 500;
const atLeastOne = 'It must be at least 1';
const atMost = `It must be at most ${maxPage}`;
const search = z.object({
  filter: z.string().optional(),
  max_results: int64.pipe(z.number().min(1, atLeastOne).max(maxPage, atMost)).default(100),
  order_by: repeated(z.string()),
  page_token: z.string().optional(),
});

export const searchTracesV3 = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.searchTracesV3',
  method: 'POST',
  path: '/mlflow/traces/search',
  versions: v3,
  role: 'viewer',
  message: search.extend({ locations: z.array(location) }),
});

export const deleteTraces = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.deleteTraces',
  method: 'POST',
  path: '/mlflow/traces/delete-traces',
  versions: both,
  role: 'scientist',
  message: z.object({
    experiment_id: z.string(),
    max_timestamp_millis: int64.optional(),
    max_traces: int64.optional(),
    request_ids: repeated(z.string()),
  }),
});

export const setTraceTag = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.setTraceTag',
  method: 'PATCH',
  path: '/mlflow/traces/{trace_id}/tags',
  versions: both,
  role: 'scientist',
  message: z.object({ trace_id: z.string(), key: z.string(), value: z.string().default('') }),
});

export const deleteTraceTag = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.deleteTraceTag',
  method: 'DELETE',
  path: '/mlflow/traces/{trace_id}/tags',
  versions: both,
  role: 'scientist',
  message: z.object({ trace_id: z.string(), key: z.string() }),
});

export const linkTracesToRun = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.linkTracesToRun',
  method: 'POST',
  path: '/mlflow/traces/link-to-run',
  versions: v2,
  role: 'scientist',
  message: z.object({ trace_ids: z.array(z.string()), run_id: z.string() }),
});

export const linkPromptsToTrace = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.linkPromptsToTrace',
  method: 'POST',
  path: '/mlflow/traces/link-prompts',
  versions: v2,
  role: 'scientist',
  message: z.object({
    trace_id: z.string(),
    prompt_versions: z.array(z.object({ name: z.string(), version: z.string() })),
  }),
});

const timeMs = int64.pipe(z.number().min(0, 'It must be milliseconds since 1970').max(lastMs, tooLate));
const keyTexts = repeated(z.object({ key: z.string(), value: z.string().default('') }));

export const startTrace = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.startTrace',
  method: 'POST',
  path: '/mlflow/traces',
  versions: v2,
  role: 'scientist',
  message: z.object({
    experiment_id: z.string(),
    timestamp_ms: timeMs,
    request_metadata: keyTexts,
    tags: keyTexts,
  }),
});

export const endTrace = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.endTrace',
  method: 'PATCH',
  path: '/mlflow/traces/{request_id}',
  versions: v2,
  role: 'scientist',
  message: z.object({
    request_id: z.string(),
    timestamp_ms: timeMs,
    status: z
      .enum(['TRACE_STATUS_UNSPECIFIED', 'OK', 'ERROR', 'IN_PROGRESS'])
      .default('TRACE_STATUS_UNSPECIFIED'),
    request_metadata: keyTexts,
    tags: keyTexts,
  }),
});

export const getTraceInfo = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.getTraceInfo',
  method: 'GET',
  path: '/mlflow/traces/{request_id}/info',
  versions: v2,
  role: 'viewer',
  message: z.object({ request_id: z.string() }),
});

export const searchTraces = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.searchTraces',
  method: 'GET',
  path: '/mlflow/traces',
  versions: v2,
  role: 'viewer',
  message: search.extend({ experiment_ids: repeated(z.string()) }),
});

export const traceRoutes = [
  exportTraces,
  startTraceV3,
  getTraceInfoV3,
  getTrace,
  getTraceArtifact,
  batchGetTraces,
  batchGetTraceInfos,
  searchTracesV3,
  deleteTraces,
  setTraceTag,
  deleteTraceTag,
  linkTracesToRun,
  linkPromptsToTrace,
  startTrace,
  endTrace,
  getTraceInfo,
  searchTraces,
];
