import { sha256Hex } from '#shared/kernel/hash.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { traceEndedOf, traceStartedOf } from '../domain/trace-changes.ts';
import { searchTraces } from '../use-cases/search-traces.ts';
import { changeTrace, readTrace, startTrace, type TraceDeps } from '../use-cases/traces.ts';
import * as routes from './routes/traces.ts';
import { stateOfStatus, traceInfoV2Of } from './trace-messages.ts';

const idDigits = 32;

/** Traces as clients before MLflow 3 write and read them: begun and ended by two calls, with spans in a file. */
export function traceRoutesV2(deps: TraceDeps & { readonly ids: IdGenerator }): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.startTrace, async ({ caller, message }) => {
      const started = traceStartedOf({
        traceId: sha256Hex(deps.ids.next()).slice(0, idDigits),
        experimentId: message.experiment_id,
        requestTimeMs: message.timestamp_ms,
        metadata: textsOf(message.request_metadata),
        tags: textsOf(message.tags),
      });
      return { trace_info: traceInfoV2Of(await startTrace(deps, caller, started)) };
    }),
    bindMlflow(routes.endTrace, async ({ caller, message }) => {
      const end = {
        endTimeMs: message.timestamp_ms,
        state: stateOfStatus(message.status),
        metadata: textsOf(message.request_metadata),
        tags: textsOf(message.tags),
      };
      const trace = await changeTrace(deps, caller, message.request_id, (before) =>
        traceEndedOf(before, end),
      );
      return { trace_info: traceInfoV2Of(trace) };
    }),
    bindMlflow(routes.getTraceInfo, async ({ caller, message }) => ({
      trace_info: traceInfoV2Of(await readTrace(deps, caller, message.request_id)),
    })),
    bindMlflow(routes.searchTraces, async ({ caller, message }) => {
      const { items, nextPageToken } = await searchTraces(deps, caller, {
        experimentIds: message.experiment_ids,
        filter: message.filter,
        orderBy: message.order_by,
        maxResults: message.max_results,
        pageToken: message.page_token || undefined,
      });
      return { traces: items.map(traceInfoV2Of), next_page_token: nextPageToken };
    }),
  ];
}

const textsOf = (pairs: readonly { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
