import type { RuntimeContext } from '../emulated-service.ts';
import { corsHeaders, preflightAnswer } from './cors.ts';
import { callFunction, type FunctionCall } from './function-call.ts';
import {
  type AnswerTrace,
  type GatewayAnswer,
  type GatewayRequest,
  jsonAnswer,
  requestTooLarge,
} from './gateway-message.ts';
import { authorizeHttp, type HttpAuthorization } from './http-authorizer.ts';
import {
  type AuthorizerContext,
  type HttpMatch,
  httpIntegrationEvent,
  readHttpAnswer,
} from './http-event.ts';
import { authorizeIam } from './http-iam.ts';
import type { HttpApi, HttpAuthorizer, HttpIntegration, HttpRoute, Stage, Throttle } from './model.ts';
import { restIntegrationEvent } from './rest-event.ts';
import { ResultCache } from './result-cache.ts';
import { RouteTable } from './route-table.ts';
import type { TokenBuckets } from './token-buckets.ts';

/** The parts of one HTTP API, as the templates declare them. */
export interface HttpApiParts {
  readonly api: HttpApi;
  readonly routes: readonly HttpRoute[];
  readonly integrations: ReadonlyMap<string, HttpIntegration>;
  readonly authorizers: ReadonlyMap<string, HttpAuthorizer>;
}

/** A route that a request matched. */
export interface FoundRoute {
  readonly route: HttpRoute;
  readonly parameters: Readonly<Record<string, string>>;
  /** Path pattern of the route; absent for `$default`. */
  readonly pattern?: string;
}

/** One HTTP API that answers requests. */
export class HttpApiRuntime {
  readonly parts: HttpApiParts;
  readonly #context: RuntimeContext;
  readonly #buckets: TokenBuckets;
  readonly #table = new RouteTable<HttpRoute>({ ignoreTrailingSlash: false });
  readonly #default: HttpRoute | undefined;
  readonly #authorizations: ResultCache<HttpAuthorization>;

  constructor(context: RuntimeContext, parts: HttpApiParts, buckets: TokenBuckets) {
    this.#context = context;
    this.parts = parts;
    this.#buckets = buckets;
    this.#authorizations = new ResultCache(context.now);
    this.#default = parts.routes.find(({ routeKey }) => routeKey === '$default');
    const keyed = parts.routes.filter(({ routeKey }) => routeKey !== '$default');
    // Routes for one method come first: ANY takes only the methods that they leave.
    const specificFirst = keyed.sort((a, b) => Number(isAny(a)) - Number(isAny(b)));
    for (const route of specificFirst) {
      const [method = '', pattern = ''] = route.routeKey.split(' ');
      this.#table.add(method, pattern, route);
    }
  }

  /** Also finds `$default`; undefined: the API does not answer this path and method. */
  find(method: string, path: string): FoundRoute | undefined {
    const match = this.#table.find(method, path);
    if (match !== undefined) return match;
    return this.#default === undefined ? undefined : { route: this.#default, parameters: {} };
  }

  /** Whether the API itself answers this preflight request. */
  answersPreflight(request: GatewayRequest): boolean {
    return preflightAnswer(this.parts.api.cors, request) !== undefined;
  }

  async answer(request: GatewayRequest, stage: Stage): Promise<GatewayAnswer> {
    const preflight = preflightAnswer(this.parts.api.cors, request);
    if (preflight !== undefined) return preflight;
    const found = this.find(request.method, request.path);
    const answer =
      found === undefined
        ? jsonAnswer(404, { message: 'Not Found' })
        : await this.#answerRoute(request, stage, found);
    const cors = corsHeaders(this.parts.api.cors, request);
    const corsNames = new Set(cors.map(([name]) => name));
    const kept = answer.headers.filter(([name]) => !corsNames.has(name.toLowerCase()));
    return {
      ...answer,
      headers: [...kept, ...cors, ['apigw-requestid', request.requestId]],
      trace: { ...answer.trace, ...(found !== undefined && { routeKey: found.route.routeKey }) },
    };
  }

