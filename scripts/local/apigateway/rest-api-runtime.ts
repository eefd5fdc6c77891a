import type { RuntimeContext } from '../emulated-service.ts';
import { callFunction } from './function-call.ts';
import { type ResponseOverrides, type RestErrorType, restError } from './gateway-errors.ts';
import { type AnswerTrace, type GatewayAnswer, type GatewayRequest, headerOf } from './gateway-message.ts';
import type { RequestValidator, RestApi, RestAuthorizer, RestMethod, RestResource, Stage } from './model.ts';
import { type BodySchema, findViolation } from './request-validation.ts';
import { type AuthorizerResult, authorizeRest } from './rest-authorizer.ts';
import { type RestMatch, readRestAnswer, restIntegrationEvent } from './rest-event.ts';
import { ResultCache } from './result-cache.ts';
import { type PathMatch, RouteTable } from './route-table.ts';
import type { TokenBuckets } from './token-buckets.ts';
import type { UsagePlans } from './usage-plans.ts';

/** The parts of one REST API, as the templates declare them. */
export interface RestApiParts {
  readonly api: RestApi;
  readonly resources: readonly RestResource[];
  readonly methods: readonly RestMethod[];
  readonly authorizers: ReadonlyMap<string, RestAuthorizer>;
  readonly validators: ReadonlyMap<string, RequestValidator>;
  readonly models: ReadonlyMap<string, BodySchema>;
  readonly overrides: ResponseOverrides;
}

interface RoutedResource {
  readonly id: string;
  readonly methods: ReadonlyMap<string, RestMethod>;
}

/** One REST API that answers requests. */
export class RestApiRuntime {
  readonly parts: RestApiParts;
  readonly #context: RuntimeContext;
  readonly #buckets: TokenBuckets;
  readonly #plans: UsagePlans;
  readonly #table = new RouteTable<RoutedResource>({ ignoreTrailingSlash: true });
  readonly #authorizerResults: ResultCache<AuthorizerResult>;

  constructor(context: RuntimeContext, parts: RestApiParts, buckets: TokenBuckets, plans: UsagePlans) {
    this.#context = context;
    this.parts = parts;
    this.#buckets = buckets;
    this.#plans = plans;
    this.#authorizerResults = new ResultCache(context.now);
    for (const { id, path } of resourcePaths(parts)) {
      const methods = parts.methods.filter(({ resourceId }) => resourceId === id);
      if (methods.length === 0) continue;
      const byName = new Map(methods.map((method) => [method.httpMethod, method]));
      this.#table.add('GET', path, { id, methods: byName });
    }
  }

  /** The pattern of the resource that answers this path and method; undefined when none does. */
  findPattern(method: string, path: string): string | undefined {
    const found = this.#table.find('GET', path);
    return found !== undefined && methodOf(found.route, method) !== undefined ? found.pattern : undefined;
  }

  async answer(request: GatewayRequest, stage: Stage): Promise<GatewayAnswer> {
    const found = this.#table.find('GET', request.path);
    const method = found === undefined ? undefined : methodOf(found.route, request.method);
    if (found === undefined || method === undefined)
      return this.#error('MISSING_AUTHENTICATION_TOKEN', request);
    const answer = await this.#answerMethod(request, stage, found, method);
    return {
      ...answer,
      headers: [
        ...answer.headers,
        ['x-amzn-requestid', request.requestId],
        ['x-amz-apigw-id', request.requestId],
      ],
      trace: { ...answer.trace, resourcePath: found.pattern },
    };
  }

