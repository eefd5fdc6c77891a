import type { RuntimeContext } from '../emulated-service.ts';
import { writeAccessLog } from './access-log.ts';
import type { ApiRegistry } from './api-registry.ts';
import { type GatewayAnswer, type GatewayRequest, jsonAnswer } from './gateway-message.ts';
import { HttpApiRuntime } from './http-api-runtime.ts';
import type { Stage } from './model.ts';
import type { RestApiRuntime } from './rest-api-runtime.ts';
import { compareSpecificity } from './route-table.ts';

type AnyRuntime = HttpApiRuntime | RestApiRuntime;

/**
 * Chooses the API that answers a request of the platform port. `/_aws/execute-api/<apiId>/<stage>/…` names it; otherwise it is the API with
 * the most specific route for method and path, an HTTP API before a REST API with an equal one.
 */
export class Dispatcher {
  readonly #context: RuntimeContext;
  readonly #registry: ApiRegistry;

  constructor(context: RuntimeContext, registry: ApiRegistry) {
    this.#context = context;
    this.#registry = registry;
  }

  /** Never rejects. */
  async answer(incoming: GatewayRequest): Promise<GatewayAnswer> {
    const startedAtMs = performance.now();
    const chosen = this.#choose(incoming);
    if (chosen === undefined) return jsonAnswer(404, { message: 'Not Found' });
    const { runtime, stage, request } = chosen;
    const answer = await runtime.answer(request, stage).catch((error: unknown) => {
      this.#context.log('apigateway', 'request could not be answered', {
        path: request.path,
        error: String(error),
      });
      return jsonAnswer(500, { message: 'Internal Server Error' });
    });
    const latencyMs = Math.round(performance.now() - startedAtMs);
    writeAccessLog(this.#context, stage, request, answer, latencyMs);
    this.#measure(runtime, stage, answer, latencyMs);
    return answer;
  }

  #choose(
    request: GatewayRequest,
  ): { runtime: AnyRuntime; stage: Stage; request: GatewayRequest } | undefined {
    const { http, rest } = this.#registry.runtimes();
    const named = /^\/_aws\/execute-api\/([^/]+)\/([^/]+)(\/.*)?$/.exec(request.path);
    if (named !== null) {
      const [, apiId = '', stageName = '', path = '/'] = named;
      const runtime = [...http, ...rest].find(({ parts }) => parts.api.id === apiId);
      const stage = this.#registry.stages.get(`${apiId} ${decodeURIComponent(stageName)}`);
      return runtime && stage && { runtime, stage, request: { ...request, path } };
    }
    const runtime = mostSpecific(request, http, rest);
    const stage = runtime && this.#registry.stagesOf(runtime.parts.api.id)[0];
    return runtime && stage && { runtime, stage, request };
  }

  #measure(runtime: AnyRuntime, stage: Stage, answer: GatewayAnswer, latencyMs: number): void {
    const { id, name } = runtime.parts.api;
    const isHttp = runtime instanceof HttpApiRuntime;
    const [clientError, serverError] = isHttp ? ['4xx', '5xx'] : ['4XXError', '5XXError'];
    const own: Record<string, string> = isHttp ? { ApiId: id } : { ApiName: name };
    const metrics: [name: string, value: number, unit: string][] = [
      ['Count', 1, 'Count'],
      [clientError, answer.status >= 400 && answer.status < 500 ? 1 : 0, 'Count'],
      [serverError, answer.status >= 500 ? 1 : 0, 'Count'],
      ['Latency', latencyMs, 'Milliseconds'],
      ['IntegrationLatency', answer.trace?.integrationLatencyMs ?? 0, 'Milliseconds'],
    ];
    const points = [own, { ...own, Stage: stage.name }].flatMap((dimensions) =>
      metrics.map(([metric, value, unit]) => ({ name: metric, value, unit, dimensions })),
    );
    this.#context.cloudwatch.putMetricData('AWS/ApiGateway', points);
  }
}

function mostSpecific(
  request: GatewayRequest,
  http: readonly HttpApiRuntime[],
  rest: readonly RestApiRuntime[],
): AnyRuntime | undefined {
  let best: { runtime: AnyRuntime; pattern: string } | undefined;
  for (const runtime of http) {
    const found = runtime.find(request.method, request.path);
    if (found === undefined) continue;
    // `$default` matches anything: less specific than any pattern.
    const pattern = found.pattern ?? '';
    if (best === undefined || compareSpecificity(pattern, best.pattern) > 0) best = { runtime, pattern };
  }
  for (const runtime of rest) {
    const pattern = runtime.findPattern(request.method, request.path);
    if (pattern === undefined) continue;
    if (best === undefined || compareSpecificity(pattern, best.pattern) > 0) best = { runtime, pattern };
  }
  if (best !== undefined) return best.runtime;
  return http.find((runtime) => runtime.answersPreflight(request)) ?? http[0] ?? rest[0];
}