  async #answerRoute(request: GatewayRequest, stage: Stage, found: FoundRoute): Promise<GatewayAnswer> {
    const { route, parameters } = found;
    const throttle = stage.throttles[route.routeKey] ?? stage.throttles['* *'];
    if (!this.#admit(stage, route, throttle)) return jsonAnswer(429, { message: 'Too Many Requests' });
    const match: HttpMatch = { api: this.parts.api, stage, routeKey: route.routeKey, parameters };
    const authorizer = route.authorizerId === undefined ? undefined : this.#authorizer(route.authorizerId);
    if (route.asksIam) {
      const iam = await authorizeIam(this.#context, request, match);
      if (iam === undefined) return jsonAnswer(403, { message: 'Forbidden' });
      return this.#integrate(request, match, route, { iam });
    }
    let authorizerContext: AuthorizerContext | undefined;
    if (authorizer !== undefined) {
      const result = await authorizeHttp(this.#context, this.#authorizations, authorizer, request, match);
      if (result.kind === 'unauthorized') return jsonAnswer(401, { message: 'Unauthorized' });
      if (result.kind === 'denied') return jsonAnswer(403, { message: 'Forbidden' });
      if (result.kind === 'broken') {
        const trace: AnswerTrace = { authorizerError: result.reason };
        return { ...jsonAnswer(500, { message: 'Internal Server Error' }), trace };
      }
      authorizerContext = { lambda: result.context };
    }
    return this.#integrate(request, match, route, authorizerContext);
  }

  #admit(stage: Stage, route: HttpRoute, throttle: Throttle | undefined): boolean {
    return (
      throttle === undefined ||
      this.#buckets.take(`route ${stage.apiId} ${stage.name} ${route.routeKey}`, throttle)
    );
  }

  #authorizer(id: string): HttpAuthorizer {
    const authorizer = this.parts.authorizers.get(id);
    if (authorizer === undefined)
      throw new Error(`authorizer ${id} of ${this.parts.api.name} is not declared`);
    return authorizer;
  }

  async #integrate(
    request: GatewayRequest,
    match: HttpMatch,
    route: HttpRoute,
    authorizer: AuthorizerContext | undefined,
  ): Promise<GatewayAnswer> {
    const integration = this.parts.integrations.get(route.integrationId);
    if (integration === undefined) throw new Error(`integration ${route.integrationId} is not declared`);
    if (authorizer && 'iam' in authorizer && integration.payloadFormatVersion === '1.0')
      throw new Error(`${route.routeKey}: AWS_IAM with payload format 1.0 is not imitated; use 2.0`);
    const { region, accountId } = this.#context;
    const path = route.routeKey === '$default' ? '$default' : route.routeKey.replace(' ', '');
    const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${match.api.id}/${match.stage.name}/${path}`;
    const event =
      integration.payloadFormatVersion === '2.0'
        ? httpIntegrationEvent(this.#context, request, match, authorizer)
        : restIntegrationEvent(this.#context, request, {
            apiId: match.api.id,
            stage: match.stage,
            resourceId: route.integrationId,
            resourcePath: route.routeKey.split(' ')[1] ?? '$default',
            parameters: match.parameters,
            isBinary: false,
            ...(authorizer && 'lambda' in authorizer && { authorizer: authorizer.lambda }),
          });
    return this.#toAnswer(await callFunction(this.#context, integration.target, event, sourceArn));
  }

  #toAnswer(call: FunctionCall): GatewayAnswer {
    const trace = { integrationLatencyMs: call.latencyMs };
    const unavailable = () => jsonAnswer(503, { message: 'Service Unavailable' });
    if (call.kind === 'timed-out')
      return { ...unavailable(), trace: { ...trace, integrationError: 'timeout' } };
    if (call.kind === 'too-large')
      return { ...requestTooLarge(), trace: { ...trace, integrationError: call.reason } };
    if (call.kind !== 'answered') {
      const answer =
        call.kind === 'throttled' ? unavailable() : jsonAnswer(500, { message: 'Internal Server Error' });
      return { ...answer, trace: { ...trace, integrationError: call.reason } };
    }
    try {
      return { ...readHttpAnswer(call.payload), trace };
    } catch (error) {
      this.#context.log('apigateway', 'function answered no HTTP response', { reason: String(error) });
      return {
        ...jsonAnswer(500, { message: 'Internal Server Error' }),
        trace: { ...trace, integrationError: String(error) },
      };
    }
  }
}

function isAny(route: HttpRoute): boolean {
  return route.routeKey.startsWith('ANY ');
}
