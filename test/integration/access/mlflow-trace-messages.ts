import { experiment, experiments, type MlflowQuestions } from './mlflow-question.ts';
import {
  exportedSpan,
  exportHeaders,
  type MlflowThings,
  newTrace,
  traceInfoMessage,
} from './mlflow-things.ts';

const trace = ({ traceId }: MlflowThings) => ({ trace_id: traceId });
const request = ({ traceId }: MlflowThings) => ({ request_id: traceId });
const traceIdOf = ({ traceId }: MlflowThings): string => traceId;
const batch = (of: MlflowThings) => ({ trace_ids: [of.traceId], ...experiments(of) });

const traces: MlflowQuestions = {
  otlpExportTraces: {
    message: () => ({}),
    bytes: exportedSpan('f'.repeat(32)),
    headers: exportHeaders,
  },
  'MlflowService.startTraceV3': {
    message: (of, unique) => ({ trace: { trace_info: traceInfoMessage(of.experimentId, `tr-${unique}`) } }),
  },
  'MlflowService.getTraceInfoV3': { message: trace },
  'MlflowService.getTrace': { message: (of) => ({ ...trace(of), allow_partial: 'true' }) },
  getTraceArtifact: { message: request },
  'MlflowService.batchGetTraces': { message: batch, shows: traceIdOf },
  'MlflowService.batchGetTraceInfos': { message: batch, shows: traceIdOf },
  'MlflowService.searchTracesV3': {
    message: (of) => ({ locations: [{ mlflow_experiment: experiment(of) }] }),
    shows: traceIdOf,
  },
  'MlflowService.deleteTraces': {
    message: (of) => ({ ...experiment(of), request_ids: [of.traceId] }),
    anew: newTrace,
  },
  'MlflowService.setTraceTag': { message: (of) => ({ ...trace(of), key: 'k', value: 'v' }) },
  'MlflowService.deleteTraceTag': {
    message: (of) => ({ ...trace(of), key: 'colour' }),
    anew: newTrace,
  },
  'MlflowService.linkTracesToRun': { message: (of) => ({ trace_ids: [of.traceId], run_id: of.runId }) },
  'MlflowService.linkPromptsToTrace': {
    message: (of) => ({ ...trace(of), prompt_versions: [{ name: 'p', version: '1' }] }),
  },
  'MlflowService.startTrace': { message: (of) => ({ ...experiment(of), timestamp_ms: 1 }) },
  'MlflowService.endTrace': { message: (of) => ({ ...request(of), timestamp_ms: 2, status: 'OK' }) },
  'MlflowService.getTraceInfo': { message: request },
  'MlflowService.searchTraces': {
    message: ({ experimentId }) => ({ experiment_ids: experimentId }),
    shows: traceIdOf,
  },
};

const assessment = (of: MlflowThings) => ({ ...trace(of), assessment_id: of.assessmentId });
const assessments: MlflowQuestions = {
  'MlflowService.createAssessment': {
    message: (of, unique) => ({
      ...trace(of),
      assessment: { assessment_name: unique, source: { source_type: 'HUMAN' }, feedback: { value: 1 } },
    }),
  },
  'MlflowService.GetAssessment': { message: assessment },
  'MlflowService.updateAssessment': {
    message: (of) => ({ ...assessment(of), assessment: { rationale: 'r' }, update_mask: 'rationale' }),
  },
  'MlflowService.deleteAssessment': { message: assessment, anew: newTrace },
};

const metrics: MlflowQuestions = {
  'MlflowService.queryTraceMetrics': {
    message: (of) => ({
      ...experiments(of),
      view_type: 'TRACES',
      metric_name: 'trace_count',
      aggregations: [{ aggregation_type: 'COUNT' }],
      dimensions: ['trace_status'],
    }),
    shows: () => '"trace_status"',
  },
  'MlflowService.calculateTraceFilterCorrelation': {
    message: (of) => ({
      ...experiments(of),
      filter_string1: 'trace.timestamp > 0',
      filter_string2: "trace.status = 'OK'",
    }),
    shows: () => '"npmi"',
  },
};

/** Of traces, what is said of them, and what is counted of them. */
export const traceQuestions: MlflowQuestions = { ...traces, ...assessments, ...metrics };
