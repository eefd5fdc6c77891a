import { missingParameter } from '#shared/mlflow/errors.ts';
import { type BoundMlflowRoute, bindMlflow, RawAnswer } from '#shared/mlflow/handler.ts';
import { assertMutableTag, tagged, untagged } from '../domain/trace-tags.ts';
import { deleteTraces } from '../use-cases/delete-traces.ts';
import { searchTraces } from '../use-cases/search-traces.ts';
import {
  readTraces,
  readWholeTrace,
  readWholeTraces,
  type WholeTraceDeps,
} from '../use-cases/trace-spans.ts';
import {
  changeTrace,
  keepSpans,
  linkPrompts,
  linkTracesToRun,
  readTrace,
  tellTrace,
} from '../use-cases/traces.ts';
import { decodeTraces } from './otlp.ts';
import * as routes from './routes/traces.ts';
import { traceDataOf } from './trace-data.ts';
import { packedAnswer, traceInfoOf, traceOfMessage, wholeTraceOf } from './trace-messages.ts';

const experimentHeader = 'x-mlflow-experiment-id';
const runHeader = 'x-mlflow-run-id';
const json = 'application/json';

/** Traces as MLflow 3 writes and reads them, and spans of any exporter of OpenTelemetry. */
export function traceRoutes(deps: WholeTraceDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.exportTraces, async ({ caller, headers, rawBody }) => {
      const contentType = headers['content-type'];
      const experimentId = headers[experimentHeader];
      if (!experimentId) throw missingParameter(experimentHeader);
      const batches = decodeTraces({
        contentType,
        contentEncoding: headers['content-encoding'],
        body: rawBody,
      });
      await keepSpans(deps, caller, { experimentId, runId: headers[runHeader] || undefined }, batches);
      // An ExportTraceServiceResponse that says that nothing was refused is empty.
      return contentType?.startsWith(json)
        ? {}
        : new RawAnswer(200, { 'content-type': 'application/x-protobuf' }, Buffer.alloc(0));
    }),
    bindMlflow(routes.startTraceV3, async ({ caller, message }) => {
      const told = traceOfMessage(message.trace.trace_info, deps.clock.now().getTime());
      return { trace: { trace_info: traceInfoOf(await tellTrace(deps, caller, told)) } };
    }),
    ...readingRoutes(deps),
    ...changingRoutes(deps),
  ];
}

function readingRoutes(deps: WholeTraceDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.getTraceInfoV3, async ({ caller, message }) => ({
      trace: { trace_info: traceInfoOf(await readTrace(deps, caller, message.trace_id)) },
    })),
    bindMlflow(routes.getTrace, async ({ caller, message, headers }) => {
      const whole = await readWholeTrace(deps, caller, message.trace_id, message.allow_partial);
      return packedAnswer({ trace: wholeTraceOf(whole) }, headers['accept-encoding']);
    }),
    bindMlflow(routes.getTraceArtifact, async ({ caller, message, headers }) => {
      const { spans } = await readWholeTrace(deps, caller, message.request_id, true);
      return packedAnswer(traceDataOf(spans), headers['accept-encoding']);
    }),
    bindMlflow(routes.batchGetTraces, async ({ caller, message, headers }) => {
      const whole = await readWholeTraces(deps, caller, message.trace_ids, message.experiment_ids);
      return packedAnswer({ traces: whole.map(wholeTraceOf) }, headers['accept-encoding']);
    }),
    bindMlflow(routes.batchGetTraceInfos, async ({ caller, message, headers }) => {
      const traces = await readTraces(deps, caller, message.trace_ids, message.experiment_ids);
      return packedAnswer({ trace_infos: traces.map(traceInfoOf) }, headers['accept-encoding']);
    }),
    bindMlflow(routes.searchTracesV3, async ({ caller, message, headers }) => {
      const { locations, filter } = message;
      const experimentIds = locations.flatMap(({ mlflow_experiment: one }) => one?.experiment_id ?? []);
      const { items, nextPageToken } = await searchTraces(deps, caller, {
        experimentIds,
        filter,
        orderBy: message.order_by,
        maxResults: message.max_results,
        pageToken: message.page_token || undefined,
      });
      const answer = { traces: items.map(traceInfoOf), next_page_token: nextPageToken };
      return packedAnswer(answer, headers['accept-encoding']);
    }),
  ];
}

function changingRoutes(deps: WholeTraceDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.deleteTraces, async ({ caller, message }) => ({
      traces_deleted: await deleteTraces(deps, caller, {
        experimentId: message.experiment_id,
        maxTimestampMs: message.max_timestamp_millis,
        maxTraces: message.max_traces,
        traceIds: message.request_ids,
      }),
    })),
    bindMlflow(routes.setTraceTag, async ({ caller, message: { trace_id: traceId, key, value } }) => {
      assertMutableTag(key, 'set');
      await changeTrace(deps, caller, traceId, (trace) => tagged(trace, key, value));
      return {};
    }),
    bindMlflow(routes.deleteTraceTag, async ({ caller, message: { trace_id: traceId, key } }) => {
      assertMutableTag(key, 'deleted');
      await changeTrace(deps, caller, traceId, (trace) => untagged(trace, key));
      return {};
    }),
    bindMlflow(routes.linkTracesToRun, async ({ caller, message }) => {
      await linkTracesToRun(deps, caller, message.trace_ids, message.run_id);
      return {};
    }),
    bindMlflow(routes.linkPromptsToTrace, async ({ caller, message }) => {
      const prompts = message.prompt_versions.map(({ name, version }) => `${name}/${version}`);
      await linkPrompts(deps, caller, message.trace_id, prompts);
      return {};
    }),
  ];
}