  async #answerMethod(
    request: GatewayRequest,
    stage: Stage,
    found: PathMatch<RoutedResource>,
    method: RestMethod,
  ): Promise<GatewayAnswer> {
    const match: RestMatch = {
      apiId: this.parts.api.id,
      stage,
      resourceId: found.route.id,
      resourcePath: found.pattern,
      parameters: found.parameters,
      isBinary: this.#isBinary(headerOf(request, 'content-type')),
    };
    const authorized = await this.#authorize(request, match, method);
    if ('status' in authorized) return authorized;
    const admitted = this.#admit(request, authorized.match, method, authorized.usageIdentifierKey);
    if ('status' in admitted) return admitted;
    const violation = this.#violation(request, method);
    if (violation !== undefined) return this.#error(violation.type, request, violation.message);
    return this.#integrate(request, admitted, method);
  }

  async #authorize(
    request: GatewayRequest,
    match: RestMatch,
    method: RestMethod,
  ): Promise<GatewayAnswer | { match: RestMatch; usageIdentifierKey?: string }> {
    if (method.authorizerId === undefined) return { match };
    const authorizer = this.parts.authorizers.get(method.authorizerId);
    if (authorizer === undefined) throw new Error(`authorizer ${method.authorizerId} is not declared`);
    const result = await authorizeRest(this.#context, this.#authorizerResults, authorizer, request, match);
    switch (result.kind) {
      case 'allowed':
        return {
          match: { ...match, authorizer: result.authorizer },
          ...(result.usageIdentifierKey !== undefined && { usageIdentifierKey: result.usageIdentifierKey }),
        };
      case 'unauthorized':
        return this.#error('UNAUTHORIZED', request);
      case 'denied': {
        const suffix = result.isExplicit ? ' with an explicit deny' : '';
        return this.#error(
          'ACCESS_DENIED',
          request,
          `User is not authorized to access this resource${suffix}`,
        );
      }
      case 'broken':
        return this.#error('AUTHORIZER_CONFIGURATION_ERROR', request, undefined, {
          authorizerError: result.reason,
        });
    }
  }

  /** Checks the API key with its usage plan, then the throttle of the stage. */
  #admit(
    request: GatewayRequest,
    match: RestMatch,
    method: RestMethod,
    usageIdentifierKey: string | undefined,
  ): GatewayAnswer | RestMatch {
    let admitted = match;
    const use = {
      apiId: match.apiId,
      stage: match.stage.name,
      resourcePath: match.resourcePath,
      httpMethod: request.method,
    };
    if (method.apiKeyRequired) {
      const isFromHeader = this.parts.api.apiKeySource === 'HEADER';
      const value = isFromHeader ? headerOf(request, 'x-api-key') : usageIdentifierKey;
      const decision = this.#plans.use(value, use);
      if (decision.kind === 'invalid') return this.#error('INVALID_API_KEY', request);
      if (decision.kind === 'throttled') return this.#error('THROTTLED', request);
      if (decision.kind === 'quota-exceeded') return this.#error('QUOTA_EXCEEDED', request);
      admitted = { ...match, apiKey: { id: decision.key.id, value: decision.key.value } };
    }
    const { throttles } = match.stage;
    const own = throttles[`${method.httpMethod} ${match.resourcePath}`];
    const throttle = own ?? throttles['* *'] ?? {};
    const bucket = own === undefined ? '* *' : `${method.httpMethod} ${match.resourcePath}`;
    const isAdmitted = this.#buckets.take(`stage ${match.apiId} ${match.stage.name} ${bucket}`, throttle);
    return isAdmitted ? admitted : this.#error('THROTTLED', request);
  }

  #violation(request: GatewayRequest, method: RestMethod): ReturnType<typeof findViolation> {
    const validator = this.parts.validators.get(method.validatorId ?? '');
    return validator && findViolation(method, validator, this.parts.models, request);
  }

  async #integrate(request: GatewayRequest, match: RestMatch, method: RestMethod): Promise<GatewayAnswer> {
    const { region, accountId } = this.#context;
    const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${match.apiId}/${match.stage.name}/${request.method}${match.resourcePath}`;
    const event = restIntegrationEvent(this.#context, request, match);
    const call = await callFunction(this.#context, method.target, event, sourceArn);
    const trace: AnswerTrace = {
      integrationLatencyMs: call.latencyMs,
      ...(match.apiKey !== undefined && { apiKeyId: match.apiKey.id }),
      ...(match.authorizer !== undefined && { principalId: String(match.authorizer['principalId']) }),
    };
    const failed = (type: RestErrorType, reason: string) =>
      this.#error(type, request, undefined, { ...trace, integrationError: reason });
    if (call.kind === 'timed-out') return failed('INTEGRATION_TIMEOUT', 'timeout');
    if (call.kind === 'failed') return failed('INTEGRATION_FAILURE', call.reason);
    if (call.kind === 'too-large') return failed('REQUEST_TOO_LARGE', call.reason);
    if (call.kind !== 'answered') return failed('API_CONFIGURATION_ERROR', call.reason);
    try {
      return { ...readRestAnswer(call.payload, this.#isBinary(headerOf(request, 'accept'))), trace };
    } catch (error) {
      this.#context.log('apigateway', 'malformed Lambda proxy response', { reason: String(error) });
      return failed('INTEGRATION_FAILURE', String(error));
    }
  }

  #isBinary(mediaType: string | undefined): boolean {
    const first = mediaType?.split(/[,;]/)[0]?.trim() ?? '';
    return this.parts.api.binaryMediaTypes.some((binary) => binary === '*/*' || binary === first);
  }

  #error(type: RestErrorType, request: GatewayRequest, message?: string, trace?: AnswerTrace): GatewayAnswer {
    return restError(type, request, this.parts.overrides, message, trace);
  }
}

function methodOf(resource: RoutedResource, method: string): RestMethod | undefined {
  return resource.methods.get(method) ?? resource.methods.get('ANY');
}

/** The full path of each resource, root included. */
function resourcePaths(parts: RestApiParts): readonly { id: string; path: string }[] {
  const byId = new Map(parts.resources.map((resource) => [resource.id, resource]));
  const pathOf = (resource: RestResource): string => {
    const parent = byId.get(resource.parentId);
    return `${parent === undefined ? '' : pathOf(parent)}/${resource.pathPart}`;
  };
  const below = parts.resources.map((resource) => ({ id: resource.id, path: pathOf(resource) }));
  return [{ id: parts.api.rootResourceId, path: '/' }, ...below];
}
