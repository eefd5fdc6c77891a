import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2WithLambdaAuthorizer, Context } from 'aws-lambda';
import type * as z from 'zod';
import { parseOrThrow } from '#shared/contracts/call.ts';
import { type Caller, callerSchema, requireRole } from '#shared/contracts/caller.ts';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { problemOf } from './problem.ts';
import { assertBodySize, parseJsonBody } from './request-body.ts';

type PlatformEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<{ identity?: string }>;
type HttpEvent = PlatformEvent | APIGatewayProxyEvent;

/** What API Gateway is answered. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A parsed and authorized request of one endpoint. */
export interface EndpointRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly requestId: string;
}

/** An endpoint with the use case behind it. */
export interface Route {
  readonly endpoint: EndpointDefinition;
  readonly respond: (request: EndpointRequest<unknown, unknown, unknown>) => Promise<unknown>;
}

/** Binds an endpoint to its use case, keeping the types of both. */
export function route<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
>(
  endpoint: EndpointDefinition<Params, Query, Body, Response>,
  respond: (
    request: EndpointRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<z.input<Response>>,
): Route {
  return { endpoint, respond: respond as Route['respond'] };
}

/**
 * The one HTTP function of a service: finds the endpoint by API Gateway’s route, checks the role, parses parameters, query and
 * body by the contract, and renders the answer or the problem. Answers HTTP APIs (payload 2.0) and REST APIs (1.0) alike.
 */
export function httpHandler(routes: readonly Route[]) {
  const byKey = new Map(routes.map((entry) => [`${entry.endpoint.method} ${entry.endpoint.path}`, entry]));
  const answer = async (event: HttpEvent, context: Context): Promise<HttpResult> => {
    const request = readRequest(event);
    logger.appendKeys({
      requestId: context.awsRequestId,
      route: request.routeKey,
      correlationId: context.awsRequestId,
    });
    const found = byKey.get(request.routeKey);
    if (!found)
      throw new AppError(
        'not_found',
        'RouteNotFound',
        `There is no ${request.routeKey}. The API reference lists what there is.`,
      );
    const { endpoint } = found;
    const caller = callerOf(request.identity);
    const params = parseOrThrow(endpoint.params, request.params, 'InvalidPath', 'The path');
    if (endpoint.role !== 'authenticated' && endpoint.scope !== 'resource')
      requireRole(caller, endpoint.role, endpoint.scope === 'project' ? request.params['project']! : '*');
    assertBodySize(request.body, endpoint.maxBodyBytes);
    const query = parseOrThrow(endpoint.query, request.query, 'InvalidQuery', 'The query string');
    const body = endpoint.rawBody
      ? request.body
      : parseOrThrow(endpoint.body, parseJsonBody(request.body), 'InvalidBody', 'The request body');
    const response = await found.respond({ params, query, body, caller, requestId: context.awsRequestId });
    return jsonResult(endpoint.successStatus, response);
  };
  return middy<HttpEvent, HttpResult>()
    .use({
      onError: (request) => {
        const problem = problemOf(request.error, request.context.awsRequestId);
        if (problem.status >= 500) logger.error('The request failed.', request.error as Error);
        else logger.info('The request was refused.', { code: problem.code, detail: problem.detail });
        request.response = {
          ...jsonResult(problem.status, problem),
          headers: { ...answerHeaders, 'content-type': 'application/problem+json' },
        };
      },
    })
    .handler(answer);
}

interface ReadRequest {
  readonly routeKey: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly identity: string | undefined;
}

function readRequest(event: HttpEvent): ReadRequest {
  const text =
    event.body && event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body;
  const common = {
    params: definedValues(event.pathParameters),
    query: definedValues(event.queryStringParameters),
    body: text ?? undefined,
  };
  if ('routeKey' in event)
    return {
      ...common,
      routeKey: event.routeKey,
      identity: event.requestContext.authorizer?.lambda?.identity,
    };
  return {
    ...common,
    routeKey: `${event.httpMethod} ${event.resource}`,
    identity: event.requestContext.authorizer?.['identity'] as string | undefined,
  };
}

function definedValues(
  values: Readonly<Record<string, string | undefined>> | null | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function callerOf(identity: string | undefined): Caller {
  if (!identity) {
    throw new AppError(
      'unauthenticated',
      'IdentityMissing',
      'The request carries no identity. Send a token: Authorization: Bearer <token>.',
    );
  }
  return callerSchema.parse(JSON.parse(identity));
}

/** An answer is for who asked, tokens included: nobody on the way keeps it, and no browser takes it for a page. */
const answerHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

function jsonResult(statusCode: number, value: unknown): HttpResult {
  return {
    statusCode,
    headers: { ...answerHeaders, 'content-type': 'application/json' },
    body: JSON.stringify(value ?? {}),
  };
}
